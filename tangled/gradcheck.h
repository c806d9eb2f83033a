/* Generated from nn.nw (MIT licence); edit there. gradcheck.h: is this vector the gradient of that function? */
#ifndef GRADCHECK_H
#define GRADCHECK_H
#include "base.h"
#include "rng.h"

typedef struct {
    double value;
    uint64_t pattern;            /* of every ReLU, on or off */
} Sample;
typedef Sample Function(void *context);
typedef struct {
    double worst;                /* relative error */
    size_t checked, skipped, zeros;
} Verdict;
/* the derivative with respect to the number at x, from differences;
   false if a ReLU switches on the way */
bool central_difference(double *n, Function *f, void *context,
                        double *x);
/* Each nudges x (count numbers, read by f) and puts it back. */
Verdict check_central(Function *f, void *context, double *x,
                      const double *grad, size_t count);
/* 4 for a right gradient, or 0 where f is linear; 2 for a wrong one;
   0 also if every step met a kink, or memory ran out (see e).
   rng gives the direction and stays. */
double taylor_ratio(Function *f, void *context, double *x,
                    const double *grad, size_t count, Rng *rng,
                    Error *e);
/* a against n, entry by entry, by the same measure */
Verdict compare_gradients(const double *a, const double *n,
                          size_t count);
bool verdict_ok(Verdict v, double limit);
#endif
