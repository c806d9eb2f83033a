/* Generated from nn.nw; edit there. gradcheck.c: gradients against differences */
#include <math.h>
#include <stdlib.h>
#include "gradcheck.h"

static void judge(Verdict *v, double a, double n)
{
    double size = fmax(fmax(fabs(a), fabs(n)), 1e-7);
    double error = fabs(a - n) / size;
    v->worst = error <= v->worst ? v->worst
             : isnan(error) ? INFINITY : error;
    v->checked++;
    v->zeros += a == 0 && n == 0;
}

Verdict compare_gradients(const double *a, const double *n,
                          size_t count)
{
    Verdict v = { 0 };
    for (size_t i = 0; i < count; i++)
        judge(&v, a[i], n[i]);
    return v;
}
bool central_difference(double *quotient, Function *f, void *context,
                        double *x)
{
    double old = *x, h = 1e-5 * fmax(1, fabs(old));
    *x = old + h;
    double high = *x;
    Sample up = f(context);
    *x = old - h;
    double width = high - *x;
    Sample down = f(context);
    *x = old;
    *quotient = (up.value - down.value) / width;
    return up.pattern == down.pattern;
}
Verdict check_central(Function *f, void *context, double *x,
                      const double *grad, size_t count)
{
    Verdict v = { 0 };
    for (size_t i = 0; i < count; i++) {
        double n;
        if (central_difference(&n, f, context, &x[i]))
            judge(&v, grad[i], n);
        else
            v.skipped++;
    }
    return v;
}
bool verdict_ok(Verdict v, double limit)
{
    return v.worst < limit && v.checked > v.zeros
        && 4 * v.skipped <= v.skipped + v.checked;
}
static Sample step_along(Function *f, void *context, double *x,
                         const double *old, size_t count, double h,
                         Rng rng)
{
    for (size_t i = 0; i < count; i++)
        x[i] = old[i] + h * rng_normal(&rng);
    Sample s = f(context);
    for (size_t i = 0; i < count; i++)
        x[i] = old[i];
    return s;
}
double taylor_ratio(Function *f, void *context, double *x,
                    const double *grad, size_t count, Rng *rng)
{
    Sample here = f(context);
    double ratio = 0;
    double *old = allocate(count, sizeof *old, "numbers", NULL);
    for (double h = 1e-2; old && ratio == 0 && h > 1e-5; h /= 2) {
        Rng same = *rng;
        for (size_t i = 0; i < count; i++)
            old[i] = x[i];
        Sample far = step_along(f, context, x, old, count, h, same);
        Sample near = step_along(f, context, x, old, count, h / 2, same);
        if (far.pattern == here.pattern && near.pattern == here.pattern)
            {
                double slope = 0;
                for (size_t i = 0; i < count; i++)
                    slope += grad[i] * rng_normal(&same);
                ratio = (far.value - here.value - h * slope)
                      / (near.value - here.value - h / 2 * slope);
            }
    }
    free(old);
    return ratio;
}
