/* Momentum and Adam, against steps that were computed another way. */
#include "check.h"

#include <malloc.h>

#include "optimizers.h"
#include "wrap.h"

enum { COUNT = 5, STEPS = 3 };

/* An optimizer over numbers of its own, and one more that isn't the optimizer's. */
typedef struct {
    Optimizer o;
    double params[COUNT + 1], m[COUNT + 1], v[COUNT + 1];
} Fixture;

static void begin(Fixture *f, Method method, double rate, double beta)
{
    Error e = { "" };
    cr_assert(optimizer_create(&f->o, method, rate, beta, COUNT, &e), "%s", e.text);
    optimizer_destroy(&f->o);
    fill_numbers(f->params, COUNT + 1, 1);
    fill_with(f->m, COUNT + 1, 0);
    fill_with(f->v, COUNT + 1, 0);
    f->m[COUNT] = f->v[COUNT] = 99;
    f->o.m = f->m;
    f->o.v = f->v;
}

static void check_own_numbers(const Fixture *f, const char *what)
{
    cr_assert(f->params[COUNT] == number(1, COUNT) && f->m[COUNT] == 99 && f->v[COUNT] == 99,
              "%s: a number behind the last was changed", what);
}

/* The gradient of step t (from 0): signed, of very different sizes. */
static double gradient(size_t t, size_t k)
{
    static const double size[COUNT] = { 1e-3, 1, 30, 0.2, 5 };
    return size[k] * number(50 + t, k);
}

Test(optimizers, momentum_three_steps, .timeout = 5)
{
    /* beta 1/2, rate 1/4, all exact. g: 4, -2, 8; v: 2, 0, 4; w: 1, 1/2, 1/2, -1/2 */
    static const double g[STEPS][2] = { { 4, -8 }, { -2, 0 }, { 8, 4 } },
                        v[STEPS][2] = { { 2, -4 }, { 0, -2 }, { 4, 1 } },
                        w[STEPS][2] = { { 0.5, 4 }, { 0.5, 4.5 }, { -0.5, 4.25 } };
    double params[] = { 1, 3, 7 }, moment[] = { 0, 0, 7 };
    Optimizer o = { .rate = 0.25, .beta = 0.5, .v = moment };
    for (size_t t = 0; t < STEPS; t++) {
        momentum_step(&o, params, g[t], 2);
        for (size_t k = 0; k < 2; k++) {
            cr_assert(moment[k] == v[t][k], "step %zu, v[%zu] is %g and should be %g", t + 1, k,
                      moment[k], v[t][k]);
            cr_assert(params[k] == w[t][k], "step %zu, parameter %zu is %g and should be %g",
                      t + 1, k, params[k], w[t][k]);
        }
    }
    cr_assert(params[2] == 7 && moment[2] == 7, "a number behind the last was changed");
}

Test(optimizers, momentum_of_a_constant_gradient, .timeout = 5)
{
    /* v is (1 - beta^t) g after t steps, and the steps add up to
       rate * g * (t - beta (1 - beta^t) / (1 - beta)) */
    Fixture f;
    begin(&f, MOMENTUM, 0.1, 0.9);
    double g[COUNT];
    fill_numbers(g, COUNT, 2);
    for (size_t t = 0; t < 20; t++) {
        f.o.step(&f.o, f.params, g, COUNT);
    }
    double share = 1 - pow(0.9, 20), way = 0.1 * (20 - 0.9 * share / (1 - 0.9));
    for (size_t k = 0; k < COUNT; k++) {
        cr_assert(relative_error(f.v[k], share * g[k], 1e-9) < 1e-13,
                  "20 equal gradients: v[%zu] is %g of it and should be %g", k, f.v[k] / g[k],
                  share);
        cr_assert_float_eq(f.params[k], number(1, k) - way * g[k], 1e-13,
                           "20 equal gradients: parameter %zu went %g times as far and "
                           "should go %g", k, (number(1, k) - f.params[k]) / g[k], way);
    }
    check_own_numbers(&f, "momentum");
}

Test(optimizers, momentum_of_other_programs, .timeout = 5)
{
    /* theirs: u = beta u + g, w -= rate u; the same steps at (1 - beta) times our rate */
    Fixture f;
    begin(&f, MOMENTUM, 0.5, 0.9);
    double g[COUNT], w[COUNT], u[COUNT] = { 0 }, theirs = (1 - 0.9) * 0.5;
    memcpy(w, f.params, sizeof w);
    for (size_t t = 0; t < 20; t++) {
        for (size_t k = 0; k < COUNT; k++) {
            g[k] = gradient(t, k);
            u[k] = 0.9 * u[k] + g[k];
            w[k] -= theirs * u[k];
        }
        f.o.step(&f.o, f.params, g, COUNT);
    }
    for (size_t k = 0; k < COUNT; k++) {
        cr_assert_float_eq(f.params[k], w[k], 1e-12, "after 20 steps parameter %zu is %.15g, with "
                           "the other form %.15g", k, f.params[k], w[k]);
    }
}

/* On a parabola of curvature c the steps are stable up to the rate 2/c (1 + beta) / (1 - beta). */
Test(optimizers, momentum_bears_larger_rates, .timeout = 5)
{
    static const double betas[] = { 0, 0.5, 0.9 };
    for (size_t i = 0; i < 3; i++) {
        for (int beyond = 0; beyond < 2; beyond++) {
            double c = 3, w = 1, v = 0, limit = 2 / c * (1 + betas[i]) / (1 - betas[i]);
            Optimizer o = { .rate = (beyond ? 1.01 : 0.99) * limit, .beta = betas[i], .v = &v };
            for (int t = 0; t < 20000 && fabs(w) < 1e9; t++) {
                momentum_step(&o, &w, &(double){ c * w }, 1);
            }
            cr_expect(beyond ? fabs(w) >= 1e9 : fabs(w) < 1e-9, "beta %g, rate %g: it ends at %g", betas[i],
                      o.rate, w);
        }
    }
}

Test(optimizers, momentum_without_memory_is_sgd, .timeout = 5)
{
    Fixture f;
    begin(&f, MOMENTUM, 0.3, 0);
    Optimizer plain = sgd(0.3);
    double g[COUNT], w[COUNT];
    memcpy(w, f.params, sizeof w);
    for (size_t t = 0; t < STEPS; t++) {
        fill_numbers(g, COUNT, 20 + t);
        f.o.step(&f.o, f.params, g, COUNT);
        plain.step(&plain, w, g, COUNT);
        check_bits(f.params, w, COUNT, "beta 0: a parameter, against sgd's");
        for (size_t k = 0; k < COUNT; k++) {
            cr_assert(g[k] == number(20 + t, k), "the gradients were changed");
        }
    }
}

Test(optimizers, adam_first_step_is_rate_times_sign, .timeout = 5)
{
    static const double g[COUNT] = { 1e-3, -5, 1e4, -0.1, 3 };
    Fixture f;
    begin(&f, ADAM, 0.01, 0.9);
    f.o.step(&f.o, f.params, g, COUNT);
    for (size_t k = 0; k < COUNT; k++) {
        double step = number(1, k) - f.params[k];
        cr_assert(relative_error(step, copysign(0.01, g[k]), 1e-9) < 2e-5,
                  "gradient %g: the first step is %g, and should be the rate with its sign",
                  g[k], step);
    }
    check_own_numbers(&f, "adam");
}

Test(optimizers, adam_three_steps, .timeout = 5)
{
    /* After t steps m is (1 - b) times the sum of b^(t-i) g_i, v likewise of the
       squares. One case with a large epsilon: it stands outside of the root */
    static const struct {
        double beta, beta2, epsilon;
    } at[] = { { 0.9, 0.999, 1e-8 }, { 0.5, 0.75, 1e-8 }, { 0.9, 0.999, 0.5 }, { 0, 0.9, 2 } };
    for (size_t c = 0; c < sizeof at / sizeof *at; c++) {
        Fixture f;
        begin(&f, ADAM, 0.02, at[c].beta);
        f.o.beta2 = at[c].beta2;
        f.o.epsilon = at[c].epsilon;
        double expected[COUNT];
        fill_numbers(expected, COUNT, 1);
        for (size_t t = 1; t <= STEPS; t++) {
            double g[COUNT];
            for (size_t k = 0; k < COUNT; k++) {
                long double b = at[c].beta, b2 = at[c].beta2, m = 0, v = 0, w = 0, w2 = 0;
                for (size_t i = 1; i <= t; i++) { /* weights that add up to 1 */
                    long double gi = gradient(i, k);
                    m += powl(b, (long double)(t - i)) * gi;
                    w += powl(b, (long double)(t - i));
                    v += powl(b2, (long double)(t - i)) * gi * gi;
                    w2 += powl(b2, (long double)(t - i));
                }
                expected[k] -= (double)(0.02L * (m / w) / (sqrtl(v / w2) + at[c].epsilon));
                g[k] = gradient(t, k);
            }
            f.o.step(&f.o, f.params, g, COUNT);
            cr_assert(f.o.t == t, "after %zu steps t is %zu", t, f.o.t);
            for (size_t k = 0; k < COUNT; k++) {
                cr_assert_float_eq(f.params[k], expected[k], 1e-14,
                                   "beta %g, beta2 %g, epsilon %g, step %zu: parameter %zu is "
                                   "%.15g and should be %.15g", at[c].beta, at[c].beta2,
                                   at[c].epsilon, t, k, f.params[k], expected[k]);
            }
        }
        check_own_numbers(&f, "adam");
    }
}

Test(optimizers, adam_moments_by_hand, .timeout = 5)
{
    /* beta 1/2, beta2 3/4. g: 4, -8; m: 2, -3; v: 4, 19. Corrected at t = 3: m / (7/8),
       v / (37/64) */
    Fixture f;
    begin(&f, ADAM, 0.25, 0.5);
    f.o.beta2 = 0.75;
    static const double g[2][COUNT] = { { 4, 4, 4, 4, 4 }, { -8, -8, -8, -8, -8 } };
    adam_moments(&f.o, g[0], COUNT);
    cr_assert(f.m[COUNT - 1] == 2 && f.v[COUNT - 1] == 4, "of 4: m is %g, not 2; v is %g, not 4",
              f.m[COUNT - 1], f.v[COUNT - 1]);
    adam_moments(&f.o, g[1], COUNT);
    cr_assert(f.m[0] == -3 && f.v[0] == 19, "of 4 and -8: m is %g, not -3; v is %g, not 19",
              f.m[0], f.v[0]);
    cr_assert(f.o.t == 0, "the moments don't count the steps: t is %zu", f.o.t);
    for (size_t k = 0; k < COUNT; k++) {
        cr_assert(f.params[k] == number(1, k), "the moments don't step");
    }
    f.o.t = 2;
    adam_apply(&f.o, f.params, COUNT);
    cr_assert(f.o.t == 3, "t was 2 and is %zu", f.o.t);
    cr_assert(f.m[0] == -3 && f.v[0] == 19, "the step corrects copies: m is %g, v is %g", f.m[0],
              f.v[0]);
    double step = 0.25 * (-3 / 0.875) / (sqrt(19 / 0.578125) + 1e-8);
    for (size_t k = 0; k < COUNT; k++) {
        cr_assert_float_eq(f.params[k], number(1, k) - step, 1e-15,
                           "third step: %.15g, and should be %.15g", number(1, k) - f.params[k],
                           step);
    }
    check_own_numbers(&f, "adam");
}

Test(optimizers, one_step_counts_once, .timeout = 5)
{
    /* a parameter's way is the same alone and in company: t counts steps, not numbers */
    Fixture f, alone;
    begin(&f, ADAM, 0.02, 0.9);
    begin(&alone, ADAM, 0.02, 0.9);
    for (size_t t = 1; t <= 4; t++) {
        double g[COUNT];
        for (size_t k = 0; k < COUNT; k++) {
            g[k] = gradient(t, k);
        }
        f.o.step(&f.o, f.params, g, COUNT);
        alone.o.step(&alone.o, alone.params, g, 1);
    }
    cr_assert(f.o.t == 4, "four steps over %d numbers: t is %zu", COUNT, f.o.t);
    check_bits(f.params, alone.params, 1, "four steps with Adam, among five and alone: a number");
}

Test(optimizers, no_gradient_no_step, .timeout = 5)
{
    static const Method methods[] = { MOMENTUM, ADAM };
    static const double zero[COUNT] = { 0 };
    for (size_t i = 0; i < 2; i++) {
        Fixture f;
        begin(&f, methods[i], 0.1, 0.9);
        for (size_t t = 0; t < STEPS; t++) {
            f.o.step(&f.o, f.params, zero, COUNT);
        }
        for (size_t k = 0; k < COUNT; k++) {
            cr_assert(f.params[k] == number(1, k), "%s: without any gradient, parameter %zu moves",
                      i ? "adam" : "momentum", k);
        }
    }
}

Test(optimizers, created_by_hand, .timeout = 5)
{
    enum { MANY = 1000 };
    static const struct {
        Method method;
        void (*step)(Optimizer *, double *, const double *, size_t);
    } at[] = { { MOMENTUM, momentum_step }, { ADAM, adam_step } };
    for (size_t i = 0; i < 2; i++) {
        Optimizer o;
        Error e = { "" };
        memset(&o, 0x5a, sizeof o);
        cr_assert(optimizer_create(&o, at[i].method, 0.02, 0.7, MANY, &e), "%s", e.text);
        cr_assert(o.step == at[i].step, "method %zu steps like another one", i);
        cr_assert(o.rate == 0.02 && o.beta == 0.7, "rate %g, beta %g", o.rate, o.beta);
        cr_assert(at[i].method != ADAM || (o.beta2 == 0.999 && o.epsilon == 1e-8),
                  "beta2 is %g, not 0.999; epsilon is %g, not 1e-8", o.beta2, o.epsilon);
        cr_assert(o.t == 0, "%zu steps before the first", o.t);
        /* two vectors that begin at zero, have room and don't overlap */
        cr_assert(malloc_usable_size(o.v) >= 2 * MANY * sizeof *o.v, "room for %zu numbers, not "
                  "for %d", malloc_usable_size(o.v) / sizeof *o.v, 2 * MANY);
        cr_assert(o.m >= o.v && o.m + MANY <= o.v + 2 * MANY, "m lies outside of the room");
        for (size_t k = 0; k < MANY; k++) {
            cr_assert(o.m[k] == 0 && o.v[k] == 0, "moment %zu begins at %g and %g", k, o.m[k],
                      o.v[k]);
        }
        fill_with(o.m, MANY, 1);
        fill_with(o.v, MANY, 2);
        for (size_t k = 0; k < MANY; k++) {
            cr_assert(o.m[k] == 1 && o.v[k] == 2, "m and v share number %zu", k);
        }
        optimizer_destroy(&o);
        cr_assert(o.m == NULL && o.v == NULL, "a destroyed optimizer holds nothing");
        optimizer_destroy(&o);
    }
}

Test(optimizers, plain_descent_holds_nothing, .timeout = 5)
{
    Optimizer o, plain = sgd(0.25);
    Error e = { "" };
    wrap_calls = 0;
    cr_assert(optimizer_create(&o, SGD, 0.25, 0.9, COUNT, &e), "%s", e.text);
    cr_assert(wrap_calls == 0 && o.m == NULL && o.v == NULL, "sgd needs no memory");
    cr_assert(o.step == plain.step && o.rate == 0.25);
    optimizer_destroy(&o);
}
