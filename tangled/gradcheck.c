/* Generated from nn.nw (MIT licence); edit there. gradcheck.c: gradients against differences */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include "gradcheck.h"

static void judge(Verdict *v, double a, double n, double floor)
{
    double size = fmax(fabs(a), fabs(n));
    double error = fabs(a - n) / fmax(fmax(size, floor), DBL_MIN);
    v->worst = error <= v->worst ? v->worst
             : isnan(error) ? INFINITY : error;
    v->checked++;
    v->zeros += size <= 1e-6 * floor;
}
Verdict compare_gradients(const double *a, const double *n,
                          size_t count)
{
    Verdict v = { 0 };
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(n[i]));
    for (size_t i = 0; i < count; i++)
        judge(&v, a[i], n[i], 1e-2 * largest);
    return v;
}
static double step(double x)
{
    return 1e-5 * fmax(1, fabs(x));
}

static double rounding(double f)
{
    return DBL_EPSILON * fmax(1, fabs(f));
}
static bool quotient(double *D, Function *f, void *context, double *x,
                     double h)
{
    double old = *x;
    *x = old + h;
    double high = *x;
    Sample up = f(context);
    *x = old - h;
    double width = high - *x;
    Sample down = f(context);
    *x = old;
    *D = (up.value - down.value) / width;
    return up.pattern == down.pattern;
}
bool central_difference(double *n, Function *f, void *context,
                        double *x)
{
    double once, twice, h = step(*x);
    bool smooth = quotient(&once, f, context, x, h)
        && quotient(&twice, f, context, x, 2 * h);
    if (smooth)
        *n = once - (twice - once) / 3;
    return smooth;
}
Verdict check_central(Function *f, void *context, double *x,
                      const double *grad, size_t count)
{
    Verdict v = { 0 };
    double noise = 16 * rounding(f(context).value), n;
    for (size_t i = 0; i < count; i++)
        if (central_difference(&n, f, context, &x[i]))
            judge(&v, grad[i], n, 1e6 * noise / step(x[i]));
        else
            v.skipped++;
    return v;
}
bool verdict_ok(Verdict v, double limit)
{
    return v.worst < limit && v.checked > v.zeros
        && 4 * v.skipped <= v.skipped + v.checked;
}
double taylor_ratio(Function *f, void *context, double *x,
                    const double *grad, size_t count, Rng *rng,
                    Error *e)
{
    double ratio = 0;
    double *old = allocate(2 * count, sizeof *old, "numbers", e);
    if (!old)
        return 0;
    Rng draw = *rng;
    double *v = old + count, length = 0, slope = 0;
    for (size_t i = 0; i < count; i++) {
        old[i] = x[i];
        v[i] = rng_normal(&draw);
        length = hypot(length, v[i]);
    }
    for (size_t i = 0; i < count; i++) {
        v[i] /= length;
        slope += grad[i] * v[i];
    }
    Sample here = f(context);
    double before = 0, least = 1000 * rounding(here.value);
    for (double h = 0.1; h > 1e-9; h /= 2) {
        for (size_t i = 0; i < count; i++)
            x[i] = old[i] + h * v[i];
        Sample there = f(context);
        double R = there.value - here.value - h * slope;
        bool smooth = there.pattern == here.pattern;
        if (smooth && fabs(R) < least)
            break;
        if (smooth && before != 0)
            ratio = before / R;
        before = smooth ? R : 0;
    }
    for (size_t i = 0; i < count; i++)
        x[i] = old[i];
    free(old);
    return ratio;
}
