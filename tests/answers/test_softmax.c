/* Softmax, its loss and gradient, labels as rows, decisions; and a network with three classes. */
#include "room.h"

#include "complexstep.h"
#include "gradcheck.h"
#include "softmax.h"
#include "train.h"

enum { N = 5, K = 4 };

typedef struct {
    Room room;
    Matrix Z, Y, P, dZ;
} Fixture;

/* Row i is of class 3i + 1. */
static void fill_rows(Matrix Y)
{
    for (size_t i = 0; i < Y.rows; i++) {
        for (size_t k = 0; k < Y.cols; k++) {
            AT(Y, i, k) = k == (3 * i + 1) % Y.cols;
        }
    }
}

static void begin(Fixture *f, size_t rows, size_t cols, double scale)
{
    room_begin(&f->room);
    f->Z = room_matrix(&f->room, rows, cols);
    f->Y = room_matrix(&f->room, rows, cols);
    f->P = room_matrix(&f->room, rows, cols);
    f->dZ = room_matrix(&f->room, rows, cols);
    fill(f->Z, 3);
    for (size_t k = 0; k < rows * cols; k++) {
        f->Z.data[k] *= scale;
    }
    fill_rows(f->Y);
}

/* The definition, in long double, where exp has the range for it. */
static double reference(const Fixture *f, double *p)
{
    long double loss = 0;
    for (size_t i = 0; i < f->Z.rows; i++) {
        long double sum = 0;
        for (size_t k = 0; k < f->Z.cols; k++) {
            sum += expl((long double)AT(f->Z, i, k));
        }
        for (size_t k = 0; k < f->Z.cols; k++) {
            long double share = expl((long double)AT(f->Z, i, k)) / sum;
            p[i * f->Z.cols + k] = (double)share;
            loss -= AT(f->Y, i, k) == 1 ? logl(share) : 0;
        }
    }
    return (double)(loss / (long double)f->Z.rows);
}

Test(softmax, knows_nothing_says_ln_k, .timeout = 5)
{
    for (size_t cols = 2; cols <= 10; cols++) {
        for (double z = -1e6; z <= 1e6; z += 1e6) {
            Fixture f;
            begin(&f, 3, cols, 0);
            fill_with(f.Z.data, 3 * cols, z);
            cr_assert_float_eq(softmax_loss(f.P, f.Z, f.Y), log((double)cols), 1e-14, "%zu logits of %g", cols, z);
            for (size_t k = 0; k < 3 * cols; k++) {
                cr_assert_float_eq(f.P.data[k], 1 / (double)cols, 1e-15, "%zu logits of %g: p is %g", cols, z, f.P.data[k]);
            }
        }
    }
}

Test(softmax, loss_and_probabilities_by_definition, .timeout = 5)
{
    const double scales[] = { 0.01, 1, 20, 300, 1000 };
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
        for (size_t rows = 1; rows <= N; rows += 2) {
            for (size_t cols = 2; cols <= K; cols++) {
                Fixture f;
                double right[N * K], before[N * K];
                begin(&f, rows, cols, scales[s]);
                memcpy(before, f.Z.data, rows * cols * sizeof *before);
                double expected = reference(&f, right), loss = softmax_loss(f.P, f.Z, f.Y);
                cr_assert(relative_error(loss, expected, 1.0) < 1e-14, "%zu x %zu, logits up to %g: the loss is %.17g, should be %.17g",
                          rows, cols, scales[s], loss, expected);
                for (size_t k = 0; k < rows * cols; k++) {
                    cr_assert(relative_error(f.P.data[k], right[k], 1e-300) < 1e-12 || right[k] < 1e-300,
                              "%zu x %zu, logits up to %g: P %zu is %.17g, should be %.17g", rows, cols, scales[s], k,
                              f.P.data[k], right[k]);
                }
                check_bits(f.Z.data, before, rows * cols, "Z");
                check_gaps(&f.room, "softmax_loss");
            }
        }
    }
}

Test(softmax, finite_at_a_thousand, .timeout = 5)
{
    MATRIX_OF(Z, 4, 3, 1000, 0, 0, -1000, 0, -1000, 1000, 1000, -1000, 0, -1e300, 1e300);
    MATRIX_OF(Y, 4, 3, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1);
    static const double loss[] = { 1000, 1000, 0.69314718055994531, 0 }, p[] = { 1, 0, 0, 0, 1, 0, 0.5, 0.5, 0, 0, 0, 1 };
    MATRIX(P, 4, 3);
    for (size_t i = 0; i < 4; i++) {
        double got = softmax_loss(matrix_rows(P, i, 1), matrix_rows(Z, i, 1), matrix_rows(Y, i, 1));
        cr_assert(relative_error(got, loss[i], 1e-15) < 1e-15, "row %zu: the loss is %.17g, should be %.17g", i, got, loss[i]);
    }
    for (size_t k = 0; k < 12; k++) {
        cr_assert_float_eq(P.data[k], p[k], 1e-300, "P %zu is %g", k, P.data[k]);
    }
}

Test(softmax, a_row_may_be_shifted, .timeout = 5)
{
    Fixture f, g;
    begin(&f, N, K, 3);
    begin(&g, N, K, 3);
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < K; k++) {
            AT(g.Z, i, k) += 64.0 * (double)i; /* exact, nearly */
        }
    }
    double a = softmax_loss(f.P, f.Z, f.Y), b = softmax_loss(g.P, g.Z, g.Y);
    cr_assert_float_eq(a, b, 1e-12, "shifted rows: the loss is %.17g, it was %.17g", b, a);
    check_matrix(g.P, f.P, 1e-12, "P");
}

Test(softmax, two_classes_are_the_sigmoid, .timeout = 5)
{
    for (int z = -40; z <= 40; z++) {
        for (int y = 0; y < 2; y++) {
            MATRIX_OF(two, 1, 2, 0, z);
            MATRIX_OF(one, 1, 1, z);
            MATRIX_OF(rows, 1, 2, !y, y);
            MATRIX_OF(label, 1, 1, y);
            MATRIX(dtwo, 1, 2);
            MATRIX(done, 1, 1);
            double a = softmax.both(dtwo, two, rows), b = bce.both(done, one, label);
            cr_assert(fabs(a - b) < 1e-15 || relative_error(a, b, 1e-16) < 1e-12, "logit %d, label %d: %.17g, not %.17g", z, y, a, b);
            cr_assert_float_eq(dtwo.data[1], done.data[0], 1e-15);
            cr_assert_float_eq(dtwo.data[0], -done.data[0], 1e-15);
        }
    }
}

Test(softmax, gradient_is_p_minus_y_over_n, .timeout = 5)
{
    for (size_t rows = 1; rows <= N; rows++) {
        Fixture f;
        begin(&f, rows, K, 2);
        softmax_loss(f.P, f.Z, f.Y);
        softmax_gradient(f.dZ, f.P, f.Y);
        for (size_t i = 0; i < rows; i++) {
            double sum = 0;
            for (size_t k = 0; k < K; k++) {
                double right = (AT(f.P, i, k) - AT(f.Y, i, k)) / (double)rows;
                measure(fabs(AT(f.dZ, i, k) - right));
                cr_assert_float_eq(AT(f.dZ, i, k), right, 1e-16, "dZ[%zu,%zu] is %g, should be %g", i, k, AT(f.dZ, i, k), right);
                sum += AT(f.dZ, i, k);
            }
            cr_assert_float_eq(sum, 0, 1e-15, "row %zu has the sum %g", i, sum);
        }
        softmax_gradient(f.P, f.P, f.Y);
        check_bits(f.P.data, f.dZ.data, rows * K, "dZ in the place of P");
        check_gaps(&f.room, "softmax_gradient");
    }
}

Test(softmax, gradient_matches_differences, .timeout = 5)
{
    for (size_t rows = 1; rows <= N; rows += 2) {
        Fixture f;
        begin(&f, rows, K, 2);
        softmax.gradient(f.dZ, f.Z, f.Y);
        for (size_t k = 0; k < rows * K; k++) {
            double old = f.Z.data[k];
            f.Z.data[k] = old + 1e-5;
            double up = softmax.value(f.Z, f.Y);
            f.Z.data[k] = old - 1e-5;
            double down = softmax.value(f.Z, f.Y), n = (up - down) / 2e-5;
            f.Z.data[k] = old;
            cr_assert(relative_error(f.dZ.data[k], n, 1e-7) < 1e-6, "entry %zu: %.12g, differences say %.12g", k, f.dZ.data[k], n);
        }
    }
}

Test(softmax, the_loss_is_a_mean_over_rows, .timeout = 5)
{
    Fixture once, twice;
    begin(&once, N, K, 2);
    begin(&twice, 2 * N, K, 2);
    memcpy(twice.Z.data, once.Z.data, N * K * sizeof(double));
    memcpy(twice.Z.data + N * K, once.Z.data, N * K * sizeof(double));
    memcpy(twice.Y.data, once.Y.data, N * K * sizeof(double));
    memcpy(twice.Y.data + N * K, once.Y.data, N * K * sizeof(double));
    double a = softmax.both(once.dZ, once.Z, once.Y), b = softmax.both(twice.dZ, twice.Z, twice.Y);
    cr_assert_float_eq(a, b, 1e-14, "every row twice: %.17g, it was %.17g", b, a);
    cr_assert_float_eq(a, softmax.value(once.Z, once.Y), 1e-14, "value and both differ");
    for (size_t k = 0; k < N * K; k++) {
        cr_assert_float_eq(2 * twice.dZ.data[k], once.dZ.data[k], 1e-15);
    }
}

Test(softmax, labels_become_rows, .timeout = 5)
{
    MATRIX_OF(c, 4, 1, 2, 0, 1, 2);
    MATRIX_OF(right, 4, 3, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1);
    Fixture f;
    begin(&f, 4, 3, 1);
    one_hot(f.Z, c); /* over numbers that were there */
    check_bits(f.Z.data, right.data, 12, "Y");
    check_gaps(&f.room, "one_hot");
}

Test(softmax, decides_for_the_largest, .timeout = 5)
{
    MATRIX_OF(Z, 6, 3, 1, 2, 3, -3, -2, -4, 5, 5, 5, 0, 7, 7, 1e-9, 0, 0, -1, -3, -2);
    static const double right[] = { 2, 1, 0, 1, 0, 0 };
    Room room;
    room_begin(&room);
    Matrix c = room_matrix(&room, 6, 1);
    decide(c, Z);
    check_gaps(&room, "decide");
    for (size_t i = 0; i < 6; i++) {
        cr_assert(c.data[i] == right[i], "row %zu: class %g, should be %g", i, c.data[i], right[i]);
    }
    MATRIX_OF(Y, 6, 3, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1);
    cr_assert(softmax.accuracy(Z, Y) == 4.0 / 6, "accuracy %g, not 4 of 6", softmax.accuracy(Z, Y));
}

Test(softmax, probabilities_need_no_labels, .timeout = 5)
{
    Fixture f;
    double right[N * K];
    begin(&f, N, K, 2);
    reference(&f, right);
    softmax_probabilities(f.P, f.Z);
    check_near(f.P.data, right, N * K, 1e-13, "P");
}

Test(softmax, as_many_classes_as_there_may_be, .timeout = 5)
{
    MATRIX(Z, 1, CLASSES);
    MATRIX_OF(Y, 1, CLASSES, 1);
    cr_assert_float_eq(softmax.value(Z, Y), log(CLASSES), 1e-14, "%d equal logits: the loss is %g", CLASSES, softmax.value(Z, Y));
}

Test(softmax, wrong_shapes_stop, .timeout = 20)
{
    Fixture f;
    begin(&f, N, K, 1);
    MATRIX(c, N, 1);
    MATRIX(wide, 1, CLASSES + 1);
    Matrix less = matrix_rows(f.Y, 0, N - 1), thin = matrix_view(f.Y.data, N, K - 1);
    CHECK_STOPS(softmax_loss(f.P, f.Z, less), "softmax_loss", "5x4", "4x4");
    CHECK_STOPS(softmax_loss(less, f.Z, f.Y), "softmax_loss");
    CHECK_STOPS(softmax_gradient(f.dZ, f.P, thin), "softmax_gradient", "5x4", "5x3");
    CHECK_STOPS(softmax_gradient(thin, f.P, f.Y), "softmax_gradient");
    CHECK_STOPS(one_hot(less, c), "one_hot", "5x1", "4x4");
    CHECK_STOPS(one_hot(f.Y, f.Z), "one_hot");
    CHECK_STOPS(decide(c, less), "decide", "4x4", "5x1");
    CHECK_STOPS(decide(f.P, f.Z), "decide");
    CHECK_STOPS(softmax.accuracy(f.Z, less), "softmax_accuracy");
    CHECK_STOPS(softmax.value(wide, wide), "softmax", "101", "100");
}

/* -- a network that ends in three logits */

typedef struct {
    Network net;
    Dataset D;
    double grads[100], exact[100];
    Matrix dX, exact_dX;
} Whole;

enum { ROWS = 30 };

static void begin_whole(Whole *w)
{
    static const size_t width[] = { 2, 5, 4, 3 };
    Error e = { "" };
    cr_assert(network_create(&w->net, width, 4, ROWS, &e), "%s", e.text);
    network_init(&w->net, INIT_HE, 3);
    fill_numbers(w->net.params, w->net.param_count, 5);
    cr_assert(dataset_create(&w->D, ROWS, 2, &e), "%s", e.text);
    for (size_t i = 0; i < ROWS; i++) { /* three heaps */
        double angle = (double)(i % 3) * 2 * PI / 3;
        AT(w->D.X, i, 0) = 2 * cos(angle) + 0.7 * number(8, 2 * i);
        AT(w->D.X, i, 1) = 2 * sin(angle) + 0.7 * number(8, 2 * i + 1);
        AT(w->D.Y, i, 0) = (double)(i % 3);
    }
    cr_assert(dataset_one_hot(&w->D, 3, &e), "%s", e.text);
    cr_assert(w->D.Y.rows == ROWS && w->D.Y.cols == 3 && AT(w->D.Y, 4, 1) == 1 && AT(w->D.Y, 4, 0) == 0);
    cr_assert(matrix_create(&w->dX, ROWS, 2, &e) && matrix_create(&w->exact_dX, ROWS, 2, &e));
}

static void end_whole(Whole *w)
{
    network_destroy(&w->net);
    dataset_destroy(&w->D);
    matrix_destroy(&w->dX);
    matrix_destroy(&w->exact_dX);
}

Test(softmax, complex_step_agrees, .timeout = 10)
{
    Whole w;
    Error e = { "" };
    MATRIX(dZ, ROWS, 3);
    begin_whole(&w);
    softmax.gradient(dZ, network_forward(&w.net, w.D.X, TRAINING), w.D.Y);
    network_backward(w.dX, &w.net, dZ);
    size_t count = w.net.param_count;
    memcpy(w.grads, w.net.grads, count * sizeof *w.grads);
    cr_assert(complex_gradient(1e-20, w.exact, w.exact_dX, &w.net, w.D.X, w.D.Y, &softmax, &e), "%s", e.text);
    cr_assert(verdict_ok(compare_gradients(w.grads, w.exact, count), 1e-11), "parameters");
    cr_assert(verdict_ok(compare_gradients(w.dX.data, w.exact_dX.data, 2 * ROWS), 1e-11), "X");
    end_whole(&w);
}

Test(softmax, trains_three_classes, .timeout = 10)
{
    Whole w;
    Error e = { "" };
    Rng rng = rng_create(1);
    Optimizer o = sgd(0.2);
    begin_whole(&w);
    double before = network_mean(&w.net, w.D, softmax.value);
    cr_assert(train(&w.net, w.D, &softmax, &o, 200, 7, &rng, NULL, NULL, &e), "%s", e.text);
    double after = network_mean(&w.net, w.D, softmax.value);
    cr_assert(after < before / 10, "the loss went from %g to %g", before, after);
    cr_assert(network_mean(&w.net, w.D, softmax.accuracy) == 1, "not all right");
    MATRIX(Z, ROWS, 3);
    network_predict(Z, &w.net, w.D.X);
    cr_assert(softmax.accuracy(Z, w.D.Y) == 1, "predicted otherwise");
    end_whole(&w);
}
