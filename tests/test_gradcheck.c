#include "check.h"

#include "complexstep.h"
#include "gradcheck.h"
#include "network.h"

/* The functions that are checked here: of six numbers, with known gradients. */
enum { COUNT = 6 };
typedef struct {
    double x[COUNT];
    size_t calls;
} Probe;

static Sample smooth(void *context)
{
    Probe *p = context;
    double sum = 0.0;
    for (size_t k = 0; k < COUNT; k++) {
        sum += sin(p->x[k] + (double)k) + 0.5 * p->x[k] * p->x[(k + 1) % COUNT];
    }
    p->calls++;
    return (Sample){ sum, 0 };
}

static void smooth_gradient(double *grad, const double *x)
{
    for (size_t k = 0; k < COUNT; k++) {
        grad[k] = cos(x[k] + (double)k) +
                  0.5 * (x[(k + 1) % COUNT] + x[(k + COUNT - 1) % COUNT]);
    }
}

static Sample absolute(void *context)
{
    Probe *p = context;
    Sample s = { 0.0, 0 };
    for (size_t k = 0; k < COUNT; k++) {
        s.value += fabs(p->x[k]);
        s.pattern = 2 * s.pattern + (p->x[k] > 0.0);
    }
    return s;
}

static Sample constant(void *context)
{
    (void)context;
    return (Sample){ 3.0, 0 };
}

static Probe some_probe(void)
{
    Probe p = { .calls = 0 };
    for (size_t k = 0; k < COUNT; k++) {
        p.x[k] = (k % 2 ? -1.0 : 1.0) * (0.3 + 0.9 * (double)k);
    }
    return p;
}

Test(gradcheck, accepts_a_right_gradient, .timeout = 5)
{
    Probe p = some_probe(), before = p;
    double grad[COUNT];
    smooth_gradient(grad, p.x);
    Verdict v = check_central(smooth, &p, p.x, grad, COUNT);
    cr_assert(v.worst < 1e-8, "a right gradient: worst error %g", v.worst);
    cr_assert(v.checked == COUNT && v.skipped == 0 && v.zeros == 0,
              "checked %zu, skipped %zu, zeros %zu", v.checked, v.skipped, v.zeros);
    cr_assert(verdict_ok(v, 1e-6), "a right gradient is refused");
    cr_assert(!verdict_ok(v, v.worst), "the limit itself is too much");
    check_bits(p.x, before.x, COUNT, "x after check_central");
}

Test(gradcheck, sees_a_factor, .timeout = 5)
{
    Probe p = some_probe();
    static const double factor[] = { 64.0, 16.0, 2.0, 0.5, 1.0 + 1e-5, -1.0, 0.0 };
    for (size_t k = 0; k < sizeof factor / sizeof factor[0]; k++) {
        double grad[COUNT];
        smooth_gradient(grad, p.x);
        for (size_t i = 0; i < COUNT; i++) {
            grad[i] *= factor[k];
        }
        double right = factor[k] == -1.0     ? 2.0
                       : fabs(factor[k]) > 1 ? 1.0 - 1.0 / factor[k]
                                             : 1.0 - factor[k];
        Verdict v = check_central(smooth, &p, p.x, grad, COUNT);
        cr_assert(!verdict_ok(v, 1e-6), "a gradient times %g is accepted (worst %g)",
                  factor[k], v.worst);
        cr_assert_float_eq(v.worst, right, 1e-7, "times %g: the error is %g, not %g",
                           factor[k], right, v.worst);
    }
    for (size_t i = 0; i < COUNT; i++) { /* one wrong entry, wherever it is */
        double grad[COUNT];
        smooth_gradient(grad, p.x);
        grad[i] += 1e-4;
        cr_assert(!verdict_ok(check_central(smooth, &p, p.x, grad, COUNT), 1e-6),
                  "a fault in entry %zu alone is accepted", i);
        grad[i] = NAN;
        cr_assert(!verdict_ok(check_central(smooth, &p, p.x, grad, COUNT), 1e-6),
                  "NaN in entry %zu is accepted", i);
    }
}

Test(gradcheck, compares_two_gradients, .timeout = 5)
{
    const double a[] = { 1.0, -2.0, 0.0, 3e-8 }, n[] = { 1.0, -2.5, 0.0, 1e-8 };
    Verdict v = compare_gradients(a, n, 4);
    cr_assert(v.checked == 4 && v.zeros == 1 && v.skipped == 0);
    /* |2 - 2.5|/2.5 = 0.2;  |3 - 1| 1e-8 / 1e-7 = 0.2: small ones by the floor */
    cr_assert_float_eq(v.worst, 0.2, 1e-12, "the worst of two is 0.2, not %g", v.worst);
    v = compare_gradients(a + 3, n + 3, 1);
    cr_assert_float_eq(v.worst, 0.2, 1e-12, "|a - n|/1e-7 is 0.2, not %g", v.worst);
    const double other[] = { -1.0 }, infinite[] = { INFINITY }, nan[] = { NAN };
    cr_assert_float_eq(compare_gradients(a, other, 1).worst, 2.0, 1e-15,
                       "signed values are compared, not magnitudes");
    cr_assert(!verdict_ok(compare_gradients(a, nan, 1), 1e-6));
    cr_assert(!verdict_ok(compare_gradients(infinite, a, 1), 1e-6));
    cr_assert(!verdict_ok(compare_gradients(infinite, infinite, 1), 1e-6));
    const double nan_first[] = { NAN, 1.0 }, ones[] = { 1.0, 1.0 };
    cr_assert(!verdict_ok(compare_gradients(nan_first, ones, 2), 1e-6),
              "a NaN is forgotten when a better entry follows");
}

Test(gradcheck, skips_kinks_and_counts_them, .timeout = 5)
{
    /* two of six numbers lie within 1e-5 of the kink of |x| */
    Probe p = some_probe();
    double grad[COUNT];
    p.x[1] = 4e-6;
    p.x[4] = -4e-6;
    for (size_t k = 0; k < COUNT; k++) {
        grad[k] = p.x[k] > 0.0 ? 1.0 : -1.0;
    }
    Verdict v = check_central(absolute, &p, p.x, grad, COUNT);
    cr_assert(v.skipped == 2 && v.checked == 4, "2 of 6 lie at a kink: skipped %zu, "
              "checked %zu", v.skipped, v.checked);
    cr_assert(v.worst < 1e-8, "the entries at a kink count: worst %g", v.worst);
    cr_assert(!verdict_ok(v, 1e-6), "2 of 6 skipped is more than a quarter");
    p.x[1] = -1.0;
    grad[1] = -1.0;
    v = check_central(absolute, &p, p.x, grad, COUNT);
    cr_assert(v.skipped == 1 && v.checked == 5);
    cr_assert(verdict_ok(v, 1e-6), "1 of 6 skipped is fine");
    Verdict quarter = { .worst = 0.0, .checked = 3, .skipped = 1 };
    cr_assert(verdict_ok(quarter, 1e-6), "a quarter may be skipped");
    quarter.checked = 2;
    cr_assert(!verdict_ok(quarter, 1e-6), "a third may not be skipped");
}

Test(gradcheck, refuses_all_zero, .timeout = 5)
{
    Probe p = some_probe();
    double grad[COUNT] = { 0.0 };
    Verdict v = check_central(constant, &p, p.x, grad, COUNT);
    cr_assert(v.zeros == COUNT && v.worst == 0.0);
    cr_assert(!verdict_ok(v, 1e-6), "zero compared with zero proves nothing");
    Verdict nothing = { 0 };
    cr_assert(!verdict_ok(nothing, 1e-6), "no entry at all proves nothing");
}

Test(gradcheck, taylor_sees_a_factor, .timeout = 5)
{
    Probe p = some_probe();
    double grad[COUNT], wrong[COUNT];
    smooth_gradient(grad, p.x);
    for (uint64_t seed = 0; seed < 5; seed++) {
        Rng rng = rng_create(seed);
        double ratio = taylor_ratio(smooth, &p, p.x, grad, COUNT, &rng);
        cr_assert(ratio > 3.6 && ratio < 4.4,
                  "a right gradient: the remainder is divided by %g, not by 4", ratio);
        static const double factor[] = { 64.0, 2.0, 1.5, -1.0 };
        for (size_t k = 0; k < 4; k++) {
            for (size_t i = 0; i < COUNT; i++) {
                wrong[i] = factor[k] * grad[i];
            }
            rng = rng_create(seed);
            ratio = taylor_ratio(smooth, &p, p.x, wrong, COUNT, &rng);
            cr_assert(!(ratio > 3.6 && ratio < 4.4),
                      "a gradient times %g passes (%g)", factor[k], ratio);
        }
    }
}

static Sample bent(void *context)
{
    Probe *p = context;
    Sample s = absolute(context);
    for (size_t k = 0; k < COUNT; k++) {
        s.value += p->x[k] * p->x[k];
    }
    return s;
}

Test(gradcheck, taylor_keeps_off_kinks, .timeout = 5)
{
    /* |x| + x^2: with one x at 2e-3 the longest steps cross the kink, shorter
       ones don't; with all of them at 1e-9 every step does */
    Probe p = some_probe();
    double grad[COUNT];
    p.x[2] = 2e-3;
    p.x[3] = -2e-3;
    for (size_t k = 0; k < COUNT; k++) {
        grad[k] = (p.x[k] > 0.0 ? 1.0 : -1.0) + 2.0 * p.x[k];
    }
    for (uint64_t seed = 0; seed < 10; seed++) {
        Rng rng = rng_create(seed);
        double ratio = taylor_ratio(bent, &p, p.x, grad, COUNT, &rng);
        cr_assert(ratio > 3.6 && ratio < 4.4, "direction %d crosses a kink: ratio %g",
                  (int)seed, ratio);
    }
    fill_with(p.x, COUNT, 1e-9);
    fill_with(grad, COUNT, 1.0);
    Rng rng = rng_create(0);
    double ratio = taylor_ratio(bent, &p, p.x, grad, COUNT, &rng);
    cr_assert(ratio == 0.0, "every step meets a kink: ratio %g and should be 0", ratio);
}

Test(gradcheck, taylor_puts_back_what_it_moved, .timeout = 5)
{
    /* adding and subtracting the same step loses the last digits of a small x */
    Probe p = some_probe();
    for (size_t k = 0; k < COUNT; k++) {
        p.x[k] *= pow(10.0, -(double)k);
    }
    Probe before = p;
    double grad[COUNT];
    smooth_gradient(grad, p.x);
    Rng rng = rng_create(1);
    taylor_ratio(smooth, &p, p.x, grad, COUNT, &rng);
    check_bits(p.x, before.x, COUNT, "x after taylor_ratio");
}

Test(gradcheck, pattern_shows_every_unit, .timeout = 5)
{
    /* each of the 6 inputs of a net 2-3-1 with W = identity-like weights turns
       one unit of one example; each must change the pattern */
    static const size_t width[] = { 2, 3, 1 };
    static const double params[] = { 1, 0, 1, 0, 1, 1, 0, 0, 0.5, 1, 1, 1, 0 };
    Network net;
    Error e = { "" };
    cr_assert(network_create(&net, width, 3, 3, &e), "%s", e.text);
    memcpy(net.params, params, sizeof params);
    MATRIX_OF(X, 3, 2, 1, 1, 2, -3, -1, 2);
    network_forward(&net, X, TRAINING);
    uint64_t here = network_pattern(&net);
    network_forward(&net, X, TRAINING);
    cr_assert(network_pattern(&net) == here, "the same pass, another pattern");
    for (size_t k = 0; k < 6; k++) {
        double old = X.data[k];
        X.data[k] = old * 1.01;
        network_forward(&net, X, TRAINING);
        cr_assert(network_pattern(&net) == here, "no unit turned, another pattern");
        X.data[k] = -old;
        network_forward(&net, X, TRAINING);
        cr_assert(network_pattern(&net) != here, "row %zu: a unit turned, unseen", k / 2);
        X.data[k] = old;
    }
    network_destroy(&net);
}
