/* Batch normalisation: by hand, by its properties, and against differences. */
#include "room.h"

#include "batchnorm.h"
#include "network.h"

enum { MOST = 6 }; /* room for six rows; batches have fewer */

typedef struct {
    Room room;
    Layer l;
    BatchNorm n; /* views for the rows of the batch */
    Matrix X, Z, dZ, dX;
    double *params, *grads, *kept, *lasting;
} Fixture;

/* gamma and beta of both signs; outputs and what is kept hold the sentinel. */
static void begin(Fixture *f, size_t rows, size_t width)
{
    Room *r = &f->room;
    room_begin(r);
    f->l = batchnorm_layer(width);
    f->params = room_take(r, 2 * width);
    f->grads = room_take(r, 2 * width);
    layer_bind(&f->l, f->params, f->grads, room_take(r, width));
    f->kept = room_take(r, layer_room(&f->l, MOST));
    f->lasting = room_take(r, 2 * width);
    layer_keep(&f->l, f->kept, MOST, f->lasting);
    f->l.start(&f->l, INIT_XAVIER, 1);
    f->n = batchnorm_view(&f->l, rows);
    fill_numbers(f->params, 2 * width, 11);
    f->X = room_matrix(r, rows, width);
    f->Z = room_matrix(r, rows, width);
    f->dZ = room_matrix(r, rows, width);
    f->dX = room_matrix(r, rows, width);
    fill(f->X, 2);
    fill(f->dZ, 3);
}

static void forward(Fixture *f, Mode mode)
{
    f->l.forward(f->Z, &f->l, f->X, mode);
    check_gaps(&f->room, "forward");
}

static void backward(Fixture *f)
{
    f->l.backward(f->dX, &f->l, f->dZ, f->X);
    check_gaps(&f->room, "backward");
}

/* what is kept, then what lasts */
static double *kept_copy(const Fixture *f, double *copy)
{
    size_t kept = (MOST + 1) * f->l.d_out;
    memcpy(copy + kept, f->lasting, 2 * f->l.d_out * sizeof *copy);
    return memcpy(copy, f->kept, kept * sizeof *copy);
}

Test(batchnorm, forward_by_hand, .timeout = 5)
{
    /* columns 1, 3 and 30, 10: means 2 and 20, variances 1 and 100 */
    Fixture f;
    begin(&f, 2, 2);
    memcpy(f.params, (double[]){ 2, -3, 0.5, 1 }, 4 * sizeof(double));
    memcpy(f.X.data, (double[]){ 1, 30, 3, 10 }, 4 * sizeof(double));
    forward(&f, TRAINING);
    double a = 1 / sqrt(1 + 1e-5), b = 1 / sqrt(100 + 1e-5);
    MATRIX_OF(inverse, 1, 2, a, b);
    MATRIX_OF(Xhat, 2, 2, -a, 10 * b, a, -10 * b);
    MATRIX_OF(Z, 2, 2, 0.5 - 2 * a, 1 - 30 * b, 0.5 + 2 * a, 1 + 30 * b);
    check_matrix(f.n.inverse, inverse, 1e-15, "1 / sqrt(variance + epsilon)");
    check_matrix(f.n.Xhat, Xhat, 1e-15, "Xhat");
    check_matrix(f.Z, Z, 1e-14, "Z");
}

Test(batchnorm, mean_0_and_variance_1, .timeout = 5)
{
    Fixture f;
    begin(&f, 5, 3);
    forward(&f, TRAINING);
    for (size_t k = 0; k < 3; k++) {
        double mean = 0, square = 0, sum = 0, spread = 0;
        for (size_t i = 0; i < 5; i++) {
            sum += AT(f.X, i, k) / 5;
            mean += AT(f.n.Xhat, i, k) / 5;
            square += AT(f.n.Xhat, i, k) * AT(f.n.Xhat, i, k) / 5;
        }
        for (size_t i = 0; i < 5; i++) {
            spread += (AT(f.X, i, k) - sum) * (AT(f.X, i, k) - sum) / 5;
        }
        cr_assert_float_eq(mean, 0, 1e-15, "column %zu of Xhat has mean %g", k, mean);
        cr_assert_float_eq(square, spread / (spread + 1e-5), 1e-14,
                           "column %zu of Xhat has variance %.12g, not %.12g", k, square,
                           spread / (spread + 1e-5));
    }
}

/* ---- against differences -------------------------------------------------- */

static double projection(Fixture *f)
{
    f->l.forward(f->Z, &f->l, f->X, TRAINING);
    return inner(f->dZ, f->Z);
}

/* Five points: two rows, and columns with a small spread, bend too much for two. */
static double difference(Fixture *f, double *x, double h)
{
    static const double weight[] = { 1, -8, 0, 8, -1 };
    double old = *x, sum = 0;
    for (int k = 0; k < 5; k++) {
        *x = old + h * (k - 2);
        sum += k == 2 ? 0 : weight[k] * projection(f);
    }
    *x = old;
    return sum / (12 * h);
}

static void check_tensor(Fixture *f, const char *what, double *x, const double *grad,
                         size_t count, double h)
{
    double largest = 0;
    for (size_t k = 0; k < count; k++) {
        double d = difference(f, &x[k], h);
        cr_assert(relative_error(grad[k], d, 1e-7) < 1e-6,
                  "%s, entry %zu (N = %zu, d = %zu, inputs spread by %g): backward says %.12g, "
                  "differences say %.12g (ratio %.6g)", what, k, f->X.rows, f->X.cols, h / 1e-3,
                  grad[k], d, grad[k] / d);
        largest = fmax(largest, fabs(grad[k]));
    }
    cr_assert(largest > 1e-6, "%s is zero everywhere: nothing was checked", what);
}

static void check_gradients(size_t rows, size_t width, double spread, double offset)
{
    Fixture f;
    begin(&f, rows, width);
    for (size_t k = 0; k < rows * width; k++) {
        f.X.data[k] = offset + spread * number(2, k);
    }
    cr_assert(width == 1 || f.params[0] * f.params[2] < 0, "gamma should have both signs");
    forward(&f, TRAINING);
    backward(&f);
    double grads[6];
    memcpy(grads, f.grads, 2 * width * sizeof *grads);
    check_tensor(&f, "dgamma", f.params, grads, width, 1e-3);
    check_tensor(&f, "dbeta", f.params + width, grads + width, width, 1e-3);
    check_tensor(&f, "dX", f.X.data, f.dX.data, rows * width, 1e-3 * spread);
}

Test(batchnorm, gradients_match_differences, .timeout = 5)
{
    check_gradients(5, 3, 1, 0);
    check_gradients(5, 1, 1, 0);
    check_gradients(2, 3, 1, 0);
    check_gradients(2, 1, 1, 0);
}

Test(batchnorm, gradients_with_a_small_variance, .timeout = 5)
{
    /* a variance like epsilon and far below it: there epsilon counts */
    check_gradients(5, 3, 3e-3, 0.5);
    check_gradients(2, 3, 3e-3, 0.5);
    check_gradients(4, 2, 1e-4, 0);
}

Test(batchnorm, one_row_gives_beta, .timeout = 5)
{
    Fixture f;
    begin(&f, 1, 3);
    forward(&f, TRAINING);
    backward(&f);
    for (size_t k = 0; k < 3; k++) {
        cr_assert(f.Z.data[k] == f.params[3 + k], "one row: Z[%zu] is %g, beta is %g", k,
                  f.Z.data[k], f.params[3 + k]);
        cr_assert_float_eq(f.dX.data[k], 0, 1e-12, "one row: dX[%zu] is %g, not 0", k,
                           f.dX.data[k]);
        cr_assert(f.grads[k] == 0 && f.grads[3 + k] == f.dZ.data[k],
                  "one row: dgamma[%zu] is %g, not 0; dbeta[%zu] is %g, not %g", k, f.grads[k], k,
                  f.grads[3 + k], f.dZ.data[k]);
    }
}

Test(batchnorm, shift_and_scale_of_x_do_not_matter, .timeout = 5)
{
    Fixture f;
    MATRIX(Z, 5, 3);
    begin(&f, 5, 3);
    forward(&f, TRAINING);
    matrix_copy(Z, f.Z);
    for (size_t k = 0; k < 15; k++) {
        f.X.data[k] = number(2, k) + 1000; /* mean of squares less square of mean: useless */
    }
    forward(&f, TRAINING);
    check_matrix(f.Z, Z, 1e-11, "Z, with X shifted by 1000,");
    backward(&f);
    for (size_t k = 0; k < 3; k++) {
        double sum = AT(f.dX, 0, k) + AT(f.dX, 1, k) + AT(f.dX, 2, k) + AT(f.dX, 3, k)
                   + AT(f.dX, 4, k);
        cr_assert_float_eq(sum, 0, 1e-12, "a shift of column %zu costs %g by dX, not 0", k, sum);
    }
    for (size_t k = 0; k < 15; k++) {
        f.X.data[k] = number(2, k) * 1000;
    }
    forward(&f, TRAINING);
    check_matrix(f.Z, Z, 1e-4, "Z, with X a thousand times as large,");
}

Test(batchnorm, gradient_goes_as_one_over_scale, .timeout = 5)
{
    /* With weights 200 times as large the output is the same, and their gradient a 200th.
       (epsilon isn't small enough for weights of 0.01; these are larger.) */
    Fixture f;
    double norm[2];
    MATRIX(W, 4, 3);
    MATRIX(dW, 4, 3);
    MATRIX(input, 5, 4);
    begin(&f, 5, 3);
    fill(input, 7);
    for (size_t large = 0; large < 2; large++) {
        for (size_t k = 0; k < 12; k++) {
            W.data[k] = number(8, k) * (large ? 200e3 : 1e3);
        }
        matmul(f.X, input, W);
        forward(&f, TRAINING);
        backward(&f);
        matmul_tn(dW, input, f.dX);
        double squares = 0, along = 0;
        for (size_t k = 0; k < 12; k++) {
            squares += dW.data[k] * dW.data[k];
            along += dW.data[k] * W.data[k];
        }
        norm[large] = sqrt(squares);
        cr_assert_float_eq(along, 0, 1e-9, "the gradient has a part of %g along the weights",
                           along);
    }
    cr_assert(relative_error(norm[0], 200 * norm[1], 1e-30) < 1e-9, "200 times the weights: a "
              "gradient %.12g times as small", norm[0] / norm[1]);
}

/* ---- running statistics --------------------------------------------------- */

Test(batchnorm, running_statistics_by_hand, .timeout = 5)
{
    /* columns 0, 2; 1, 5; -4, 2: means 1, 3, -1, variances 1, 4, 9; of the old a tenth goes */
    static const double x[3][2] = { { 0, 2 }, { 1, 5 }, { -4, 2 } },
                        mean[] = { 0.1, 0.39, 0.251 }, var[] = { 1, 1.3, 2.07 };
    Fixture f;
    begin(&f, 2, 2);
    for (size_t t = 0; t < 3; t++) {
        for (size_t i = 0; i < 2; i++) {
            AT(f.X, i, 0) = x[t][i];
            AT(f.X, i, 1) = 10 * x[t][i];
        }
        forward(&f, TRAINING);
        backward(&f);
        cr_assert_float_eq(AT(f.n.mean, 0, 0), mean[t], 1e-15,
                           "after batch %zu the running mean is %.12g, not %g", t + 1,
                           AT(f.n.mean, 0, 0), mean[t]);
        cr_assert_float_eq(AT(f.n.var, 0, 0), var[t], 1e-15,
                           "after batch %zu the running variance is %.12g, not %g", t + 1,
                           AT(f.n.var, 0, 0), var[t]);
        cr_assert_float_eq(AT(f.n.mean, 0, 1), 10 * mean[t], 1e-14,
                           "after batch %zu the second running mean is %.12g, not %g", t + 1,
                           AT(f.n.mean, 0, 1), 10 * mean[t]);
    }
    double second = 100 * 2.07 - 99 * 0.729; /* it began at 1 as well */
    cr_assert_float_eq(AT(f.n.var, 0, 1), second, 1e-12,
                       "the second running variance is %.12g, not %.12g", AT(f.n.var, 0, 1),
                       second);
}

Test(batchnorm, running_variance_is_biased, .timeout = 5)
{
    /* 1, 2, 3, 6: squares of the deviations 14, so 14/4; other programs follow 14/3 */
    static const double x[] = { 1, 2, 3, 6 };
    Fixture f;
    begin(&f, 4, 1);
    for (size_t i = 0; i < 4; i++) {
        AT(f.X, i, 0) = x[i];
    }
    forward(&f, TRAINING);
    double ours = 0.9 + 0.1 * 14 / 4, theirs = 0.9 + 0.1 * 14 / 3, var = AT(f.n.var, 0, 0);
    cr_assert_float_eq(var, ours, 1e-15, "the running variance is %.12g, not %g", var, ours);
    cr_assert_float_eq(0.9 + (var - 0.9) * 4 / 3, theirs, 1e-15, "N/(N-1) of the step gives "
                       "%.12g, not %g", 0.9 + (var - 0.9) * 4 / 3, theirs);
}

Test(batchnorm, evaluation_by_hand, .timeout = 5)
{
    /* (x - 2) / 2 and (x + 1) / 4, then times gamma, plus beta */
    Fixture f;
    begin(&f, 3, 2);
    memcpy(f.params, (double[]){ 3, -8, 0.5, 1 }, 4 * sizeof(double));
    memcpy(f.n.mean.data, (double[]){ 2, -1 }, 2 * sizeof(double));
    memcpy(f.n.var.data, (double[]){ 4 - 1e-5, 16 - 1e-5 }, 2 * sizeof(double));
    memcpy(f.X.data, (double[]){ 2, -1, 4, 3, -6, 7 }, 6 * sizeof(double));
    MATRIX_OF(Z, 3, 2, 0.5, 1, 3.5, -7, -11.5, -15);
    forward(&f, EVALUATION);
    check_matrix(f.Z, Z, 1e-14, "in evaluation, Z");
}

Test(batchnorm, evaluation_changes_nothing, .timeout = 5)
{
    Fixture f;
    double kept[MOST * 3 + 9], z[15];
    begin(&f, 5, 3);
    forward(&f, TRAINING);
    kept_copy(&f, kept);
    forward(&f, EVALUATION);
    check_bits(f.kept, kept, MOST * 3 + 3, "what the layer keeps, after evaluation");
    check_bits(f.lasting, kept + MOST * 3 + 3, 6, "what lasts, after evaluation");
    check_untouched(f.params, 6, 11, "gamma or beta");
    check_untouched(f.X.data, 15, 2, "X");
    /* and no row depends on the others */
    memcpy(z, f.Z.data, sizeof z);
    for (size_t i = 0; i < 5; i++) {
        Matrix X = matrix_rows(f.X, i, 1), Z = matrix_rows(f.Z, i, 1);
        f.l.forward(Z, &f.l, X, EVALUATION);
    }
    check_bits(f.Z.data, z, 15, "Z of rows one by one, and of all at once");
}

/* ---- the layer itself ------------------------------------------------------- */

static void check_first_values(const BatchNorm *n, size_t width, const char *who)
{
    for (size_t k = 0; k < width; k++) {
        cr_assert(AT(n->gamma, 0, k) == 1 && AT(n->beta, 0, k) == 0,
                  "%s: unit %zu begins with gamma %g and beta %g, not with 1 and 0", who, k,
                  AT(n->gamma, 0, k), AT(n->beta, 0, k));
        cr_assert(AT(n->mean, 0, k) == 0 && AT(n->var, 0, k) == 1,
                  "%s: unit %zu begins with running mean %g and variance %g, not with 0 and 1",
                  who, k, AT(n->mean, 0, k), AT(n->var, 0, k));
    }
}

Test(batchnorm, first_values, .timeout = 5)
{
    Fixture f;
    begin(&f, 4, 3);
    fill_with(f.params, 6, NAN);
    fill_with(f.kept, MOST * 3 + 3, NAN);
    fill_with(f.lasting, 6, NAN);
    f.l.start(&f.l, INIT_XAVIER, 1);
    check_first_values(&f.n, 3, "batchnorm_start");
    check_gaps(&f.room, "batchnorm_start");
    /* whoever draws the weights of a network begins the layer, too */
    const Layer list[] = { linear_layer(2, 3), batchnorm_layer(3), linear_layer(3, 1) };
    static const uint64_t seeds[] = { 0, 42 };
    Network net;
    Error e = { "" };
    cr_assert(network_from(&net, list, 3, 4, &e), "%s", e.text);
    for (size_t i = 0; i < 2; i++) {
        fill_with(net.params, net.param_count, 9);
        network_init(&net, INIT_HE, seeds[i]);
        BatchNorm n = batchnorm_view(&net.layer[1], 4);
        check_first_values(&n, 3, "network_init");
    }
    network_destroy(&net);
}

Test(batchnorm, views_by_hand, .timeout = 5)
{
    Fixture f;
    begin(&f, 4, 3);
    const struct {
        Matrix got;
        double *first;
        size_t rows;
        const char *what;
    } at[] = {
        { f.n.gamma, f.params, 1, "gamma" },      { f.n.beta, f.params + 3, 1, "beta" },
        { f.n.dgamma, f.grads, 1, "dgamma" },     { f.n.dbeta, f.grads + 3, 1, "dbeta" },
        { f.n.Xhat, f.kept + 3, 4, "Xhat" },      { f.n.inverse, f.kept, 1, "1/s" },
        { f.n.mean, f.lasting, 1, "the running mean" },
        { f.n.var, f.lasting + 3, 1, "the running variance" },
    };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        cr_assert(at[i].got.data == at[i].first, "%s is not where it should be", at[i].what);
        cr_assert(at[i].got.rows == at[i].rows && at[i].got.cols == 3, "%s is %zux%zu, not %zux3",
                  at[i].what, at[i].got.rows, at[i].got.cols, at[i].rows);
    }
}

Test(batchnorm, only_training_needs_room_for_its_rows, .timeout = 10)
{
    Fixture f;
    begin(&f, 4, 2);
    MATRIX(X, MOST + 1, 2);
    MATRIX(Z, MOST + 1, 2);
    fill(X, 3);
    CHECK_STOPS(f.l.forward(Z, &f.l, X, TRAINING), "matrix_rows");
    f.l.forward(Z, &f.l, X, EVALUATION);
    f.l.forward(f.Z, &f.l, matrix_rows(X, MOST - 3, 4), EVALUATION);
    check_bits(f.Z.data, Z.data + 2 * (MOST - 3), 8, "evaluation of more rows than are kept");
}

Test(batchnorm, shapes_that_do_not_fit_stop, .timeout = 10)
{
    Fixture f;
    begin(&f, 4, 3);
    Layer *l = &f.l;
    Matrix few = matrix_view(f.Z.data, 3, 3), thin = matrix_view(f.Z.data, 4, 2);
    for (int training = 0; training < 2; training++) {
        Mode mode = training ? TRAINING : EVALUATION;
        CHECK_STOPS(l->forward(few, l, f.X, mode), "batchnorm", "3x3", "4x3");
        CHECK_STOPS(l->forward(thin, l, f.X, mode), "batchnorm", "4x2", "4x3");
    }
    forward(&f, TRAINING);
    CHECK_STOPS(l->backward(few, l, f.dZ, f.X), "batchnorm", "3x3", "4x3");
    CHECK_STOPS(l->backward(thin, l, f.dZ, f.X), "batchnorm", "4x2", "4x3");
    CHECK_STOPS(l->backward(f.dX, l, few, f.X), "batchnorm", "3x3", "4x3");
    CHECK_STOPS(l->backward(f.dX, l, thin, f.X), "batchnorm", "4x2", "4x3");
    double x[3 * (MOST + 1)] = { 0 }, z[3 * (MOST + 1)];
    Matrix many = matrix_view(x, MOST + 1, 3); /* there is room for MOST rows */
    CHECK_STOPS(l->forward(matrix_view(z, MOST + 1, 3), l, many, TRAINING), "matrix_rows");
}

/* ---- what is written, and what isn't --------------------------------------- */

Test(batchnorm, second_call_same_bits, .timeout = 5)
{
    Fixture f;
    double z[12], dx[12], grads[6];
    begin(&f, 4, 3);
    forward(&f, TRAINING);
    backward(&f);
    memcpy(z, f.Z.data, sizeof z);
    memcpy(dx, f.dX.data, sizeof dx);
    memcpy(grads, f.grads, sizeof grads);
    fill_with(f.Z.data, 12, NAN); /* NaN plus anything stays NaN */
    fill_with(f.dX.data, 12, NAN);
    fill_with(f.grads, 6, NAN);
    fill_with(f.n.Xhat.data, 12, NAN);
    fill_with(f.n.inverse.data, 3, NAN);
    forward(&f, TRAINING);
    backward(&f);
    check_bits(f.Z.data, z, 12, "Z, the second time");
    check_bits(f.dX.data, dx, 12, "dX, the second time");
    check_bits(f.grads, grads, 6, "dgamma and dbeta, the second time");
}

Test(batchnorm, only_outputs_are_written, .timeout = 5)
{
    Fixture f;
    double kept[MOST * 3 + 9];
    begin(&f, 4, 3); /* of six rows that there is room for */
    forward(&f, TRAINING);
    check_bits(f.grads, (double[]){ SENTINEL, SENTINEL, SENTINEL, SENTINEL, SENTINEL, SENTINEL },
               6, "a gradient, after forward");
    for (size_t k = 5 * 3; k < MOST * 3 + 3; k++) {
        cr_assert(f.kept[k] == SENTINEL, "four rows of room for six: more were written");
    }
    kept_copy(&f, kept);
    backward(&f);
    check_bits(f.kept, kept, MOST * 3 + 3, "what the layer keeps, after backward");
    check_bits(f.lasting, kept + MOST * 3 + 3, 6, "what lasts, after backward");
    check_untouched(f.params, 6, 11, "gamma or beta");
    check_untouched(f.X.data, 12, 2, "X");
    check_untouched(f.dZ.data, 12, 3, "dZ");
}
