#include "check.h"

#include "bayes.h"
#include "loss.h"

Test(bayes, density_by_hand, .timeout = 5)
{
    /* one centre a class: (0,0) and (2,0), noise 1/2. The logit is
       (x^2 - (x-2)^2) / (2 (1/2)^2) = 8x - 8, whatever y is */
    MATRIX_OF(X, 2, 2, 0, 0, 2, 0);
    MATRIX_OF(Y, 2, 1, 0, 1);
    Dataset pair = { X, Y };
    static const double at[][2] = { { 1, 3 }, { 0, 1 }, { 2, 0 }, { 1.5, -1 }, { 1000, 7 } };
    for (size_t k = 0; k < 5; k++) {
        double got = bayes_logit(pair, 0.5, at[k][0], at[k][1]);
        double right = 8.0 * at[k][0] - 8.0;
        cr_assert(relative_error(got, right, 1.0) < 1e-9,
                  "at (%g, %g) the logit is 8x - 8 = %g, not %.12g", at[k][0], at[k][1],
                  right, got);
    }
    /* two centres a class, seen from (2,1): the exponents of class 1 are -2 and
       -2, those of class 0 are -10 and -8 */
    MATRIX_OF(X4, 4, 2, 2, 0, 0, 0, 0, 1, 2, 2);
    MATRIX_OF(Y4, 4, 1, 1, 0, 0, 1);
    Dataset four = { X4, Y4 };
    double right = log(2.0 * exp(-2.0)) - log(exp(-10.0) + exp(-8.0));
    double got = bayes_logit(four, 0.5, 2.0, 1.0);
    cr_assert_float_eq(got, right, 1e-13, "the logit is %.15g, not %.15g", right, got);
    /* and the other way round: mirrored, the sign changes */
    for (size_t i = 0; i < 4; i++) {
        Y4.data[i] = 1.0 - Y4.data[i];
    }
    got = bayes_logit(four, 0.5, 2.0, 1.0);
    cr_assert_float_eq(got, -right, 1e-13, "the logit is %.15g, not %.15g", -right, got);
}

Test(bayes, accuracy_on_fresh_points, .timeout = 20)
{
    Error e = { "" };
    Dataset centres, D;
    cr_assert(spirals(&centres, 200, 0.0, 0, &e), "%s", e.text);
    MATRIX(Z, 400, 1);
    double sum = 0.0, training = 0.0;
    for (uint64_t set = 0; set <= 15; set++) { /* set 0: the training points */
        cr_assert(spirals(&D, 200, 0.25, set == 0 ? 7 : 5000 + set, &e), "%s", e.text);
        for (size_t i = 0; i < 400; i++) {
            Z.data[i] = bayes_logit(centres, 0.25, AT(D.X, i, 0), AT(D.X, i, 1));
        }
        double share = accuracy(Z, D.Y);
        if (set == 0) {
            training = share;
        } else {
            sum += share / 15.0;
        }
        dataset_destroy(&D);
    }
    cr_assert_float_eq(training, 0.9925, 1e-9,
                       "on the training points the Bayes rule is right on 99.25 %%, not "
                       "%.2f %%", 100.0 * training);
    /* one set varies by 0.5 %, the mean of 15 by 0.13 % */
    cr_assert_float_eq(sum, 0.9906, 0.004,
                       "on fresh points the Bayes rule is right on 99.06 %%, not %.2f %%",
                       100.0 * sum);
    dataset_destroy(&centres);
}
