/* float.h: the whole program in single precision, for the benchmark only.
   make bench includes this before every file, in build/float.  The
   system's headers come first, as they are; the program's own doubles then
   become floats, and the functions that it calls those for floats. */
#include <complex.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif
#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>
#include <time.h>
#undef exp
#undef fabs
#undef fma
#undef log1p
#undef sqrt
#define double float
#define _mm256_fmadd_pd _mm256_fmadd_ps
#define _mm512_fmadd_pd _mm512_fmadd_ps
#define exp(x) expf(x)
#define fabs(x) fabsf(x)
#define fma(a, b, c) fmaf(a, b, c)
#define log1p(x) log1pf(x)
#define sqrt(x) sqrtf(x)
