/* peak.c: how fast a core multiplies and adds when it does nothing else.
   A unit is COUNT times 10^9 operations, an addition and a multiplication
   being two, in the widest vectors that there are.
   Compiled with -ffp-contract=fast; the task is double or float. */
#include "unit.h"

#if defined __AVX512F__
enum { BYTES = 64 };
#elif defined __AVX__
enum { BYTES = 32 };
#else
enum { BYTES = 16 };
#endif
/* as many sums at once as hide the time that one addition takes */
enum { SUMS = 12 };
typedef double Doubles __attribute__((vector_size(BYTES)));
typedef float Floats __attribute__((vector_size(BYTES)));

static volatile double factor = 0.999, result;

#define PEAK(name, Number, Vector)                                      \
    static void name(void *context)                                     \
    {                                                                   \
        enum { LANES = BYTES / sizeof(Number) };                        \
        double operations = *(const double *)context * 1e9;             \
        long turns = (long)(operations / (2 * SUMS * LANES));           \
        Vector x = (Number)factor - (Vector){ 0 }, s[SUMS];             \
        for (int i = 0; i < SUMS; i++)                                  \
            s[i] = x * (Number)i;                                       \
        for (long k = 0; k < turns; k++)                                \
            for (int i = 0; i < SUMS; i++)                              \
                s[i] = s[i] * x + x;                                    \
        Vector total = s[0];                                            \
        for (int i = 1; i < SUMS; i++)                                  \
            total += s[i];                                              \
        Number sum = 0;                                                 \
        for (size_t l = 0; l < LANES; l++)                              \
            sum += total[l];                                            \
        result = (double)sum;                                           \
    }
PEAK(of_doubles, double, Doubles)
PEAK(of_floats, float, Floats)

int main(int argc, char **argv)
{
    double count = argc > 2 ? strtod(argv[2], NULL) : 1;
    serve(argc > 1 && !strcmp(argv[1], "float") ? of_floats : of_doubles,
          &count);
}
