#include "check.h"

#include <malloc.h>
#include "batchnorm.h"
#include "complexstep.h"
#include "dropout.h"
#include "gradcheck.h"
#include "loss.h"
#include "network.h"
#include "train.h"
#include "wrap.h"

enum { ROWS = 7, D_IN = 3, PARAMS = 3 * 5 + 5 + 5 * 4 + 4 + 4 * 1 + 1 };

/* A net 3-5-4-1 with weights and biases that all differ, and 7 rows for it. */
typedef struct {
    Network net;
    Matrix X, Y, dX;
    double x[2 * ROWS * D_IN], y[2 * ROWS], dx[2 * ROWS * D_IN];
} Fixture;

static void network_of(Network *net, const size_t *width, size_t count, size_t rows)
{
    Error e = { "" };
    cr_assert(network_create(net, width, count, rows, &e), "network_create: %s",
              e.text);
}

static void begin(Fixture *f)
{
    static const size_t width[] = { D_IN, 5, 4, 1 };
    network_of(&f->net, width, 4, 2 * ROWS);
    cr_assert(f->net.param_count == PARAMS, "3-5-4-1 has %d parameters, not %zu",
              PARAMS, f->net.param_count);
    fill_numbers(f->net.params, PARAMS, 7);
    f->X = matrix_view(f->x, ROWS, D_IN);
    f->Y = matrix_view(f->y, ROWS, 1);
    f->dX = matrix_view(f->dx, ROWS, D_IN);
    fill(f->X, 8);
    fill_labels(f->Y, 9);
    fill_with(f->dx, 2 * ROWS * D_IN, NAN);
}

static double forward_loss(Fixture *f)
{
    return bce_with_logits(network_forward(&f->net, f->X, TRAINING), f->Y);
}

static double gradients(Fixture *f)
{
    double dz[2 * ROWS];
    Matrix dZ = matrix_view(dz, f->X.rows, 1);
    Matrix Z = network_forward(&f->net, f->X, TRAINING);
    double loss = bce_with_logits(Z, f->Y);
    bce_with_logits_backward(dZ, Z, f->Y);
    fill_with(f->net.grads, f->net.param_count, 1e3); /* must be overwritten */
    network_backward(f->dX, &f->net, dZ);
    return loss;
}

static void train_a_little(Fixture *f)
{
    Error e = { "" };
    Optimizer o = sgd(0.5);
    Rng rng = rng_create(3);
    Dataset D = { f->X, f->Y };
    cr_assert(train(&f->net, D, &bce, &o, 10, 3, &rng, NULL, NULL, &e), "train: %s", e.text);
}

/* One tensor against central differences, taken here and not by gradcheck.c. */
static void check_tensor(Fixture *f, double *x, const double *grad, size_t count,
                         const char *what, size_t layer)
{
    size_t skipped = 0, zeros = 0;
    forward_loss(f);
    uint64_t here = network_pattern(&f->net);
    for (size_t k = 0; k < count; k++) {
        double old = x[k], h = 1e-5 * fmax(1.0, fabs(old));
        double up = old + h, down = old - h;
        x[k] = up;
        double f_up = forward_loss(f);
        bool kink = network_pattern(&f->net) != here;
        x[k] = down;
        double f_down = forward_loss(f);
        kink = kink || network_pattern(&f->net) != here;
        x[k] = old;
        double n = (f_up - f_down) / (up - down);
        skipped += kink;
        zeros += grad[k] == 0.0;
        cr_assert(kink || relative_error(grad[k], n, 1e-7) < 1e-6,
                  "%s of layer %zu, entry %zu: backward says %.12g, the difference of "
                  "two losses says %.12g (ratio %.6g)", what, layer, k, grad[k], n,
                  grad[k] / n);
    }
    cr_assert(zeros < count, "%s of layer %zu is zero everywhere", what, layer);
    cr_assert(4 * skipped <= count, "%s of layer %zu: %zu of %zu lie at a kink", what,
              layer, skipped, count);
}

static void check_all_tensors(Fixture *f)
{
    gradients(f);
    double grads[PARAMS], dx[2 * ROWS * D_IN];
    memcpy(grads, f->net.grads, sizeof grads);
    memcpy(dx, f->dx, sizeof dx);
    size_t at = 0, tensors = 0;
    for (size_t l = 0; l < f->net.depth; l++) {
        Layer *layer = &f->net.layer[l];
        if (layer->W.data == NULL) {
            continue;
        }
        size_t weights = layer->d_in * layer->d_out;
        check_tensor(f, layer->W.data, grads + at, weights, "dW", l);
        check_tensor(f, layer->b.data, grads + at + weights, layer->d_out, "db", l);
        at += weights + layer->d_out;
        tensors += 2;
    }
    cr_assert(at == PARAMS && tensors == 6, "%zu tensors, %zu parameters", tensors, at);
    check_tensor(f, f->x, dx, f->X.rows * D_IN, "dX", 0);
}

Test(network, forward_by_hand, .timeout = 5)
{
    /* 2-2-1; hidden: relu(x1 - x2 + 1), relu(2 x1 + x2 - 1); logit: 3h - 2k - 4 */
    static const size_t width[] = { 2, 2, 1 };
    static const double params[] = { 1, 2, -1, 1, 1, -1, 3, -2, -4 };
    Network net;
    network_of(&net, width, 3, 4);
    cr_assert(net.param_count == 9 && net.depth == 3,
              "2-2-1: 9 parameters in linear, ReLU, linear; not %zu in %zu layers",
              net.param_count, net.depth);
    memcpy(net.params, params, sizeof params);
    MATRIX_OF(X, 3, 2, 1, 1, 0, 2, -1, -1);
    /* h: 1, -1 -> 0, 1;  k: 2, 1, -4 -> 0;  logits may be negative: no ReLU there */
    MATRIX_OF(expected, 3, 1, -5, -6, -1);
    check_matrix(network_forward(&net, X, TRAINING), expected, 0.0, "logit");
    check_matrix(network_forward(&net, X, EVALUATION), expected, 0.0,
                 "in evaluation, logit");
    network_destroy(&net);
}

Test(network, gradients_match_differences, .timeout = 5)
{
    Fixture f;
    begin(&f);
    check_all_tensors(&f);
    network_destroy(&f.net);
}

Test(network, gradients_match_after_training, .timeout = 5)
{
    Fixture f;
    begin(&f);
    double before = forward_loss(&f);
    train_a_little(&f);
    cr_assert(forward_loss(&f) < before, "30 steps made the loss no smaller");
    check_all_tensors(&f);
    network_destroy(&f.net);
}

Test(network, gradients_match_complex_step, .timeout = 5)
{
    Fixture f;
    Error e = { "" };
    begin(&f);
    for (int round = 0; round < 2; round++) {
        double exact[PARAMS], exact_dx[ROWS * D_IN];
        Matrix dX = matrix_view(exact_dx, ROWS, D_IN);
        gradients(&f);
        cr_assert(complex_gradient(1e-20, exact, dX, &f.net, f.X, f.Y, &bce, &e), "%s", e.text);
        Verdict v = compare_gradients(f.net.grads, exact, PARAMS);
        cr_assert(verdict_ok(v, 1e-12) && v.checked == PARAMS,
                  "parameters, round %d: worst relative error %g", round, v.worst);
        Verdict x = compare_gradients(f.dx, exact_dx, ROWS * D_IN);
        cr_assert(verdict_ok(x, 1e-12) && x.checked == ROWS * D_IN,
                  "input, round %d: worst relative error %g", round, x.worst);
        for (size_t k = 0; k < PARAMS; k++) { /* and by our own measure */
            cr_assert(relative_error(f.net.grads[k], exact[k], 1e-7) < 1e-12,
                      "parameter %zu, round %d: %.17g by backward, %.17g by complex step",
                      k, round, f.net.grads[k], exact[k]);
        }
        train_a_little(&f);
    }
    network_destroy(&f.net);
}

Test(network, complex_step_leaves_its_inputs_alone, .timeout = 5)
{
    Fixture f;
    Error e = { "" };
    begin(&f);
    double exact[PARAMS + 1], exact_dx[ROWS * D_IN + 1];
    Matrix dX = matrix_view(exact_dx, ROWS, D_IN);
    exact[PARAMS] = exact_dx[ROWS * D_IN] = 77;
    cr_assert(complex_gradient(1e-20, exact, dX, &f.net, f.X, f.Y, &bce, &e), "%s", e.text);
    cr_assert(exact[PARAMS] == 77 && exact_dx[ROWS * D_IN] == 77, "written behind the gradient");
    for (size_t k = 0; k < PARAMS; k++) {
        cr_assert(f.net.params[k] == number(7, k), "parameter %zu was changed", k);
    }
    for (size_t k = 0; k < ROWS * D_IN; k++) {
        cr_assert(f.x[k] == number(8, k), "input %zu was changed", k);
    }
    Matrix six = matrix_rows(f.Y, 0, 6), narrow = matrix_view(f.x, ROWS, 2);
    CHECK_STOPS(complex_gradient(1e-20, exact, dX, &f.net, f.X, six, &bce, &e), "complex_gradient");
    CHECK_STOPS(complex_gradient(1e-20, exact, matrix_view(f.dx, ROWS, 2), &f.net, narrow, f.Y,
                                 &bce, &e),
                "complex_gradient");
    CHECK_STOPS(complex_gradient(1e-20, exact, matrix_rows(dX, 0, 6), &f.net, f.X, f.Y, &bce, &e),
                "complex_gradient");
    CHECK_STOPS(complex_gradient(1e-20, exact, matrix_view(f.dx, ROWS, 2), &f.net, f.X, f.Y, &bce, &e),
                "complex_gradient");
    double y[2 * ROWS] = { 0 };
    CHECK_STOPS(complex_gradient(1e-20, exact, dX, &f.net, f.X, matrix_view(y, ROWS, 2), &bce, &e),
                "complex_gradient");
    network_destroy(&f.net);
}

/* A layer of somebody else, which doubles in training and passes on in evaluation. */
static void double_forward(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    (void)l;
    for (size_t k = 0; k < X.rows * X.cols; k++) {
        Z.data[k] = (mode == TRAINING ? 2 : 1) * X.data[k];
    }
}

static void double_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    double_forward(dX, l, dZ, TRAINING);
    (void)X;
}

static Layer doubler(size_t width)
{
    return (Layer){ .name = "twice", .d_in = width, .d_out = width, .forward = double_forward,
                    .backward = double_backward };
}

Test(network, complex_step_refuses_what_has_no_twin, .timeout = 5)
{
    const Layer list[] = { linear_layer(D_IN, 2), doubler(2), linear_layer(2, 1) },
                first[] = { doubler(D_IN), linear_layer(D_IN, 1) };
    static const double none;
    const Loss other = { .name = "somebody's loss", .value = accuracy, .gradient = bce.gradient,
                         .both = bce.both };
    double exact[100], exact_dx[ROWS * D_IN];
    Matrix dX = matrix_view(exact_dx, ROWS, D_IN);
    Fixture f;
    Network net;
    Error e = { "" };
    begin(&f);
    fill_with(exact, 100, none);
    cr_assert(network_from(&net, list, 3, ROWS, &e), "%s", e.text);
    cr_assert(!complex_gradient(1e-20, exact, dX, &net, f.X, f.Y, &bce, &e), "taken for something else");
    cr_assert_str_eq(e.text, "layer 2, twice, isn't written for complex numbers; check it by "
                     "differences");
    network_destroy(&net);
    cr_assert(network_from(&net, first, 2, ROWS, &e), "%s", e.text);
    cr_assert(!complex_gradient(1e-20, exact, dX, &net, f.X, f.Y, &bce, &e), "the first layer");
    cr_assert(!complex_gradient(1e-20, exact, dX, &f.net, f.X, f.Y, &other, &e), "another loss");
    cr_assert_str_eq(e.text, "the loss, somebody's loss, isn't written for complex numbers; check "
                     "it by differences");
    for (size_t k = 0; k < 100; k++) {
        cr_assert(exact[k] == none, "a refusal wrote a gradient");
    }
    network_destroy(&net);
    network_destroy(&f.net);
}

Test(network, sample_is_a_training_pass, .timeout = 5)
{
    /* what backward differentiates is the pass of training, and no other */
    const Layer list[] = { linear_layer(D_IN, 2), doubler(2), linear_layer(2, 1) };
    Fixture f;
    Network net;
    Error e = { "" };
    begin(&f);
    cr_assert(network_from(&net, list, 3, ROWS, &e), "%s", e.text);
    fill_numbers(net.params, net.param_count, 3);
    Point p = { .net = &net, .D = { f.X, f.Y }, .loss = &bce };
    double training = bce_with_logits(network_forward(&net, f.X, TRAINING), f.Y);
    double evaluation = bce_with_logits(network_forward(&net, f.X, EVALUATION), f.Y);
    cr_assert(training != evaluation);
    cr_assert(network_sample(&p).value == training, "the sample isn't the loss of training");
    network_destroy(&net);
    network_destroy(&f.net);
}

/* The pattern after one row of two inputs, with another row before it in the same memory. */
static uint64_t pattern_of(const Layer *list, size_t depth, double x, double y, double before)
{
    Network net;
    Error e = { "" };
    MATRIX_OF(X, 2, 2, x, y, before, before);
    cr_assert(network_from(&net, list, depth, 2, &e), "%s", e.text);
    fill_with(net.params, net.param_count, 1.0);
    network_forward(&net, X, TRAINING);
    network_forward(&net, matrix_rows(X, 0, 1), TRAINING);
    uint64_t pattern = network_pattern(&net);
    network_destroy(&net);
    return pattern;
}

Test(network, pattern_is_which_units_are_on, .timeout = 5)
{
    const Layer relu[] = { relu_layer(2), linear_layer(2, 1) },
                line[] = { linear_layer(2, 3), linear_layer(3, 1) },
                both[] = { linear_layer(2, 3), relu_layer(3), linear_layer(3, 1) };
    cr_assert(pattern_of(relu, 2, 1, 2, 0) == pattern_of(relu, 2, 3, 4, 0), "nothing switched");
    cr_assert(pattern_of(relu, 2, 1, 2, 0) != pattern_of(relu, 2, 1, -2, 0), "the second input went off");
    cr_assert(pattern_of(line, 2, 1, 2, 0) == pattern_of(line, 2, -1, -2, 0), "there is nothing to switch");
    cr_assert(pattern_of(both, 3, 1, 2, 0) != pattern_of(both, 3, -1, -2, 0), "all units went off");
    cr_assert(pattern_of(both, 3, 1, 2, 5) == pattern_of(both, 3, 1, 2, -5), "a row of another batch counts");
}

static Sample sample(void *context)
{
    Fixture *f = context;
    double loss = forward_loss(f);
    return (Sample){ loss, network_pattern(&f->net) };
}

Test(network, taylor_remainder_quarters, .timeout = 5)
{
    Fixture f;
    begin(&f);
    gradients(&f);
    for (uint64_t seed = 0; seed < 5; seed++) {
        Rng rng = rng_create(seed);
        double ratio = taylor_ratio(sample, &f, f.net.params, f.net.grads, PARAMS, &rng, NULL);
        cr_assert(ratio > 3.6 && ratio < 4.4,
                  "direction %d of the parameters: halving h divides the remainder by %g, "
                  "not by 4", (int)seed, ratio);
        ratio = taylor_ratio(sample, &f, f.x, f.dx, ROWS * D_IN, &rng, NULL);
        cr_assert(ratio > 3.6 && ratio < 4.4,
                  "direction %d of the input: halving h divides the remainder by %g, "
                  "not by 4", (int)seed, ratio);
    }
    network_destroy(&f.net);
}

Test(network, duplicated_data_change_nothing, .timeout = 5)
{
    Fixture f;
    begin(&f);
    double once[PARAMS], loss = gradients(&f);
    memcpy(once, f.net.grads, sizeof once);
    memcpy(f.x + ROWS * D_IN, f.x, ROWS * D_IN * sizeof(double));
    memcpy(f.y + ROWS, f.y, ROWS * sizeof(double));
    f.X.rows = f.Y.rows = f.dX.rows = 2 * ROWS;
    check_twice(gradients(&f), loss, f.net.grads, once, PARAMS, 1e-12);
    network_destroy(&f.net);
}

Test(network, second_call_same_bits, .timeout = 5)
{
    Fixture f;
    begin(&f);
    double grads[PARAMS], dx[ROWS * D_IN], loss = gradients(&f);
    memcpy(grads, f.net.grads, sizeof grads);
    memcpy(dx, f.dx, sizeof dx);
    double again = gradients(&f);
    check_bits(&again, &loss, 1, "the loss, a second time");
    check_bits(f.net.grads, grads, PARAMS, "the gradient, a second time");
    check_bits(f.dx, dx, ROWS * D_IN, "dX, a second time");
    /* another batch between the two leaves nothing behind */
    f.X.rows = f.Y.rows = f.dX.rows = 2;
    gradients(&f);
    f.X.rows = f.Y.rows = f.dX.rows = ROWS;
    again = gradients(&f);
    check_bits(&again, &loss, 1, "the loss, after another batch");
    check_bits(f.net.grads, grads, PARAMS, "the gradient, after another batch");
    /* and without dX the rest is the same */
    f.dX = matrix_view(NULL, 0, 0);
    gradients(&f);
    check_bits(f.net.grads, grads, PARAMS, "the gradient, dX not wanted");
    network_destroy(&f.net);
}

Test(network, backward_needs_a_training_forward, .timeout = 10)
{
    Fixture f;
    begin(&f);
    MATRIX(dZ, ROWS, 1);
    MATRIX(Z, ROWS, 1);
    Matrix none = matrix_view(NULL, 0, 0);
    Dataset D = { f.X, f.Y };
    CHECK_STOPS(network_backward(none, &f.net, dZ), "network_backward");
    network_forward(&f.net, f.X, TRAINING);
    network_forward(&f.net, f.X, EVALUATION);
    CHECK_STOPS(network_backward(none, &f.net, dZ), "network_backward");
    network_forward(&f.net, f.X, TRAINING);
    network_predict(Z, &f.net, f.X);
    CHECK_STOPS(network_backward(none, &f.net, dZ), "network_backward");
    network_forward(&f.net, f.X, TRAINING);
    network_mean(&f.net, D, bce_with_logits);
    CHECK_STOPS(network_backward(none, &f.net, dZ), "network_backward");
    CHECK_STOPS(network_backward(none, &f.net, matrix_rows(dZ, 0, 1)), "network_backward");
    CHECK_STOPS(network_backward(none, &f.net, matrix_rows(dZ, 0, 0)), "0x1");
    network_forward(&f.net, f.X, TRAINING);
    CHECK_STOPS(network_backward(none, &f.net, matrix_rows(dZ, 0, 6)), "network_backward",
                "6", "7");
    network_destroy(&f.net);
}

Test(network, evaluation_in_pieces_is_the_same, .timeout = 5)
{
    static const size_t width[] = { D_IN, 5, 4, 1 };
    Fixture f;
    begin(&f);
    fill_numbers(f.x, 2 * ROWS * D_IN, 8);
    fill_numbers(f.y, 2 * ROWS, 9);
    f.X.rows = f.Y.rows = 11; /* pieces of 4, 4 and 3 */
    fill_labels(f.Y, 9);
    Network small;
    network_of(&small, width, 4, 4);
    memcpy(small.params, f.net.params, PARAMS * sizeof(double));
    MATRIX(Z, 11, 1);
    fill_with(Z.data, 11, NAN);
    network_predict(Z, &small, f.X);
    Matrix whole = network_forward(&f.net, f.X, EVALUATION);
    check_bits(Z.data, whole.data, 11, "a logit predicted in pieces of 4");
    Dataset D = { f.X, f.Y };
    double loss = network_mean(&small, D, bce_with_logits), right = bce_with_logits(whole, f.Y);
    cr_assert_float_eq(loss, right, 1e-15,
                       "the loss in pieces of 4, 4 and 3 rows is %.17g, in one %.17g",
                       loss, right);
    double share = network_mean(&small, D, accuracy);
    right = accuracy(whole, f.Y);
    cr_assert(right > 0.0 && right < 1.0, "choose data with some right and some wrong");
    cr_assert_float_eq(share, right, 1e-15,
                       "the accuracy in pieces of 4, 4 and 3 rows is %.17g, in one %.17g",
                       share, right);
    network_destroy(&small);
    network_destroy(&f.net);
}

Test(network, parameters_lie_in_one_block, .timeout = 5)
{
    Fixture f;
    begin(&f);
    double *at = f.net.params, *grad = f.net.grads;
    for (size_t l = 0; l < f.net.depth; l += 2) {
        Layer *layer = &f.net.layer[l];
        cr_assert(layer->W.data == at && layer->dW.data == grad,
                  "layer %zu: W and dW must follow the layer before", l);
        at += layer->d_in * layer->d_out;
        grad += layer->d_in * layer->d_out;
        cr_assert(layer->b.data == at && layer->db.data == grad,
                  "layer %zu: b and db must follow W and dW", l);
        at += layer->d_out;
        grad += layer->d_out;
    }
    cr_assert(at == f.net.params + PARAMS, "the block holds more than the layers");
    for (size_t l = 1; l < f.net.depth; l += 2) { /* the first as well */
        cr_assert(f.net.A[l + 1].data == f.net.A[l].data && f.net.dA[l + 1].data == f.net.dA[l].data,
                  "ReLU, layer %zu, doesn't work in place", l);
    }
    network_destroy(&f.net);
    const Network none = { 0 };
    cr_assert(memcmp(&f.net, &none, sizeof none) == 0, "something is left");
    network_destroy(&f.net);
    network_destroy(NULL);
}

Test(network, widths_that_make_no_network_are_refused, .timeout = 5)
{
    static const size_t alone[] = { 1 }, zero[] = { 2, 0, 1 }, two[] = { 2, 3, 2 },
                        good[] = { 2, 4, 1 };
    Network net;
    static const struct {
        const size_t *width;
        size_t count, rows;
        const char *why;
    } bad[] = { { alone, 1, 4, "one width" },
                { zero, 3, 4, "a layer of no units" },
                { two, 3, 4, "two outputs" },
                { good, 3, 0, "batches of no rows" },
                { good, 3, SIZE_MAX / 16 + 1, "2^60 rows (numbers wrap around)" },
                { good, 3, SIZE_MAX / 2 + 1, "2^63 rows (twice that is 0)" } };
    memset(&net, 7, sizeof net);
    Network before = net;
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        Error e = { "" };
        cr_assert(!network_create(&net, bad[k].width, bad[k].count, bad[k].rows, &e),
                  "%s must be refused", bad[k].why);
        cr_assert(strlen(e.text) > 20, "%s: refused without a sentence ('%s')",
                  bad[k].why, e.text);
        cr_assert(memcmp(&net, &before, sizeof net) == 0,
                  "%s: a refusal must leave its output as it was", bad[k].why);
    }
}

Test(network, shapes_that_do_not_fit_stop, .timeout = 10)
{
    Fixture f;
    begin(&f);
    MATRIX(big, 2 * ROWS + 1, D_IN);
    MATRIX(Z, ROWS, 1);
    CHECK_STOPS(network_forward(&f.net, big, TRAINING), "network_forward", "15x3");
    CHECK_STOPS(network_forward(&f.net, matrix_view(f.x, ROWS, 2), TRAINING),
                "network_forward", "7x2");
    CHECK_STOPS(network_predict(matrix_rows(Z, 0, 6), &f.net, f.X), "network_predict",
                "6x1", "7x3");
    CHECK_STOPS(network_predict(matrix_view(f.y, ROWS, 2), &f.net, f.X), "network_predict", "7x2", "7x3");
    CHECK_STOPS(network_predict(Z, &f.net, matrix_view(f.x, ROWS, 2)), "7x2");
    Dataset torn = { f.X, matrix_rows(f.Y, 0, 6) };
    CHECK_STOPS(network_mean(&f.net, torn, bce_with_logits), "");
    CHECK_STOPS(network_mean(&f.net, torn, accuracy), "");
    network_forward(&f.net, f.X, TRAINING);
    CHECK_STOPS(network_backward(matrix_view(f.dx, ROWS, 2), &f.net, Z), "7x2");
    network_destroy(&f.net);
}

/* ---- networks of any layers ------------------------------------------------ */

Test(network, line_up_by_hand, .timeout = 5)
{
    static const size_t width[] = { 3, 5, 4, 1 };
    Error e = { "" };
    Layer list[2 * 4];
    const Layer right[] = { linear_layer(3, 5), relu_layer(5), linear_layer(5, 4), relu_layer(4),
                            linear_layer(4, 1) };
    memset(list, 0x5a, sizeof list);
    Layer behind = list[5];
    cr_assert(layer_line_up(list, width, 4, "relu", &e) == 5, "3-5-4-1 are five layers: %s", e.text);
    for (size_t l = 0; l < 5; l++) {
        cr_assert(list[l].forward == right[l].forward && list[l].backward == right[l].backward
                  && list[l].d_in == right[l].d_in && list[l].d_out == right[l].d_out,
                  "3-5-4-1: layer %zu is %s, %zux%zu, and should be %s, %zux%zu", l, list[l].name,
                  list[l].d_in, list[l].d_out, right[l].name, right[l].d_in, right[l].d_out);
        cr_assert(list[l].W.data == NULL, "layer %zu is bound already", l);
    }
    cr_assert(memcmp(&behind, &list[5], sizeof behind) == 0, "a sixth layer was written");
    static const size_t plane[] = { 7, 1 };
    cr_assert(layer_line_up(list, plane, 2, "relu", &e) == 1 && list[0].forward == linear_forward
              && list[0].d_in == 7 && list[0].d_out == 1, "7-1 is one linear layer");
    cr_assert(*e.text == '\0', "a sentence without an error: %s", e.text);
}

Test(network, line_up_says_what_is_wrong, .timeout = 5)
{
    size_t many[DEEPEST + 1], wide[] = { 2, WIDEST_LAYER + 1, 1 };
    static const size_t zero[] = { 2, 0, 1 }, none[] = { 0, 4, 1 }, two[] = { 2, 3, 2 };
    for (size_t i = 0; i <= DEEPEST; i++) {
        many[i] = 1;
    }
    const struct {
        const size_t *width;
        size_t count;
        const char *activation, *says;
    } bad[] = {
        { many, 0, "relu",
          "a network needs 2 to 64 widths, not 0: give the inputs, the hidden layers, and 1" },
        { many, 1, "relu",
          "a network needs 2 to 64 widths, not 1: give the inputs, the hidden layers, and 1" },
        { many, DEEPEST + 1, "relu",
          "a network needs 2 to 64 widths, not 65: give the inputs, the hidden layers, and 1" },
        { zero, 3, "relu", "a layer of 0 units is not possible: choose 1 to 1048576" },
        { none, 3, "relu", "a layer of 0 units is not possible: choose 1 to 1048576" },
        { wide, 3, "relu", "a layer of 1048577 units is not possible: choose 1 to 1048576" },
        { two, 3, "relu",
          "the last layer has 2 units, but one logit is needed: end the widths with 1" },
        { many, 3, "sinh", "there is no activation \"sinh\": give one that nn.nw lists, such as relu" },
    };
    Layer list[2 * (DEEPEST + 1)], before = { 0 };
    memset(list, 0x5a, sizeof list);
    memcpy(&before, list, sizeof before);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Error e = { "" };
        cr_assert(layer_line_up(list, bad[i].width, bad[i].count, bad[i].activation, &e) == 0, "not refused: %s",
                  bad[i].says);
        cr_assert_str_eq(e.text, bad[i].says, "it says \"%s\", not \"%s\"", e.text, bad[i].says);
        cr_assert(memcmp(&before, list, sizeof before) == 0, "a layer was written: %s", e.text);
    }
    /* what is just possible */
    wide[1] = WIDEST_LAYER;
    cr_assert(layer_line_up(list, many, DEEPEST, "relu", NULL) == 2 * DEEPEST - 3);
    cr_assert(layer_line_up(list, wide, 3, "relu", NULL) == 3);
}

/* What a network of 3-5-1 with batch norm and dropout holds, by owner. */
enum { MOST = 4, PIECES = 32 };

typedef struct {
    double *first[PIECES];
    size_t count[PIECES], pieces;
} Pieces;

static void add(Pieces *p, double *first, size_t count)
{
    if (count > 0) {
        cr_assert(first != NULL && p->pieces < PIECES);
        p->first[p->pieces] = first;
        p->count[p->pieces++] = count;
    }
}

Test(network, pieces_begin_with_cache_lines, .timeout = 5)
{
    /* several at once, with gaps of all sizes between: the allocator gives some of them such an
       address by chance, and not all */
    enum { NETS = 16 };
    void *volatile gap[NETS]; /* or the compiler does without */
    static const size_t width[] = { 2, 3, 1 };
    Network net[NETS];
    Error e = { "" };
    for (size_t i = 0; i < NETS; i++) {
        gap[i] = malloc(24 + 16 * i);
        cr_assert(network_create(&net[i], width, 3, 1 + i, &e), "%s", e.text);
        for (size_t l = 1; l <= net[i].depth; l++) {
            cr_assert((uintptr_t)net[i].A[l].data % 64 == 0 && (uintptr_t)net[i].grads % 64 == 0
                      && (uintptr_t)net[i].params % 64 == 0,
                      "network %zu: a piece begins within a line", i);
        }
    }
    for (size_t i = 0; i < NETS; i++) {
        network_destroy(&net[i]);
        free(gap[i]);
    }
}

Test(network, from_layers_that_keep_numbers, .timeout = 5)
{
    enum { DEPTH = 5, LEARNT = 3 * 5 + 5 + 5 + 5 + 5 + 1 };
    Rng rng = rng_create(1);
    Dropout drop = { 0.25, &rng };
    const Layer list[DEPTH] = { linear_layer(3, 5), batchnorm_layer(5), relu_layer(5),
                                dropout_layer(5, &drop), linear_layer(5, 1) };
    static const size_t kept[DEPTH] = { 0, 5 * (MOST + 1), 0, 5 * MOST, 0 },
                        lasting[DEPTH] = { 0, 2 * 5, 0, 1, 0 };
    Network net;
    Error e = { "" };
    cr_assert(network_from(&net, list, DEPTH, MOST, &e), "%s", e.text);
    cr_assert(net.lasting_count == 11 && net.lasting == net.layer[1].lasting.data
              && net.lasting + 10 == net.layer[3].lasting.data, "what lasts isn't one run");
    cr_assert(net.depth == DEPTH && net.max_rows == MOST && net.param_count == LEARNT,
              "%zu layers, %zu rows, %zu parameters", net.depth, net.max_rows, net.param_count);
    Pieces p = { .pieces = 0 };
    add(&p, net.layer[0].scratch.data, 15); /* shared: the largest needs that much */
    for (size_t l = 0; l < DEPTH; l++) {
        Layer *layer = &net.layer[l];
        cr_assert(layer->forward == list[l].forward && layer->own == list[l].own, "layer %zu isn't a copy of the list's", l);
        cr_assert(list[l].W.data == NULL && list[l].kept.data == NULL,
                  "layer %zu of the list was bound, not its copy", l);
        cr_assert(layer->kept.rows * layer->kept.cols == kept[l]
                  && layer->lasting.rows * layer->lasting.cols == lasting[l],
                  "layer %zu keeps %zux%zu and %zux%zu", l, layer->kept.rows, layer->kept.cols,
                  layer->lasting.rows, layer->lasting.cols);
        cr_assert(net.A[l + 1].cols == layer->d_out, "output %zu has %zu columns", l,
                  net.A[l + 1].cols);
        add(&p, layer->W.data, layer->W.rows * layer->W.cols);
        add(&p, layer->b.data, layer->b.rows * layer->b.cols);
        add(&p, layer->dW.data, layer->W.rows * layer->W.cols);
        add(&p, layer->db.data, layer->b.rows * layer->b.cols);
        add(&p, layer->kept.data, kept[l]);
        add(&p, layer->lasting.data, lasting[l]);
        if (l + 1 < DEPTH) {
            cr_assert(net.dA[l + 1].rows == MOST && net.dA[l + 1].cols == layer->d_out);
        }
        if (layer->in_place) {
            cr_assert(net.A[l + 1].data == net.A[l].data && net.dA[l + 1].data == net.dA[l].data,
                      "ReLU doesn't work in place");
            continue;
        }
        add(&p, net.A[l + 1].data, MOST * layer->d_out);
        if (l + 1 < DEPTH) {
            add(&p, net.dA[l + 1].data, MOST * layer->d_out);
        }
    }
    /* each piece lies in the one block, and no number in two of them */
    size_t all = malloc_usable_size(net.memory) / sizeof *net.memory, needed = 0;
    for (size_t i = 0; i < p.pieces; i++) {
        cr_assert(p.first[i] >= net.memory && p.first[i] + p.count[i] <= net.memory + all,
                  "piece %zu lies outside of the block", i);
        fill_with(p.first[i], p.count[i], (double)i);
        needed += p.count[i];
    }
    cr_assert(all < needed + 16 * p.pieces, "%zu numbers of memory for %zu", all, needed);
    for (size_t i = 0; i < p.pieces; i++) {
        for (size_t k = 0; k < p.count[i]; k++) {
            cr_assert(p.first[i][k] == (double)i, "number %zu of piece %zu belongs to piece %g "
                      "as well", k, i, p.first[i][k]);
        }
    }
    network_destroy(&net);
}

enum { MANY = 11, WIDE = 20 };

/* The same layers, each alone, with memory of their own: a[l] is the input of
   layer l, g[l] its gradient.  The logits' gradient is in g[MANY]. */
static void one_by_one(const Layer *list, double *params, double *grads,
                       double (*a)[ROWS * WIDE], double (*g)[ROWS * WIDE])
{
    static double scratch[WIDE * WIDE];
    Layer layer[MANY];
    for (size_t l = 0, at = 0; l < MANY; l++) {
        layer[l] = list[l];
        layer_bind(&layer[l], params + at, grads + at, scratch);
        at += layer_params(&layer[l]);
        layer[l].forward(matrix_view(a[l + 1], ROWS, layer[l].d_out), &layer[l],
                         matrix_view(a[l], ROWS, layer[l].d_in), TRAINING);
    }
    for (size_t l = MANY; l-- > 0;) {
        layer[l].backward(matrix_view(g[l], ROWS, layer[l].d_in), &layer[l],
                          matrix_view(g[l + 1], ROWS, layer[l].d_out),
                          matrix_view(a[l], ROWS, layer[l].d_in));
    }
}

/* A ReLU in front, between linear layers, alone on either side, and at the end. */
Test(network, the_same_as_its_layers_alone, .timeout = 5)
{
    const Layer twice = doubler(16);
    const Layer list[MANY] = { relu_layer(3), linear_layer(3, 19), relu_layer(19),
                                 linear_layer(19, 16), relu_layer(16), twice,
                                 linear_layer(16, 16), twice, relu_layer(16),
                                 linear_layer(16, 1), relu_layer(1) };
    static double a[MANY + 1][ROWS * WIDE], g[MANY + 1][ROWS * WIDE], grads[2000], dx[ROWS * 3];
    Network net;
    Error e = { "" };
    cr_assert(network_from(&net, list, MANY, ROWS, &e), "%s", e.text);
    fill_numbers(net.params, net.param_count, 3);
    fill_numbers(a[0], ROWS * 3, 4);
    fill_numbers(g[MANY], ROWS, 5);
    one_by_one(list, net.params, grads, a, g);
    for (size_t k = 0; k < ROWS; k++) { /* some logits on, some off */
        net.params[net.param_count - 1] -= a[MANY - 1][k] / ROWS;
    }
    one_by_one(list, net.params, grads, a, g);
    Matrix Z = network_forward(&net, matrix_view(a[0], ROWS, 3), TRAINING);
    check_bits(Z.data, a[MANY], ROWS, "logits");
    network_backward(matrix_view(dx, ROWS, 3), &net, matrix_view(g[MANY], ROWS, 1));
    check_bits(net.grads, grads, net.param_count, "gradients");
    check_bits(dx, g[0], ROWS * 3, "dX");
    size_t on = 0, moved = 0;
    for (size_t k = 0; k < ROWS; k++) {
        on += a[MANY][k] > 0;
        moved += dx[3 * k] != 0 || dx[3 * k + 1] != 0 || dx[3 * k + 2] != 0;
    }
    cr_assert(on > 1 && on < ROWS && moved > 1, "%zu logits on, %zu rows moved: nothing is shown",
              on, moved);
    network_destroy(&net);
}

Test(network, from_refuses_impossible_batches, .timeout = 5)
{
    const Layer list[] = { linear_layer(2, 1) };
    static const struct {
        size_t rows;
        const char *says;
    } bad[] = { { 0, "batches of 0 rows are not possible: choose 1 to 4294967295" },
                { (size_t)UINT32_MAX + 1,
                  "batches of 4294967296 rows are not possible: choose 1 to 4294967295" } };
    Network net, before;
    memset(&net, 0x5a, sizeof net);
    memcpy(&before, &net, sizeof net);
    for (size_t i = 0; i < 2; i++) {
        Error e = { "" };
        cr_assert(!network_from(&net, list, 1, bad[i].rows, &e), "not refused: %s", bad[i].says);
        cr_assert_str_eq(e.text, bad[i].says, "it says \"%s\", not \"%s\"", e.text, bad[i].says);
        cr_assert(memcmp(&net, &before, sizeof net) == 0, "a refusal changed its output");
    }
    Error e = { "" };
    wrap_calls = 0;
    wrap_fail_at = 1;
    cr_assert(!network_from(&net, list, 1, UINT32_MAX, &e));
    wrap_fail_at = 0;
    cr_assert(strstr(e.text, "memory"), "4294967295 rows lack nothing but memory: \"%s\"", e.text);
    const Layer wraps[] = { linear_layer(SIZE_MAX / 2 + 1, 2) };      /* its weights, counted, are none */
    cr_assert(!network_from(&net, wraps, 1, 1, &e), "more weights than a size_t can count have room");
    cr_assert(strstr(e.text, "memory"), "more weights than can be counted: \"%s\"", e.text);
}

Test(network, the_deepest_has_room, .timeout = 5)
{
    size_t width[DEEPEST];
    Network net;
    for (size_t i = 0; i < DEEPEST; i++) {
        width[i] = 1;
    }
    network_of(&net, width, DEEPEST, 1);
    cr_assert(net.depth == 2 * (DEEPEST - 1) - 1, "%d widths make %zu layers", DEEPEST, net.depth);
    network_destroy(&net);
}

/* ---- first weights ----------------------------------------------------- */

Test(init, variance_within_five_sigma, .timeout = 5)
{
    /* 300x200 and 300x100, the way from 300 to each: fan-in alone would give
       both the same variance, and so would a missing square root fail */
    static const size_t outs[] = { 200, 100 };
    static const struct {
        Init init;
        const char *name;
    } kinds[] = { { INIT_XAVIER, "Xavier" }, { INIT_HE, "He" } };
    for (size_t k = 0; k < 4; k++) {
        size_t out = outs[k % 2], width[] = { 300, out, 1 };
        double v = kinds[k / 2].init == INIT_HE ? 2.0 / 300.0
                                                : 2.0 / (300.0 + (double)out);
        double n = 300.0 * (double)out, sum = 0.0, square = 0.0;
        Network net;
        network_of(&net, width, 3, 1);
        fill_with(net.params, net.param_count, 9.0);
        network_init(&net, kinds[k / 2].init, 11);
        Matrix W = net.layer[0].W;
        for (size_t i = 0; i < 300 * out; i++) {
            sum += W.data[i];
            square += W.data[i] * W.data[i];
        }
        cr_assert_float_eq(sum / n, 0.0, 5.0 * sqrt(v / n),
                           "%s, 300x%zu: the mean is %g", kinds[k / 2].name, out, sum / n);
        cr_assert_float_eq(square / n, v, 5.0 * v * sqrt(2.0 / n),
                           "%s, 300x%zu: the variance is %g and should be %g within 5 "
                           "sigma (%g)", kinds[k / 2].name, out, square / n, v,
                           5.0 * v * sqrt(2.0 / n));
        for (size_t l = 0; l < net.depth; l += 2) {
            for (size_t j = 0; j < net.layer[l].d_out; j++) {
                cr_assert(net.layer[l].b.data[j] == 0.0,
                          "biases begin at 0: b[%zu] of layer %zu is %g", j, l,
                          net.layer[l].b.data[j]);
            }
        }
        network_destroy(&net);
    }
}

Test(init, deviations_by_hand, .timeout = 5)
{
    static const struct {
        Init init;
        double deviation;
    } at[] = { { INIT_ZEROS, 0.0 },
               { INIT_XAVIER, 0.5 },                   /* sqrt(2/(2 + 6)) */
               { INIT_HE, 1.0 },                       /* sqrt(2/2) */
               { INIT_SMALL, 0.01 },
               { INIT_LARGE, 2.0 } };
    for (size_t k = 0; k < 5; k++) {
        double got = init_deviation(at[k].init, 2, 6);
        cr_assert_float_eq(got, at[k].deviation, 1e-16,
                           "kind %zu, 2x6: the deviation is %.17g, not %.17g", k,
                           at[k].deviation, got);
    }
    double small = init_deviation(INIT_SMALL, 64, 32), xavier = init_deviation(INIT_XAVIER, 64, 32),
           large = init_deviation(INIT_LARGE, 64, 32);
    cr_assert(small > 0.0 && small < xavier / 5.0, "too small: %g", small);
    cr_assert(large > 5.0 * xavier, "too large: %g", large);
}

Test(init, layers_draw_their_own_numbers, .timeout = 5)
{
    /* layer i draws row by row from its own generator, seeded with seed + i */
    static const size_t width[] = { 4, 4, 4, 1 };
    Network net;
    network_of(&net, width, 4, 1);
    network_init(&net, INIT_HE, 42);
    for (size_t i = 0; i < 3; i++) {
        Matrix W = net.layer[2 * i].W;
        Rng rng = rng_create(42 + i);
        for (size_t k = 0; k < W.rows * W.cols; k++) {
            double w = sqrt(2.0 / 4.0) * rng_normal(&rng);
            cr_assert(W.data[k] == w, "weight %zu of linear layer %zu is %.17g and should "
                      "be %.17g: draw %zu of seed 42 + %zu", k, i, W.data[k], w, k, i);
        }
    }
    cr_assert(memcmp(net.layer[0].W.data, net.layer[2].W.data, 16 * sizeof(double)) != 0,
              "two layers begin with the same weights");
    network_init(&net, INIT_ZEROS, 42);
    for (size_t k = 0; k < net.param_count; k++) {
        cr_assert(net.params[k] == 0.0, "INIT_ZEROS: parameter %zu is %g", k,
                  net.params[k]);
    }
    network_destroy(&net);
}

Test(init, mean_square_through_layers, .timeout = 5)
{
    /* He keeps the mean square of what enters a ReLU at 2; Xavier, between
       layers of equal width, halves it: 1, 1/2, 1/4, 1/8 */
    static const size_t width[] = { 200, 200, 200, 200, 1 };
    static double x[60 * 200];
    Rng rng = rng_create(5);
    for (size_t k = 0; k < 60 * 200; k++) {
        x[k] = rng_normal(&rng);
    }
    Network net;
    network_of(&net, width, 5, 60);
    for (int he = 0; he < 2; he++) {
        network_init(&net, he ? INIT_HE : INIT_XAVIER, 1);
        network_forward(&net, matrix_view(x, 60, 200), EVALUATION);
        double expected = he ? 2.0 : 1.0;
        for (size_t l = 0; l < 6; l += 2) {
            /* ReLU has written over it: once more */
            static double z[60 * 200];
            Matrix Z = matrix_view(z, 60, 200);
            matmul_plus(Z, net.A[l], net.layer[l].W, net.layer[l].b);
            double square = inner(Z, Z) / (60.0 * 200.0);
            cr_assert(square > 0.75 * expected && square < 1.33 * expected,
                      "%s, linear layer %zu: the mean square is %g, expected about %g",
                      he ? "He" : "Xavier", l / 2, square, expected);
            expected *= he ? 1.0 : 0.5;
        }
    }
    network_destroy(&net);
}

Test(init, gradient_through_layers, .timeout = 5)
{
    /* on the way back through a square layer and its ReLU, He keeps the mean
       square of the gradient, and Xavier halves it */
    static const size_t width[] = { 200, 200, 200, 200, 200, 1 };
    static double x[60 * 200], dz[60];
    Rng rng = rng_create(6);
    for (size_t k = 0; k < 60 * 200; k++) {
        x[k] = rng_normal(&rng);
    }
    for (size_t k = 0; k < 60; k++) {
        dz[k] = rng_normal(&rng);
    }
    Network net;
    network_of(&net, width, 6, 60);
    for (int he = 0; he < 2; he++) {
        network_init(&net, he ? INIT_HE : INIT_XAVIER, 1);
        network_forward(&net, matrix_view(x, 60, 200), TRAINING);
        network_backward((Matrix){ 0 }, &net, matrix_view(dz, 60, 1));
        for (size_t l = 5; l < 6; l -= 2) { /* dA[l]: behind linear layer l - 1, through its ReLU */
            double ratio = inner(net.dA[l], net.dA[l]) / inner(net.dA[l + 2], net.dA[l + 2]);
            double expected = he ? 1.0 : 0.5;
            cr_assert(ratio > 0.75 * expected && ratio < 1.33 * expected,
                      "%s, linear layer %zu: the mean square of the gradient is multiplied by %g, "
                      "expected about %g", he ? "He" : "Xavier", l / 2, ratio, expected);
        }
    }
    network_destroy(&net);
}

/* A layer that learns nothing may want room to work in as well. */
Test(network, room_to_work_in_without_parameters, .timeout = 5)
{
    Layer list[] = { linear_layer(D_IN, 2), doubler(2), linear_layer(2, 1) };
    Network net;
    Error e = { "" };
    list[1].scratch = (Matrix){ 3, 4, NULL };
    cr_assert(network_from(&net, list, 3, ROWS, &e), "%s", e.text);
    cr_assert(net.layer[1].scratch.data != NULL, "it has none");
    fill_with(net.layer[1].scratch.data, 12, 1);
    network_destroy(&net);
}
