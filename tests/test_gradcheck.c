#include "check.h"

#include <float.h>
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
    cr_assert_float_eq(v.worst, 0.2, 1e-12, "|2 - 2.5| / 2.5 is 0.2, not %g", v.worst);
    /* small ones by a hundredth of the largest: 2e-8 / 2.5e-2 */
    const double close[] = { 1.0, -2.5, 0.0, 3e-8 };
    v = compare_gradients(close, n, 4);
    cr_assert_float_eq(v.worst, 8e-7, 1e-12, "2e-8 / 2.5e-2 is 8e-7, not %g", v.worst);
    v = compare_gradients((double[]){ 2.5, 3e-8 }, (double[]){ 2.5, 1e-8 }, 2);
    cr_assert_float_eq(v.worst, 8e-7, 1e-12, "the first may be the largest: 8e-7, not %g", v.worst);
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
    p.x[1] = 4e-6;
    double n = 7.0;
    cr_assert(!central_difference(&n, absolute, &p, &p.x[1]) && n == 7.0, "a quotient across a kink: %g", n);
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
    v = compare_gradients(grad, grad, COUNT);
    cr_assert(v.zeros == COUNT && !verdict_ok(v, 1e-6), "so do two gradients of zeros");
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
        double ratio = taylor_ratio(smooth, &p, p.x, grad, COUNT, &rng, NULL);
        cr_assert(ratio > 3.6 && ratio < 4.4,
                  "a right gradient: the remainder is divided by %g, not by 4", ratio);
        static const double factor[] = { 64.0, 2.0, 1.5, -1.0 };
        for (size_t k = 0; k < 4; k++) {
            for (size_t i = 0; i < COUNT; i++) {
                wrong[i] = factor[k] * grad[i];
            }
            rng = rng_create(seed);
            ratio = taylor_ratio(smooth, &p, p.x, wrong, COUNT, &rng, NULL);
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
        double ratio = taylor_ratio(bent, &p, p.x, grad, COUNT, &rng, NULL);
        cr_assert(ratio > 3.6 && ratio < 4.4, "direction %d crosses a kink: ratio %g",
                  (int)seed, ratio);
    }
    fill_with(p.x, COUNT, 1e-9);
    fill_with(grad, COUNT, 1.0);
    Rng rng = rng_create(0);
    double ratio = taylor_ratio(bent, &p, p.x, grad, COUNT, &rng, NULL);
    cr_assert(ratio == 0.0, "every step meets a kink: ratio %g and should be 0", ratio);
}

/* x^2, whose steps meet kinks by plan, a letter each; the last two come again */
typedef struct {
    double x[COUNT];
    const char *plan;
} Planned;

static Sample planned(void *context)
{
    Planned *p = context;
    Sample s = { 0.0, *p->plan == 'k' };
    for (size_t k = 0; k < COUNT && !s.pattern; k++) {
        s.value += p->x[k] * p->x[k];
    }
    p->plan += p->plan[1] ? 1 : -1;
    return s;
}

Test(gradcheck, taylor_compares_neighbours_without_a_kink, .timeout = 5)
{
    static const struct {
        const char *plan; /* the first is where it begins */
        double ratio;
    } table[] = { { "-k-", 0.0 }, { "--k", 0.0 }, { "---k-", 4.0 }, { "-kk---", 4.0 } };
    for (size_t i = 0; i < 4; i++) {
        Planned p = { .plan = table[i].plan };
        const double grad[COUNT] = { 0.0 };
        Rng rng = rng_create(1);
        double ratio = taylor_ratio(planned, &p, p.x, grad, COUNT, &rng, NULL);
        cr_assert_float_eq(ratio, table[i].ratio, 1e-9, "kinks by the plan %s: ratio %g", table[i].plan, ratio);
    }
}

typedef struct {
    double x[COUNT], from[COUNT], farthest;
} Walk;

static Sample walk(void *context)
{
    Walk *w = context;
    double square = 0.0, sum = 0.0;
    for (size_t k = 0; k < COUNT; k++) {
        square += (w->x[k] - w->from[k]) * (w->x[k] - w->from[k]);
        sum += sin(w->x[k]);
    }
    w->farthest = fmax(w->farthest, sqrt(square));
    return (Sample){ sum, 0 };
}

Test(gradcheck, taylor_direction_has_length_one, .timeout = 5)
{
    Walk w = { .farthest = 0 };
    const double grad[COUNT] = { 1, 1, 1, 1, 1, 1 };
    Rng rng = rng_create(1);
    taylor_ratio(walk, &w, w.x, grad, COUNT, &rng, NULL);
    cr_assert_float_eq(w.farthest, 0.1, 1e-12, "the longest step is %g", w.farthest);
}

Test(gradcheck, taylor_puts_back_what_it_moved, .timeout = 5)
{
    /* adding and subtracting the same step loses the last digits of a small x */
    Probe p = some_probe();
    for (size_t k = 0; k < COUNT; k++) {
        p.x[k] *= pow(10.0, -3.0 * (double)k);
    }
    Probe before = p;
    double grad[COUNT];
    smooth_gradient(grad, p.x);
    Rng rng = rng_create(1);
    taylor_ratio(smooth, &p, p.x, grad, COUNT, &rng, NULL);
    check_bits(p.x, before.x, COUNT, "x after taylor_ratio");
}

static Sample linear(void *context)
{
    Probe *p = context;
    Sample s = { 0.5, 0 };
    for (size_t k = 0; k < COUNT; k++) {
        s.value += (0.3 + (double)k) * p->x[k];
    }
    return s;
}

Test(gradcheck, taylor_says_when_it_has_no_answer, .timeout = 5)
{
    /* what a right gradient leaves of a linear function is rounding; a wrong one shows */
    Probe p = some_probe();
    for (uint64_t seed = 0; seed < 20; seed++) {
        double grad[COUNT];
        for (size_t k = 0; k < COUNT; k++) {
            grad[k] = 0.3 + (double)k;
        }
        Rng rng = rng_create(seed);
        double ratio = taylor_ratio(linear, &p, p.x, grad, COUNT, &rng, NULL);
        cr_assert(ratio == 0.0, "a right gradient of a linear function: %g", ratio);
        grad[2] *= 1.001;
        ratio = taylor_ratio(linear, &p, p.x, grad, COUNT, &rng, NULL);
        cr_assert_float_eq(ratio, 2.0, 0.01, "a wrong one: %g", ratio);
    }
}

typedef struct {
    double x, scale, offset;
} Cube;

static Sample cube(void *context)
{
    Cube *c = context;
    return (Sample){ c->scale * c->x * c->x * c->x + c->offset, 0 };
}

Test(gradcheck, takes_the_truncation_off, .timeout = 5)
{
    /* h^2/6 times the third derivative is 1e-6 here, thirty times what the gate lets pass */
    Cube c = { .x = 1e-3, .scale = 1e4 };
    double grad = 3 * c.scale * c.x * c.x;
    Verdict v = check_central(cube, &c, &c.x, &grad, 1);
    cr_assert(v.worst < 1e-7, "the error is %g", v.worst);
}

Test(gradcheck, steps_are_longer_for_larger_numbers, .timeout = 5)
{
    /* 1e-5 is less than the distance of two doubles there; and what is certain goes with the step */
    Cube c = { .x = 1e12, .scale = 1e-36 };
    double grad = 3 * c.scale * c.x * c.x;
    cr_assert(verdict_ok(check_central(cube, &c, &c.x, &grad, 1), 1e-6));
    grad *= 1.001;
    cr_assert(!verdict_ok(check_central(cube, &c, &c.x, &grad, 1), 1e-6));
}

Test(gradcheck, knows_the_rounding_of_its_quotients, .timeout = 5)
{
    /* r = 16 eps 1000 / h is 3.6e-7: what is smaller can't be told from zero */
    Cube c = { .x = 1, .scale = 1e-8, .offset = 1000 };
    double grad = 3e-8, r = 16 * DBL_EPSILON * 1000 / 1e-5;
    Verdict v = check_central(cube, &c, &c.x, &grad, 1);
    cr_assert(v.worst < 1e-6 && v.zeros == 1, "worst %g, zeros %zu", v.worst, v.zeros);
    cr_assert(!verdict_ok(v, 1e-6), "what can't be seen is accepted");
    c.scale = 1; /* an error of half of r passes, one of twice r doesn't */
    grad = 3;
    c.x = 1e-3;
    grad = 3e-6 + 0.5 * r;
    cr_assert(check_central(cube, &c, &c.x, &grad, 1).worst < 1e-6);
    grad = 3e-6 + 2 * r;
    cr_assert(check_central(cube, &c, &c.x, &grad, 1).worst > 1e-6);
}

/* The main network, its loss on 2 * points of the spirals, and its gradient. */
typedef struct {
    Network net;
    Point p;
    Scaling scaling;
} Main;

static void main_begin(Main *m, size_t points, uint64_t seed)
{
    static const size_t width[] = { 2, 64, 32, 16, 1 };
    Error e = { "" };
    double dz[64];
    cr_assert(spirals(&m->p.D, points, 0.25, seed, &e)
              && scaling_fit(&m->scaling, m->p.D.X, &e)
              && network_create(&m->net, width, 5, 2 * points, &e), "%s", e.text);
    scaling_apply(m->p.D.X, m->scaling);
    network_init(&m->net, seed % 2 ? INIT_HE : INIT_XAVIER, 100 + seed);
    m->p.net = &m->net;
    m->p.loss = &bce;
    Matrix dZ = matrix_view(dz, 2 * points, 1);
    bce.gradient(dZ, network_forward(&m->net, m->p.D.X, TRAINING), m->p.D.Y);
    network_backward((Matrix){ 0 }, &m->net, dZ);
}

static void main_end(Main *m)
{
    network_destroy(&m->net);
    scaling_destroy(&m->scaling);
    dataset_destroy(&m->p.D);
}

/* One entry of a gradient is made wrong; the check of its tensor must see it. */
static void check_is_seen(Main *m, double *x, double *grad, size_t count, size_t at, double wrong,
                          const char *what)
{
    double right = grad[at];
    grad[at] = wrong;
    cr_assert(!verdict_ok(check_central(network_sample, &m->p, x + at, grad + at, 1), 1e-6),
              "%s of %zu, number %zu, is %.12g; %.12g passes as well", what, count, at, right, wrong);
    grad[at] = right;
}

Test(gradcheck, judges_the_main_network_from_20_starts, .timeout = 60)
{
    for (uint64_t seed = 0; seed < 20; seed += sparse(10)) {
        Main m;
        main_begin(&m, 8, seed);
        cr_assert(m.net.param_count == 2817);
        for (size_t l = 0; l < m.net.depth; l++) {
            Layer *layer = &m.net.layer[l];
            Matrix x[] = { layer->W, layer->b }, grad[] = { layer->dW, layer->db };
            for (size_t t = 0; t < 2 && layer_params(layer); t++) {
                size_t count = x[t].rows * x[t].cols, large = 0, small = 0;
                Verdict v = check_central(network_sample, &m.p, x[t].data, grad[t].data, count);
                cr_assert(v.worst < 0.5e-6, "start %d, layer %zu, %c: a right gradient is off by %g",
                          (int)seed, l, "Wb"[t], v.worst);
                cr_assert(10 * v.skipped <= count || t == 1, "%zu of %zu skipped", v.skipped, count);
                for (size_t k = 0; k < count; k++) {
                    double size = fabs(grad[t].data[k]);
                    large = size > fabs(grad[t].data[large]) ? k : large;
                    small = size < fabs(grad[t].data[small]) ? k : small;
                }
                double g = grad[t].data[large], s = grad[t].data[small];
                check_is_seen(&m, x[t].data, grad[t].data, count, large, g * (1 + 1e-5), "the largest");
                check_is_seen(&m, x[t].data, grad[t].data, count, large, -g, "the largest");
                if (fabs(s) < 1e-3) {
                    check_is_seen(&m, x[t].data, grad[t].data, count, small, s + 2e-9, "the smallest");
                }
            }
        }
        main_end(&m);
    }
}

Test(gradcheck, taylor_has_an_answer_for_the_main_network, .timeout = 20)
{
    size_t unanswered = 0; /* where a kink lies nearer than the shortest step that can be seen */
    for (uint64_t seed = 0; seed < 20; seed++) {
        Main m;
        main_begin(&m, 32, seed);
        Rng rng = rng_create(seed);
        double ratio = taylor_ratio(network_sample, &m.p, m.net.params, m.net.grads, 2817, &rng, NULL);
        unanswered += ratio == 0.0;
        cr_assert(ratio == 0.0 || fabs(ratio - 4.0) < 0.1, "start %d: the remainder is divided by %g",
                  (int)seed, ratio);
        for (size_t k = 0; k < 2817; k++) {
            m.net.grads[k] *= 1.01;
        }
        ratio = taylor_ratio(network_sample, &m.p, m.net.params, m.net.grads, 2817, &rng, NULL);
        cr_assert(!(ratio > 3.6 && ratio < 4.4), "start %d: a gradient times 1.01 "
                  "passes (%g)", (int)seed, ratio);
        main_end(&m);
    }
    cr_assert(unanswered <= 2, "%zu of 20 starts have no answer", unanswered);
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

static Sample identity(void *context)
{
    const double *x = context;
    return (Sample){ *x, 0 };
}

/* A number can't be moved by exactly h; the width of a step is that of the two points as they were stored. */
Test(gradcheck, steps_are_as_wide_as_stored)
{
    for (double x = 0.1; x < 1; x += 0.2) {
        double n = 0, at = x;
        cr_assert(central_difference(&n, identity, &at, &at) && at == x);
        cr_expect(n == 1, "the slope of x at %g is off by %g", x, n - 1);
    }
}
