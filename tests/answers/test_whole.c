/* Whole networks with batch norm and dropout in them, and training with each answer. */
#include "check.h"

#include <malloc.h>

#include "batchnorm.h"
#include "complexstep.h"
#include "dropout.h"
#include "gradcheck.h"
#include "model.h"
#include "files.h"
#include "recipe.h"
#include "wrap.h"

enum { ROWS = 8, D_IN = 3, SEED = 17 };

/* 3-5-4-1; behind each hidden linear layer batch norm, ReLU, dropout. */
typedef struct {
    Network net;
    Rng rng;
    Dropout drop;
    Matrix X, Y, dX;
    double x[2 * ROWS * D_IN], y[2 * ROWS], dx[2 * ROWS * D_IN];
} Fixture;

static void begin(Fixture *f, double p)
{
    Error e = { "" };
    f->drop = (Dropout){ p, &f->rng };
    Layer list[] = { linear_layer(D_IN, 5), batchnorm_layer(5), relu_layer(5),
                     dropout_layer(5, &f->drop), linear_layer(5, 4), batchnorm_layer(4),
                     relu_layer(4), dropout_layer(4, &f->drop), linear_layer(4, 1) };
    cr_assert(network_from(&f->net, list, sizeof list / sizeof *list, 2 * ROWS, &e), "%s", e.text);
    network_init(&f->net, INIT_XAVIER, 7);
    fill_numbers(f->net.params, f->net.param_count, 7);
    f->X = matrix_view(f->x, ROWS, D_IN);
    f->Y = matrix_view(f->y, ROWS, 1);
    f->dX = matrix_view(f->dx, ROWS, D_IN);
    fill(f->X, 8);
    fill_labels(f->Y, 9);
}

/* The training loss, always with the same masks. */
static Sample sample(void *context)
{
    Fixture *f = context;
    f->rng = rng_create(SEED);
    double loss = bce_with_logits(network_forward(&f->net, f->X, TRAINING), f->Y);
    return (Sample){ loss, network_pattern(&f->net) };
}

static double gradients(Fixture *f)
{
    double dz[2 * ROWS], loss = sample(f).value;
    Matrix dZ = matrix_view(dz, f->X.rows, 1);
    bce_with_logits_backward(dZ, f->net.A[f->net.depth], f->Y);
    fill_with(f->net.grads, f->net.param_count, 1e3); /* must be overwritten */
    network_backward(f->dX, &f->net, dZ);
    return loss;
}

static void check_tensor(Fixture *f, const char *what, size_t layer, double *x,
                         const double *grad, size_t count)
{
    size_t skipped = 0;
    double largest = 0;
    uint64_t here = sample(f).pattern;
    for (size_t k = 0; k < count; k++) {
        double old = x[k], up = old + 1e-5, down = old - 1e-5;
        x[k] = up;
        Sample high = sample(f);
        x[k] = down;
        Sample low = sample(f);
        x[k] = old;
        double d = (high.value - low.value) / (up - down);
        bool kink = high.pattern != here || low.pattern != here;
        skipped += kink;
        largest = fmax(largest, fabs(grad[k]));
        cr_assert(kink || fabs(grad[k] - d) < 1e-6 * fmax(fmax(fabs(d), fabs(grad[k])), 1e-4),
                  "%s of layer %zu, entry %zu: backward says %.12g, the difference of two losses "
                  "says %.12g (ratio %.6g)", what, layer, k, grad[k], d, grad[k] / d);
    }
    cr_assert(4 * skipped <= count, "%s of layer %zu: %zu of %zu lie at a kink", what, layer,
              skipped, count);
    /* batch norm takes away what a bias before it adds: that bias learns nothing */
    bool idle = *what == 'b' && layer + 1 < f->net.depth
             && !strcmp(f->net.layer[layer + 1].name, "batchnorm");
    cr_assert(idle ? largest < 1e-12 : largest > 1e-4, "%s of layer %zu: the largest entry is %g",
              what, layer, largest);
}

static void check_all(Fixture *f)
{
    size_t count = f->net.param_count;
    double grads[128], dx[ROWS * D_IN];
    cr_assert(count == 67 && count <= 128, "3-5-4-1 with batch norm: 67 parameters, not %zu", count);
    gradients(f);
    memcpy(grads, f->net.grads, count * sizeof *grads);
    memcpy(dx, f->dx, sizeof dx);
    for (size_t l = 0, at = 0; l < f->net.depth; l++) {
        Layer *layer = &f->net.layer[l];
        size_t weights = layer->W.rows * layer->W.cols, biases = layer->b.cols * layer->b.rows;
        if (layer_params(layer)) {
            check_tensor(f, "W", l, layer->W.data, grads + at, weights);
            check_tensor(f, "b", l, layer->b.data, grads + at + weights, biases);
        }
        at += weights + biases;
    }
    check_tensor(f, "X", 0, f->x, dx, ROWS * D_IN);
    /* and the package's own check, which the chapter shows */
    Verdict v = check_central(sample, f, f->x, dx, ROWS * D_IN);
    cr_assert(verdict_ok(v, 1e-5), "check_central: worst %g, %zu skipped", v.worst, v.skipped);
    Rng rng = rng_create(3);
    double ratio = taylor_ratio(sample, f, f->net.params, grads, count, &rng, NULL);
    cr_assert(ratio > 3.6 && ratio < 4.4,
              "along the parameters, halving h divides the remainder by %g, not by 4", ratio);
    ratio = taylor_ratio(sample, f, f->x, dx, ROWS * D_IN, &rng, NULL);
    cr_assert(ratio > 3.6 && ratio < 4.4,
              "along the input, halving h divides the remainder by %g, not by 4", ratio);
}

Test(whole, gradients_match_differences, .timeout = 5)
{
    Fixture f;
    begin(&f, 0.25);
    check_all(&f);
    network_destroy(&f.net);
}

Test(whole, gradients_match_after_training, .timeout = 5)
{
    Fixture f;
    Error e = { "" };
    Optimizer o;
    begin(&f, 0.25);
    double before = sample(&f).value;
    Rng rng = rng_create(3);
    cr_assert(optimizer_create(&o, ADAM, 0.02, 0.9, f.net.param_count, &e), "%s", e.text);
    cr_assert(train(&f.net, (Dataset){ f.X, f.Y }, &bce, &o, 20, 4, &rng, NULL, NULL, &e), "%s", e.text);
    cr_assert(sample(&f).value < before, "40 steps made the loss no smaller");
    check_all(&f);
    optimizer_destroy(&o);
    network_destroy(&f.net);
}

Test(whole, duplicated_data_change_nothing, .timeout = 5)
{
    /* also the statistics of a batch are the same when every row comes twice */
    Fixture f;
    begin(&f, 0);
    double once[128], loss = gradients(&f);
    memcpy(once, f.net.grads, f.net.param_count * sizeof *once);
    memcpy(f.x + ROWS * D_IN, f.x, ROWS * D_IN * sizeof *f.x);
    memcpy(f.y + ROWS, f.y, ROWS * sizeof *f.y);
    f.X.rows = f.Y.rows = f.dX.rows = 2 * ROWS;
    check_twice(gradients(&f), loss, f.net.grads, once, f.net.param_count, 1e-11);
    network_destroy(&f.net);
}

Test(whole, second_call_same_bits, .timeout = 5)
{
    Fixture f;
    begin(&f, 0.25);
    double grads[128], dx[ROWS * D_IN], loss = gradients(&f);
    memcpy(grads, f.net.grads, f.net.param_count * sizeof *grads);
    memcpy(dx, f.dx, sizeof dx);
    f.X.rows = f.Y.rows = f.dX.rows = 2; /* another batch between leaves nothing behind */
    gradients(&f);
    f.X.rows = f.Y.rows = f.dX.rows = ROWS;
    double again = gradients(&f);
    check_bits(&again, &loss, 1, "the loss, a second time");
    check_bits(f.net.grads, grads, f.net.param_count, "the gradient, a second time");
    check_bits(f.dx, dx, ROWS * D_IN, "dX, a second time");
    network_destroy(&f.net);
}

Test(whole, evaluation_in_pieces_is_the_same, .timeout = 5)
{
    Fixture f;
    begin(&f, 0.25);
    for (int step = 0; step < 20; step++) {
        sample(&f); /* the running statistics move */
    }
    enum { MANY = 5 * ROWS + 3 }; /* pieces of 16, 16 and 11 */
    MATRIX(X, MANY, D_IN);
    MATRIX(Z, MANY, 1);
    fill(X, 30);
    Rng before = f.rng;
    network_predict(Z, &f.net, X);
    for (size_t i = 0; i < MANY; i++) {
        Matrix alone = network_forward(&f.net, matrix_rows(X, i, 1), EVALUATION);
        check_bits(&Z.data[i], alone.data, 1, "a logit among others, and the same row alone");
    }
    cr_assert(memcmp(&before.state, &f.rng.state, sizeof before.state) == 0,
              "prediction drew from the generator");
    network_destroy(&f.net);
}

/* ---- training ----------------------------------------------------------------- */

static const size_t width[] = { 2, 64, 32, 16, 1 };
static const Recipe plain = {
    .width = width, .count = 5, .activation = "relu", .loss = &bce, .init = INIT_XAVIER,
    .rate = 0.05, .epochs = 100, .batch = 64, .seed = 42, .method = SGD, .beta = 0.9
};

/* Fits the spirals; the accuracy in evaluation. The caller destroys m. */
static double fit(Model *m, Dataset *D, const Recipe *r)
{
    Error e = { "" };
    cr_assert(spirals(D, 200, 0.25, 7, &e), "%s", e.text);
    cr_assert(recipe_fit(&m->net, &m->scaling, *D, r, NULL, NULL, &e), "%s", e.text);
    return network_mean(&m->net, *D, accuracy);
}

static void check_learns(const char *what, double least, const Recipe *r)
{
    Model m = { 0 };
    Dataset D = { 0 };
    double share = fit(&m, &D, r);
    cr_assert(share >= least, "%s: after %zu epochs %.4f are right, and should be %g", what,
              r->epochs, share, least);
    model_destroy(&m);
    dataset_destroy(&D);
}

#define RECIPE(name, ...)                                                      \
    Recipe name = plain;                                                       \
    do { Recipe *r = &name; __VA_ARGS__; } while (0)

Test(spirals, learnt_with_momentum, .timeout = 20)
{
    RECIPE(slow, r->epochs = 150);
    RECIPE(quick, r->epochs = 300, r->method = MOMENTUM, r->rate = 0.2);
    Model m = { 0 };
    Dataset D = { 0 };
    cr_assert(fit(&m, &D, &slow) < 0.9, "sgd at 0.05 isn't that quick");
    model_destroy(&m);
    dataset_destroy(&D);
    check_learns("momentum", 0.97, &quick);
}

Test(spirals, learnt_with_adam, .timeout = 20)
{
    RECIPE(adam, r->method = ADAM, r->rate = 0.01);
    check_learns("adam", 0.99, &adam);
}

Test(spirals, learnt_with_batch_norm, .timeout = 20)
{
    RECIPE(normal, r->batchnorm = true, r->rate = 0.5, r->epochs = 300);
    check_learns("batch norm", 0.96, &normal);
}

Test(spirals, learnt_with_dropout, .timeout = 20)
{
    RECIPE(drops, r->dropout = 0.1, r->method = ADAM, r->rate = 0.005, r->epochs = 200);
    check_learns("dropout", 0.99, &drops);
}

Test(spirals, layers_of_a_recipe, .timeout = 20)
{
    /* batch norm before each ReLU, dropout behind it, nothing at the end */
    static const char *const names[] = { "linear", "batchnorm", "relu", "dropout", "linear",
                                         "batchnorm", "relu", "dropout", "linear" };
    static const size_t small[] = { 2, 5, 4, 1 };
    RECIPE(both, r->width = small, r->count = 4, r->batchnorm = true, r->dropout = 0.25,
           r->epochs = 2);
    Model m = { 0 };
    Dataset D = { 0 };
    fit(&m, &D, &both);
    cr_assert(m.net.depth == 9, "%zu layers, not 9", m.net.depth);
    for (size_t l = 0; l < 9; l++) {
        const Layer *layer = &m.net.layer[l];
        cr_assert_str_eq(layer->name, names[l], "layer %zu is %s, not %s", l, layer->name, names[l]);
        cr_assert(strcmp(layer->name, "dropout") != 0 || layer->lasting.data[0] == 0.25,
                  "dropout drops %g, not 0.25", layer->lasting.data[0]);
        cr_assert(layer->own == NULL, "a generator of recipe_fit's is left in layer %zu", l);
    }
    model_destroy(&m);
    dataset_destroy(&D);
}

Test(spirals, same_seed_same_bits, .timeout = 20)
{
    RECIPE(all, r->batchnorm = true, r->dropout = 0.2, r->method = ADAM, r->rate = 0.01,
           r->epochs = 3);
    Model m[3] = { 0 };
    Dataset D[3] = { 0 };
    for (size_t i = 0; i < 3; i++) {
        all.seed = i < 2 ? 42 : 43;
        fit(&m[i], &D[i], &all);
    }
    size_t bytes = m[0].net.param_count * sizeof(double);
    cr_assert(memcmp(m[0].net.params, m[1].net.params, bytes) == 0, "the same seed, other weights");
    cr_assert(memcmp(m[0].net.params, m[2].net.params, bytes) != 0, "another seed, the same weights");
    for (size_t i = 0; i < 3; i++) {
        model_destroy(&m[i]);
        dataset_destroy(&D[i]);
    }
}

Test(spirals, loop_allocates_nothing, .timeout = 20)
{
    RECIPE(all, r->batchnorm = true, r->dropout = 0.2, r->method = ADAM, r->rate = 0.01);
    size_t calls[2];
    for (size_t i = 0; i < 2; i++) {
        Model m = { 0 };
        Dataset D = { 0 };
        all.epochs = i ? 8 : 1;
        wrap_calls = 0;
        fit(&m, &D, &all);
        calls[i] = wrap_calls;
        model_destroy(&m);
        dataset_destroy(&D);
    }
    cr_assert(calls[0] > 0 && calls[0] == calls[1], "1 epoch makes %zu allocations, 8 make %zu",
              calls[0], calls[1]);
}

/* Saved and loaded, a network with every layer there is predicts the same bits. */
Test(spirals, every_layer_is_in_the_file, .timeout = 20)
{
    RECIPE(all, r->dropout = 0.2, r->batchnorm = true, r->epochs = 5);
    Model m = { .labels = { 2, { "0", "1" } } }, back = { 0 };
    Dataset D = { 0 };
    Output o;
    char name[] = "/tmp/nn-test-XXXXXX";
    Error e = { "" };
    fit(&m, &D, &all);
    cr_assert(close(mkstemp(name)) == 0);
    cr_assert(output_open(&o, name, &e), "%s", e.text);
    cr_assert(model_write(o.file, &m, &e) && output_close(&o, &e) && model_load(&back, name, &e), "%s", e.text);
    remove(name);
    double z[400], w[400];
    network_predict(matrix_view(z, 400, 1), &m.net, D.X);
    network_predict(matrix_view(w, 400, 1), &back.net, D.X);
    check_bits(w, z, 400, "a logit, from the file");
    model_destroy(&m);
    model_destroy(&back);
    dataset_destroy(&D);
}

Test(spirals, answers_are_begun, .timeout = 20)
{
    RECIPE(all, r->batchnorm = true, r->dropout = 0.2, r->method = ADAM, r->epochs = 1);
    RECIPE(momentum, r->method = MOMENTUM, r->epochs = 1);
    for (size_t i = 0; i < 2; i++) {
        Model m = { 0 };
        Dataset D = { 0 };
        fit(&m, &D, i ? &momentum : &all);
        model_destroy(&m);
        dataset_destroy(&D);
    }
    cr_assert(part_not_begun() == NULL, "part %s says that it is a stub", part_not_begun());
}
