#include "check.h"

#include "data.h"

Test(data, scaling_by_hand, .timeout = 5)
{
    /* columns: 1 2 3 4 (mean 2.5, variance 1.25 with divisor N), -6 2 -6 2
       (mean -2, deviation 4), and a constant, which gets deviation 1 */
    MATRIX_OF(X, 4, 3, 1, -6, 7, 2, 2, 7, 3, -6, 7, 4, 2, 7);
    Scaling s;
    Error e;
    cr_assert(scaling_fit(&s, X, &e), "scaling_fit: %s", e.text);
    cr_assert(s.mean.rows == 1 && s.mean.cols == 3 && s.std.cols == 3);
    MATRIX_OF(mean, 1, 3, 2.5, -2, 7);
    MATRIX_OF(std, 1, 3, 1.1180339887498949, 4, 1);
    check_near(s.mean.data, mean.data, 3, 1e-15, "the mean");
    check_near(s.std.data, std.data, 3, 1e-15, "the deviation (divisor N)");

    /* other rows are scaled by the same numbers, not by their own */
    MATRIX_OF(other, 2, 3, 2.5, 2, 9, 5, -10, 7);
    MATRIX_OF(scaled, 2, 3, 0, 1, 2, 2.2360679774997898, -2, 0);
    scaling_apply(other, s);
    check_matrix(other, scaled, 1e-15, "(x - mean)/deviation, X");
    cr_assert(X.data[0] == 1 && X.data[11] == 7, "scaling_fit changed its data");
    scaling_destroy(&s);
    scaling_destroy(&s);
}

Test(data, scaling_gives_mean_zero_and_variance_one, .timeout = 5)
{
    /* a column far from zero: the mean of squares minus the square of the mean
       would keep no digit of its variance */
    MATRIX(X, 50, 3);
    for (size_t i = 0; i < 50; i++) {
        AT(X, i, 0) = 3.0 * number(1, i) + 5.0;
        AT(X, i, 1) = 1e9 + number(2, i);
        AT(X, i, 2) = 1e-6 * number(3, i);
    }
    Scaling s;
    Error e;
    cr_assert(scaling_fit(&s, X, &e), "scaling_fit: %s", e.text);
    scaling_apply(X, s);
    for (size_t j = 0; j < 3; j++) {
        double mean = 0.0, square = 0.0;
        for (size_t i = 0; i < 50; i++) {
            mean += AT(X, i, j) / 50.0;
            square += AT(X, i, j) * AT(X, i, j) / 50.0;
        }
        cr_assert_float_eq(mean, 0.0, 1e-6, "column %zu: mean %g, not 0", j, mean);
        cr_assert_float_eq(square, 1.0, 1e-6, "column %zu: mean square %.9g, not 1", j,
                           square);
    }
    scaling_destroy(&s);
}

Test(data, constant_columns_stay_finite, .timeout = 5)
{
    /* 0.1 has no exact double: its mean over 7 rows may be off by a bit, and
       the deviation by as little; it counts as a constant all the same */
    MATRIX(X, 7, 3);
    for (size_t i = 0; i < 7; i++) {
        AT(X, i, 0) = 0.1;
        AT(X, i, 1) = 0.0;
        AT(X, i, 2) = -123456.7;
    }
    Scaling s;
    Error e;
    cr_assert(scaling_fit(&s, X, &e), "scaling_fit: %s", e.text);
    scaling_apply(X, s);
    for (size_t k = 0; k < 21; k++) {
        cr_assert(fabs(X.data[k]) < 1e-9,
                  "a constant column becomes 0, but row %zu, column %zu is %g", k / 3,
                  k % 3, X.data[k]);
    }
    scaling_destroy(&s);
}

Test(data, constant_columns_of_any_length, .timeout = 5)
{
    /* the rounding of the mean leaves many equal numbers a deviation of 1e-13 or so; a column
       that varies in its last digits does vary */
    static const struct {
        double value;
        size_t rows;
    } of[] = { { 7.7, 569 }, { 0.1, 1000 }, { 1e9 + 0.1, 997 }, { -0.3, 400 }, { 1e-200, 3 } };
    for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
        MATRIX(X, 1000, 1);
        X.rows = of[k].rows;
        fill_with(X.data, X.rows, of[k].value);
        Scaling s;
        Error e;
        cr_assert(scaling_fit(&s, X, &e), "scaling_fit: %s", e.text);
        cr_assert(s.std.data[0] == 1, "%zu times %.17g: deviation %g", X.rows, of[k].value,
                  s.std.data[0]);
        scaling_destroy(&s);
        X.data[X.rows / 2] = of[k].value * 1.001;
        cr_assert(scaling_fit(&s, X, &e), "scaling_fit: %s", e.text);
        cr_assert(k == 4 ? s.std.data[0] == 1 : s.std.data[0] < 1e-2 * fabs(of[k].value),
                  "one of %zu is different: deviation %g", X.rows, s.std.data[0]);
        scaling_destroy(&s);
    }
}

Test(data, one_point_stands_at_the_origin, .timeout = 5)
{
    Dataset D;
    Error e;
    cr_assert(spirals(&D, 1, 0.0, 1, &e), "spirals: %s", e.text);
    for (size_t k = 0; k < 4; k++) {
        cr_assert(D.X.data[k] == 0, "a single point of each class is the first of its trail, not %g",
                  D.X.data[k]);
    }
    dataset_destroy(&D);
}

Test(data, gather_moves_rows_and_labels, .timeout = 5)
{
    Error e;
    Dataset D, batch;
    cr_assert(dataset_create(&D, 6, 3, &e) && dataset_create(&batch, 4, 3, &e),
              "dataset_create: %s", e.text);
    cr_assert(D.X.rows == 6 && D.X.cols == 3 && D.Y.rows == 6 && D.Y.cols == 1);
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = 0; j < 3; j++) {
            AT(D.X, i, j) = (double)(10 * i + j);
        }
        D.Y.data[i] = (double)(i % 2);
    }
    fill_with(batch.Y.data, 4, 9.0);
    const size_t order[] = { 5, 0, 3, 3 };
    dataset_gather(batch, D, order);
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 3; j++) {
            double x = (double)(10 * order[i] + j);
            cr_assert(AT(batch.X, i, j) == x, "X[%zu][%zu] of the batch is %g, not %g: "
                      "row %zu of the set", i, j, AT(batch.X, i, j), x, order[i]);
        }
        cr_assert(batch.Y.data[i] == (double)(order[i] % 2),
                  "label %zu of the batch is %g: it didn't come with row %zu", i,
                  batch.Y.data[i], order[i]);
    }
    for (size_t k = 0; k < 18; k++) {
        cr_assert(D.X.data[k] == (double)(10 * (k / 3) + k % 3),
                  "gathering changed the data set");
    }
    dataset_destroy(&D);
    dataset_destroy(&batch);
    dataset_destroy(&batch);
}

Test(data, shapes_that_do_not_fit_stop, .timeout = 10)
{
    Error e;
    Dataset D, batch;
    cr_assert(dataset_create(&D, 4, 3, &e) && dataset_create(&batch, 4, 2, &e));
    const size_t order[] = { 0, 1, 2, 3 };
    CHECK_STOPS(dataset_gather(batch, D, order), "dataset_gather", "2", "3");
    Dataset torn = { D.X, matrix_rows(D.Y, 0, 3) };
    CHECK_STOPS(dataset_gather(torn, D, order), "dataset_gather");
    Dataset fits = { D.X, D.Y }, wide = { D.X, matrix_view(D.Y.data, 4, 2) },
            brief = { matrix_rows(D.X, 0, 3), matrix_rows(D.Y, 0, 3) };
    dataset_gather(fits, D, order);
    CHECK_STOPS(dataset_gather(fits, torn, order), "dataset_gather");
    CHECK_STOPS(dataset_gather(fits, wide, order), "dataset_gather");
    CHECK_STOPS(dataset_gather(wide, D, order), "dataset_gather");
    dataset_gather(brief, D, order); /* fewer rows of a set than it has: a batch */
    Scaling s;
    cr_assert(scaling_fit(&s, D.X, &e));
    CHECK_STOPS(scaling_apply(batch.X, s), "scaling_apply", "2", "3");
    scaling_destroy(&s);
    dataset_destroy(&D);
    dataset_destroy(&batch);
}
