#include "check.h"

#include <fenv.h>

#include "loss.h"

Test(loss, ln2_at_zero, .timeout = 5)
{
    MATRIX(Z, 3, 1);
    MATRIX_OF(Y, 3, 1, 0, 1, 1);
    double loss = bce_with_logits(Z, Y);
    cr_assert_float_eq(loss, 0.69314718055994531, 2e-16,
                       "at logit 0 the loss is ln 2 = 0.6931471805599453, not %.17g",
                       loss);
    cr_assert(sigmoid(0.0) == 0.5, "sigmoid(0) is 1/2, not %.17g", sigmoid(0.0));
}

Test(loss, finite_at_a_thousand, .timeout = 5)
{
    static const struct {
        double z, y, loss;
    } at[] = { { 1000, 1, 0 }, { 1000, 0, 1000 }, { -1000, 0, 0 }, { -1000, 1, 1000 } };
    for (size_t k = 0; k < 4; k++) {
        MATRIX_OF(Z, 1, 1, at[k].z);
        MATRIX_OF(Y, 1, 1, at[k].y);
        MATRIX_OF(dZ, 1, 1, NAN);
        feclearexcept(FE_ALL_EXCEPT);
        double loss = bce_with_logits(Z, Y);
        bce_with_logits_backward(dZ, Z, Y);
        int raised = fetestexcept(FE_OVERFLOW | FE_INVALID | FE_DIVBYZERO);
        double p = at[k].z > 0 ? 1.0 : 0.0;
        cr_assert(loss == at[k].loss, "z = %g, y = %g: the loss is %g, not %g",
                  at[k].z, at[k].y, at[k].loss, loss);
        cr_assert(dZ.data[0] == p - at[k].y, "z = %g, y = %g: dZ is %g, not %g",
                  at[k].z, at[k].y, p - at[k].y, dZ.data[0]);
        cr_assert(raised == 0, "z = %g, y = %g: an exponential overflows on the way",
                  at[k].z, at[k].y);
    }
    cr_assert(softplus(1e308) == 1e308, "softplus(1e308) is %g", softplus(1e308));
    cr_assert(softplus(-1e308) == 0.0, "softplus(-1e308) is %g", softplus(-1e308));
    cr_assert(sigmoid(-1e308) == 0.0 && sigmoid(1e308) == 1.0);
}

Test(loss, symmetric, .timeout = 5)
{
    for (size_t k = 0; k < 40; k++) {
        double z = 10.0 * number(1, k);
        double plus = sigmoid(z), minus = sigmoid(-z);
        cr_assert_float_eq(plus + minus, 1.0, 3e-16,
                           "sigmoid(%g) + sigmoid(%g) is %.17g, not 1", z, -z,
                           plus + minus);
        double difference = softplus(z) - softplus(-z);
        cr_assert_float_eq(difference, z, 4e-15,
                           "softplus(%g) - softplus(%g) is %.17g", z, -z, difference);
        MATRIX_OF(Z, 1, 1, z);
        MATRIX_OF(M, 1, 1, -z);
        MATRIX_OF(one, 1, 1, 1);
        MATRIX_OF(zero, 1, 1, 0);
        double a = bce_with_logits(Z, one), b = bce_with_logits(M, zero);
        cr_assert_float_eq(a, b, 4e-15,
                           "logit %g with label 1 costs %.17g, logit %g with label "
                           "0 costs %.17g: they must be equal", z, a, -z, b);
    }
}

Test(loss, sigmoid_and_softplus_to_the_last_digits, .timeout = 5)
{
    for (int k = -1200; k <= 1200; k++) {
        double z = (double)k * 0.031 + 1e-3;
        long double big = z;
        double p = (double)(1.0L / (1.0L + expl(-big)));
        double s = (double)(big > 0 ? big + log1pl(expl(-big)) : log1pl(expl(big)));
        cr_assert(relative_error(sigmoid(z), p, 1e-300) < 6e-16,
                  "sigmoid(%.17g) is %.17g, not %.17g", z, p, sigmoid(z));
        cr_assert(relative_error(softplus(z), s, 1e-300) < 6e-16,
                  "softplus(%.17g) is %.17g, not %.17g", z, s, softplus(z));
    }
    /* far out on the left both are e^z, down to the smallest numbers */
    for (int k = 0; k < 30; k++) {
        double z = -700.0 - k, e = exp(z);
        cr_assert_float_eq(sigmoid(z), e, 1e-15 * e + 1e-323,
                           "sigmoid(%g) is %g, not %g", z, e, sigmoid(z));
        cr_assert_float_eq(softplus(z), e, 1e-15 * e + 1e-323,
                           "softplus(%g) is %g, not %g", z, e, softplus(z));
    }
}

Test(loss, is_the_mean_of_the_rows, .timeout = 5)
{
    /* -ln p for label 1, -ln (1 - p) for label 0, added up by hand */
    MATRIX_OF(Z, 5, 1, 2.0, -0.5, 0.2, -3.0, 1.25);
    MATRIX_OF(Y, 5, 1, 1, 1, 0, 0, 0);
    long double sum = 0.0L;
    for (size_t i = 0; i < 5; i++) {
        long double p = 1.0L / (1.0L + expl(-(long double)Z.data[i]));
        sum -= Y.data[i] == 1.0 ? logl(p) : log1pl(-p);
    }
    double loss = bce_with_logits(Z, Y), mean = (double)(sum / 5.0L);
    cr_assert_float_eq(loss, mean, 5e-16, "the mean is %.17g, not %.17g", mean, loss);
}

Test(loss, sure_and_right_costs_little, .timeout = 5)
{
    /* at logit 40 and label 1 the loss is ln(1 + e^-40); adding the 40 first
       would lose all of it */
    MATRIX_OF(Z, 1, 1, 40);
    MATRIX_OF(one, 1, 1, 1);
    double loss = bce_with_logits(Z, one), right = log1p(exp(-40.0));
    cr_assert(relative_error(loss, right, 1e-300) < 1e-15,
              "logit 40, label 1: the loss is %.17g, not %.17g", right, loss);
    MATRIX_OF(M, 1, 1, -40);
    MATRIX_OF(zero, 1, 1, 0);
    loss = bce_with_logits(M, zero);
    cr_assert(relative_error(loss, right, 1e-300) < 1e-15,
              "logit -40, label 0: the loss is %.17g, not %.17g", right, loss);
}

Test(loss, gradient_is_p_minus_y_over_n, .timeout = 5)
{
    MATRIX_OF(Z, 5, 1, 2.0, -0.5, 0.0, -3.0, 1.25);
    MATRIX_OF(Y, 5, 1, 1, 1, 0, 0, 0);
    MATRIX(dZ, 5, 1);
    fill_with(dZ.data, 5, NAN);
    bce_with_logits_backward(dZ, Z, Y);
    for (size_t i = 0; i < 5; i++) {
        double p = 1.0 / (1.0 + exp(-Z.data[i]));
        double g = (p - Y.data[i]) / 5.0;
        measure(fabs(dZ.data[i] - g));
        cr_assert_float_eq(dZ.data[i], g, 1e-16,
                           "row %zu: (p - y)/N = (%.6f - %g)/5 = %.17g, not %.17g", i,
                           p, Y.data[i], g, dZ.data[i]);
    }
}

/* Both at once are the gradient, to the last bit, and the loss but for roundings, for any logit,
   for one row, and for more than one logarithm can take. */
Test(loss, both_are_the_two, .timeout = 5)
{
    static const double at[] = { 0, -0.0, 1, -1, 1e-17, -1e-17, 20, -20, 36.7, -36.7, 300, -300,
                                 709.9, -709.9, 1000, -1000, 1e300, -1e300, NAN };
    enum { ROWS = 2 * (sizeof at / sizeof *at) };
    MATRIX(Z, ROWS, 1);
    MATRIX(Y, ROWS, 1);
    MATRIX(dZ, ROWS, 1);
    MATRIX(both, ROWS, 1);
    for (size_t rows = ROWS; rows >= 1; rows--) {
        Z.rows = Y.rows = dZ.rows = both.rows = rows;
        for (size_t i = 0; i < rows; i++) {
            Z.data[i] = at[(i / 2 + rows) % (ROWS / 2)];
            Y.data[i] = i % 2 ? 1 : 0;
        }
        fill_with(both.data, rows, 1e3);
        double loss = bce_with_logits(Z, Y), same = bce_with_logits_both(both, Z, Y);
        bce_with_logits_backward(dZ, Z, Y);
        cr_assert(fabs(loss - same) <= 1e-15 * loss || (isnan(loss) && isnan(same)), "%zu rows: "
                  "the loss is %.17g, and %.17g together with its gradient", rows, loss, same);
        for (size_t i = 0; i < rows; i++) {
            cr_assert(both.data[i] == dZ.data[i] || (isnan(dZ.data[i]) && isnan(both.data[i])),
                      "z = %g, y = %g: the gradient is %.17g, and %.17g together with its loss "
                      "(ratio %g)", Z.data[i], Y.data[i], dZ.data[i], both.data[i],
                      both.data[i] / dZ.data[i]);
        }
    }
    MATRIX(zeros, 3000, 1);
    MATRIX(slopes, 3000, 1);
    double ln2 = bce_with_logits_both(slopes, zeros, zeros);
    cr_assert_float_eq(ln2, log(2), 1e-15, "3000 logits 0: the loss is %.17g, not ln 2", ln2);
    CHECK_STOPS(bce_with_logits_both(dZ, matrix_view(Z.data, 2, 1), matrix_view(Y.data, 1, 2)),
                "bce_with_logits_both", "2x1", "1x2");
    CHECK_STOPS(bce_with_logits_both(matrix_view(dZ.data, 3, 1), matrix_view(Z.data, 2, 1),
                                     matrix_view(Y.data, 2, 1)), "3x1", "2x1");
}

Test(loss, gradient_matches_differences, .timeout = 5)
{
    MATRIX(Z, 7, 1);
    MATRIX(Y, 7, 1);
    MATRIX(dZ, 7, 1);
    fill_labels(Y, 5);
    for (size_t i = 0; i < 7; i++) {
        Z.data[i] = 4.0 * number(6, i);
    }
    bce_with_logits_backward(dZ, Z, Y);
    for (size_t i = 0; i < 7; i++) {
        double z = Z.data[i], h = 1e-5 * fmax(1.0, fabs(z));
        double up = z + h, down = z - h;
        Z.data[i] = up;
        double f_up = bce_with_logits(Z, Y);
        Z.data[i] = down;
        double f_down = bce_with_logits(Z, Y);
        Z.data[i] = z;
        double n = (f_up - f_down) / (up - down);
        cr_assert(relative_error(dZ.data[i], n, 1e-7) < 1e-6,
                  "row %zu (z = %g, y = %g): backward says %.12g, the difference "
                  "says %.12g (ratio %.6g)", i, z, Y.data[i], dZ.data[i], n,
                  dZ.data[i] / n);
    }
}

Test(loss, accuracy_on_both_signs, .timeout = 5)
{
    /* right: all but the second of each pair; 0.2 and 0.4 are logits, not
       probabilities, so they say class 1; 0 does as well */
    MATRIX_OF(Z, 10, 1, -3, -3, -0.4, -0.4, 0.2, 0.2, 0.4, 0.4, 3, 3);
    MATRIX_OF(Y, 10, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0);
    for (size_t i = 0; i < 10; i++) {
        double got = accuracy(matrix_rows(Z, i, 1), matrix_rows(Y, i, 1));
        double right = i % 2 == 0 ? 1.0 : 0.0;
        cr_assert(got == right, "logit %g with label %g: accuracy %g, not %g",
                  Z.data[i], Y.data[i], right, got);
    }
    double first7 = accuracy(matrix_rows(Z, 0, 7), matrix_rows(Y, 0, 7));
    cr_assert_float_eq(first7, 4.0 / 7.0, 1e-16, "4 of 7 are right: %.17g", first7);
    MATRIX(zero, 1, 1);
    MATRIX_OF(one, 1, 1, 1);
    cr_assert(accuracy(zero, one) == 1.0, "logit 0 is p = 1/2, class 1");
}

Test(loss, shapes_that_do_not_fit_stop, .timeout = 10)
{
    MATRIX(Z, 5, 1);
    MATRIX(Y, 5, 1);
    MATRIX(dZ, 5, 1);
    Matrix row = matrix_view(Y.data, 1, 5), four = matrix_view(Y.data, 4, 1);
    CHECK_STOPS(bce_with_logits(Z, row), "bce_with_logits", "5x1", "1x5");
    CHECK_STOPS(bce_with_logits(Z, four), "bce_with_logits", "5x1", "4x1");
    CHECK_STOPS(bce_with_logits_backward(dZ, Z, four), "bce_with_logits_backward");
    CHECK_STOPS(bce_with_logits_backward(matrix_view(dZ.data, 4, 1), Z, Y),
                "bce_with_logits_backward");
    CHECK_STOPS(bce_with_logits_backward(dZ, matrix_view(Z.data, 4, 1), Y),
                "bce_with_logits_backward");
    CHECK_STOPS(bce_with_logits_both(dZ, matrix_view(Z.data, 4, 1), Y), "bce_with_logits_both");
    CHECK_STOPS(bce_with_logits_both(matrix_view(dZ.data, 4, 1), Z, Y), "bce_with_logits_both");
    CHECK_STOPS(accuracy(Z, four), "accuracy", "5x1", "4x1");
    CHECK_STOPS(accuracy(row, row), "accuracy");
    MATRIX(two, 5, 2);
    CHECK_STOPS(bce_with_logits(two, Y), "bce_with_logits", "5x2", "5x1");
    CHECK_STOPS(bce_with_logits(Z, two), "bce_with_logits", "5x1", "5x2");
}

/* A logit of -5 for a point with label 1, and how long plain descent with rate 1 needs to turn it. */
static size_t steps_to_half(bool squares, double *first)
{
    double z = -5.0;
    size_t steps = 0;
    for (*first = NAN; sigmoid(z) <= 0.5; steps++) {
        double p = sigmoid(z), slope = squares ? 2 * (p - 1) * p * (1 - p) : p - 1;
        *first = steps ? *first : slope;
        z -= slope;
    }
    return steps;
}

Test(loss, squared_error_is_slow_where_it_is_wrong, .timeout = 5)
{
    double entropy, square;
    size_t quick = steps_to_half(false, &entropy), slow = steps_to_half(true, &square);
    cr_assert_float_eq(entropy, -0.993, 5e-4, "cross-entropy: %g", entropy);
    cr_assert_float_eq(square, -0.013, 5e-4, "squared error: %g", square);
    cr_assert(quick == 6 && slow == 85, "%zu and %zu steps", quick, slow);
    MATRIX_OF(Z, 1, 1, -5);
    MATRIX_OF(Y, 1, 1, 1);
    MATRIX(dZ, 1, 1);
    bce.gradient(dZ, Z, Y);
    cr_assert(dZ.data[0] == entropy);
}
