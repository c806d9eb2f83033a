#include "check.h"

#include "loss.h"
#include "parallel.h"
#include "train.h"
#include "wrap.h"

enum { ROWS = 10, D_IN = 3, PARAMS = 3 * 4 + 4 + 4 * 2 + 2 + 2 + 1, LINEARS = 3,
       START = 174 /* a start from which every gradient is far from zero */ };

/* A net 3-4-2-1 with numbers that all differ, and 10 labelled rows. */
typedef struct {
    Network net;
    Dataset D;
    Rng rng;
    double x[ROWS * D_IN], y[ROWS];
} Fixture;

static void begin(Fixture *f)
{
    static const size_t width[] = { D_IN, 4, 2, 1 };
    Error e = { "" };
    cr_assert(network_create(&f->net, width, 4, ROWS, &e), "network_create: %s", e.text);
    cr_assert(f->net.param_count == PARAMS);
    fill_numbers(f->net.params, PARAMS, START);
    fill_numbers(f->x, ROWS * D_IN, 8);
    f->D.X = matrix_view(f->x, ROWS, D_IN);
    f->D.Y = matrix_view(f->y, ROWS, 1);
    fill_labels(f->D.Y, 9);
    f->rng = rng_create(123);
}

/* What an observer saw, epoch by epoch. */
typedef struct {
    size_t epochs, stop_after, norms;
    double loss[8], accuracy[8], norm[8][LINEARS];
} Seen;

static bool see(void *context, const Epoch *epoch)
{
    Seen *s = context;
    cr_assert(epoch->epoch == s->epochs, "epoch %zu was announced as %zu", s->epochs,
              epoch->epoch);
    if (s->epochs < 8) {
        s->loss[s->epochs] = epoch->loss;
        s->accuracy[s->epochs] = epoch->accuracy;
        for (size_t i = 0; i < LINEARS && i < epoch->norms; i++) {
            s->norm[s->epochs][i] = epoch->norm[i];
        }
    }
    s->norms = epoch->norms;
    s->epochs++;
    return s->epochs != s->stop_after;
}

static void run(Fixture *f, double rate, size_t epochs, size_t batch, Seen *seen)
{
    Error e = { "" };
    Optimizer o = sgd(rate);
    cr_assert(train(&f->net, f->D, &bce, &o, epochs, batch, &f->rng, seen ? see : NULL, seen, &e),
              "train failed: %s", e.text);
}

/* Gradient of some rows at the parameters as they are; returns the loss. */
static double gradient(Fixture *f, Matrix X, Matrix Y, double *right)
{
    double dz[ROWS];
    Matrix dZ = matrix_view(dz, X.rows, 1);
    Matrix Z = network_forward(&f->net, X, TRAINING);
    double loss = bce_with_logits(Z, Y);
    *right = accuracy(Z, Y);
    bce_with_logits_backward(dZ, Z, Y);
    network_backward(matrix_view(NULL, 0, 0), &f->net, dZ);
    return loss;
}

static double norm_of(Matrix A)
{
    return sqrt(inner(A, A));
}

Test(train, alone_has_all_rows, .timeout = 5)
{
    Share all = ranks_share(7);
    cr_assert(ranks_count() == 1 && rank_first() && all.first == 0 && all.rows == 7 && all.counted == 7);
}

Test(train, sgd_step_by_hand, .timeout = 5)
{
    double params[] = { 1.0, -2.0, 0.5, 8.0 };
    const double grads[] = { 4.0, -2.0, 0.0, 1.0 };
    const double expected[] = { 0.0, -1.5, 0.5, 8.0 };
    Optimizer o = sgd(0.25);
    cr_assert(o.rate == 0.25);
    o.step(&o, params, grads, 3); /* the fourth number isn't ours */
    for (size_t k = 0; k < 4; k++) {
        cr_assert(params[k] == expected[k], "w - 0.25 dw, entry %zu: %g, not %g", k,
                  expected[k], params[k]);
    }
    o.step(&o, params, grads, 3); /* it has no memory */
    cr_assert(params[0] == -1.0 && params[1] == -1.0 && params[2] == 0.5,
              "a second step of descent is like the first");
}

Test(train, one_epoch_is_one_step_by_hand, .timeout = 5)
{
    Fixture f;
    begin(&f);
    double expected[PARAMS], right;
    gradient(&f, f.D.X, f.D.Y, &right);
    size_t moved = 0;
    for (size_t k = 0; k < PARAMS; k++) {
        expected[k] = f.net.params[k] - 0.5 * f.net.grads[k];
        moved += f.net.grads[k] != 0.0;
    }
    cr_assert(moved == PARAMS, "only %zu of %d gradients are not 0: is a tensor frozen?",
              moved, PARAMS);
    run(&f, 0.5, 1, ROWS, NULL);
    size_t at = 0;
    for (size_t l = 0; l < f.net.depth; l += 2) {
        size_t weights = f.net.layer[l].d_in * f.net.layer[l].d_out;
        size_t all = weights + f.net.layer[l].d_out;
        for (size_t k = 0; k < all; k++) {
            double got = f.net.params[at + k];
            cr_assert_float_eq(got, expected[at + k], 1e-14,
                               "%s of layer %zu, entry %zu: w - 0.5 dw is %.15g, not %.15g",
                               k < weights ? "W" : "b", l, k < weights ? k : k - weights,
                               expected[at + k], got);
        }
        at += all;
    }
    network_destroy(&f.net);
}

Test(train, epochs_by_hand, .timeout = 5)
{
    /* two epochs with batches of 4, 4 and 2, the order from the generator; all
       that train does done again here: parameters equal to the last bit */
    Fixture f, g;
    begin(&f);
    begin(&g);
    Seen seen = { 0 };
    run(&f, 0.3, 2, 4, &seen);
    cr_assert(seen.epochs == 2 && seen.norms == LINEARS, "%zu epochs, %zu norms",
              seen.epochs, seen.norms);
    for (size_t epoch = 0; epoch < 2; epoch++) {
        size_t order[ROWS];
        double loss = 0.0, share = 0.0, norm[LINEARS] = { 0.0 };
        rng_permutation(order, ROWS, &g.rng);
        for (size_t first = 0; first < ROWS; first += 4) {
            size_t rows = first + 4 <= ROWS ? 4 : ROWS - first;
            double x[4 * D_IN], y[4], right;
            for (size_t i = 0; i < rows; i++) {
                memcpy(x + i * D_IN, g.x + order[first + i] * D_IN, sizeof(double) * D_IN);
                y[i] = g.y[order[first + i]];
            }
            double mean = gradient(&g, matrix_view(x, rows, D_IN),
                                   matrix_view(y, rows, 1), &right);
            loss += mean * (double)rows / ROWS;
            share += right * (double)rows / ROWS;
            for (size_t i = 0; i < LINEARS; i++) {
                norm[i] += norm_of(g.net.layer[2 * i].dW) / 3.0;
            }
            for (size_t k = 0; k < PARAMS; k++) {
                g.net.params[k] -= 0.3 * g.net.grads[k];
            }
        }
        cr_assert_float_eq(seen.loss[epoch], loss, 1e-14,
                           "epoch %zu: the loss over its examples is %.15g, not %.15g",
                           epoch, loss, seen.loss[epoch]);
        cr_assert_float_eq(seen.accuracy[epoch], share, 1e-14,
                           "epoch %zu: the accuracy is %.15g, not %.15g", epoch, share,
                           seen.accuracy[epoch]);
        for (size_t i = 0; i < LINEARS; i++) {
            cr_assert_float_eq(seen.norm[epoch][i], norm[i], 1e-14,
                               "epoch %zu, linear layer %zu: |dW| is %.15g on average "
                               "over the batches, not %.15g", epoch, i, norm[i],
                               seen.norm[epoch][i]);
        }
    }
    check_bits(f.net.params, g.net.params, PARAMS, "a parameter after two epochs");
    network_destroy(&f.net);
    network_destroy(&g.net);
}

/* 75 weights and 26 biases: two rounds of 32 sums, and a rest */
Test(train, norms_of_wide_layers_by_hand, .timeout = 5)
{
    static const size_t width[] = { D_IN, 25, 1 };
    Fixture f;
    Error e = { "" };
    begin(&f);
    network_destroy(&f.net);
    cr_assert(network_create(&f.net, width, 3, ROWS, &e), "%s", e.text);
    network_init(&f.net, INIT_HE, 5);
    Seen seen = { 0 };
    run(&f, 0, 1, ROWS, &seen);
    double right;
    gradient(&f, f.D.X, f.D.Y, &right);
    for (size_t i = 0; i < 2; i++) {
        double norm = norm_of(f.net.layer[2 * i].dW);
        cr_assert_float_eq(seen.norm[0][i], norm, 1e-14, "layer %zu: the norm is %.17g, not %.17g", 2 * i + 1,
                           seen.norm[0][i], norm);
    }
    network_destroy(&f.net);
}

Test(train, epoch_loss_counts_every_row_once, .timeout = 5)
{
    /* with rate 0 an epoch in batches of 4, 4 and 2 must report what the whole
       set gives at once; a mean of the three means would not */
    Fixture f;
    begin(&f);
    double right, loss = gradient(&f, f.D.X, f.D.Y, &right);
    Seen seen = { 0 };
    run(&f, 0.0, 3, 4, &seen);
    for (size_t epoch = 0; epoch < 3; epoch++) {
        cr_assert_float_eq(seen.loss[epoch], loss, 1e-14,
                           "epoch %zu: loss %.15g, of the whole set %.15g", epoch,
                           seen.loss[epoch], loss);
        cr_assert_float_eq(seen.accuracy[epoch], right, 1e-14,
                           "epoch %zu: accuracy %.15g, of the whole set %.15g", epoch,
                           seen.accuracy[epoch], right);
    }
    for (size_t k = 0; k < PARAMS; k++) {
        cr_assert(f.net.params[k] == number(START, k), "rate 0 changed parameter %zu", k);
    }
    network_destroy(&f.net);
}

Test(train, keeps_rows_and_labels_together, .timeout = 5)
{
    /* the first column says the label. One linear layer learns that at once;
       if rows and labels were shuffled apart, it could not */
    static const size_t width[] = { 2, 1 };
    Network net;
    Error e = { "" };
    cr_assert(network_create(&net, width, 2, 5, &e), "network_create: %s", e.text);
    double x[40], y[20], before[40];
    for (size_t i = 0; i < 20; i++) {
        y[i] = (double)(i % 2);
        x[2 * i] = y[i] == 1.0 ? 1.0 : -1.0;
        x[2 * i + 1] = number(4, i);
    }
    memcpy(before, x, sizeof before);
    Dataset D = { matrix_view(x, 20, 2), matrix_view(y, 20, 1) };
    Optimizer o = sgd(1.0);
    Rng rng = rng_create(1);
    cr_assert(train(&net, D, &bce, &o, 60, 5, &rng, NULL, NULL, &e), "train: %s", e.text);
    double loss = network_mean(&net, D, bce_with_logits);
    cr_assert(loss < 0.05, "the label is in the first column, but the loss is still %g",
              loss);
    check_bits(x, before, 40, "the data after training");
    network_destroy(&net);
}

Test(train, same_generator_same_bits, .timeout = 5)
{
    Fixture f, g;
    begin(&f);
    begin(&g);
    run(&f, 0.3, 4, 3, NULL);
    run(&g, 0.3, 1, 3, NULL); /* the generator runs on from epoch to epoch */
    run(&g, 0.3, 3, 3, NULL);
    check_bits(f.net.params, g.net.params, PARAMS,
               "four epochs at once and in two goes: a parameter");
    network_destroy(&f.net);
    begin(&f);
    f.rng = rng_create(124);
    run(&f, 0.3, 4, 3, NULL);
    cr_assert(memcmp(f.net.params, g.net.params, sizeof(double) * PARAMS) != 0,
              "another order gave the same parameters: is there a shuffle?");
    network_destroy(&f.net);
    network_destroy(&g.net);
}

/* An optimizer that is interrupted in its second epoch of four steps. */
static void step_in_haste(Optimizer *o, double *params, const double *grads, size_t count)
{
    sgd_step(o, params, grads, count);
    if (++o->t == 7) {
        interrupt(15);
    }
}

Test(train, an_interrupted_epoch_is_left_and_not_shown, .timeout = 5)
{
    Fixture f;
    Seen seen = { 0 };
    Error e = { "" };
    Optimizer o = { .rate = 0.1, .step = step_in_haste };
    begin(&f);
    cr_assert(interrupted() == 0);
    cr_expect(train(&f.net, f.D, &bce, &o, 8, 3, &f.rng, see, &seen, &e), "%s", e.text);
    cr_expect(interrupted() == 15);
    cr_expect(seen.epochs == 1, "%zu epochs were shown, not 1", seen.epochs);
    cr_expect(o.t == 7, "%zu steps were taken, not 7", o.t);
    cr_expect(isnan(network_mean(&f.net, f.D, bce.value)));
    cr_expect(train(&f.net, f.D, &bce, &o, 8, 3, &f.rng, NULL, NULL, &e) && o.t == 7);
    interrupt(0);
    cr_expect(isfinite(network_mean(&f.net, f.D, bce.value)));
    network_destroy(&f.net);
}

Test(train, observer_can_stop, .timeout = 5)
{
    Fixture f, g;
    begin(&f);
    begin(&g);
    Seen seen = { .stop_after = 3 };
    run(&f, 0.3, 50, 4, &seen);
    cr_assert(seen.epochs == 3, "stopped after 3 epochs, but saw %zu", seen.epochs);
    run(&g, 0.3, 3, 4, NULL);
    check_bits(f.net.params, g.net.params, PARAMS, "three epochs: a parameter");
    network_destroy(&f.net);
    network_destroy(&g.net);
}

static void check_named(const Error *e, const char *epoch, const char *layer,
                        const char *tensor)
{
    cr_assert(strstr(e->text, epoch) != NULL, "the sentence doesn't say '%s': %s", epoch,
              e->text);
    cr_assert(strstr(e->text, layer) != NULL, "the sentence doesn't say '%s': %s", layer,
              e->text);
    cr_assert(strstr(e->text, tensor) != NULL,
              "the sentence doesn't name the tensor %s: %s", tensor, e->text);
}

Test(train, diverging_run_is_named, .timeout = 5)
{
    Fixture f;
    Error e = { "" };
    Optimizer o = sgd(0.1);
    begin(&f);
    f.net.layer[2].W.data[3] = NAN; /* the second linear layer */
    Seen seen = { 0 };
    cr_assert(!train(&f.net, f.D, &bce, &o, 5, 4, &f.rng, see, &seen, &e),
              "a NaN among the weights must end the run");
    cr_assert(seen.epochs == 0, "the epoch that failed isn't reported as done");
    check_named(&e, "epoch 0", "layer 3", "W");
    network_destroy(&f.net);

    begin(&f);
    f.net.layer[4].b.data[0] = INFINITY;
    cr_assert(!train(&f.net, f.D, &bce, &o, 5, 4, &f.rng, NULL, NULL, &e));
    check_named(&e, "epoch 0", "layer 5", "b");
    network_destroy(&f.net);
}

/* after it the first unit is silent for ever, and every answer finite */
static void step_to_silence(Optimizer *o, double *params, const double *grads, size_t count)
{
    (void)o, (void)grads, (void)count;
    params[3 * 4] = -INFINITY;
}

Test(train, last_step_is_looked_at_as_well, .timeout = 5)
{
    static const struct {
        Optimizer o;
        const char *layer, *tensor;
    } last[] = {
        { { .rate = INFINITY, .step = sgd_step }, "layer 1", "W" },
        { { .rate = -1e200, .step = sgd_step }, "layer 3", "the output" }, /* uphill: no unit dies */
        { { .step = step_to_silence }, "layer 1", "b" },
    };
    for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
        Fixture f;
        Error e = { "" };
        Optimizer o = last[i].o;
        begin(&f);
        cr_assert(!train(&f.net, f.D, &bce, &o, 1, ROWS, &f.rng, NULL, NULL, &e),
                  "a number of %s isn't finite, and train says nothing", last[i].layer);
        check_named(&e, "epoch 0", last[i].layer, last[i].tensor);
        network_destroy(&f.net);
    }
}

Test(train, no_epoch_is_no_failure, .timeout = 5)
{
    Fixture f;
    begin(&f);
    Rng rng = f.rng;
    f.net.params[3] = NAN; /* whoever doesn't train isn't told that training diverged */
    run(&f, 0.1, 0, 4, NULL);
    cr_assert(rng_next64(&f.rng) == rng_next64(&rng), "no epoch, but a draw");
    network_destroy(&f.net);
}

Test(train, no_memory_is_no_divergence, .timeout = 5)
{
    Fixture f;
    Error e = { "" };
    Optimizer o = sgd(0.1);
    begin(&f);
    f.net.params[3] = NAN;
    wrap_calls = 0;
    wrap_fail_at = 1;
    bool ok = train(&f.net, f.D, &bce, &o, 2, 4, &f.rng, NULL, NULL, &e);
    wrap_fail_at = 0;
    cr_assert(!ok && strstr(e.text, "memory"), "it says: %s", e.text);
    network_destroy(&f.net);
}

Test(train, overflowing_activations_are_named, .timeout = 5)
{
    /* the usual way to diverge: every weight is still finite, but the products
       no longer are. Of 1e200 and 1e200 the second layer makes infinity */
    Fixture f;
    Error e = { "" };
    Optimizer o = sgd(0.1);
    begin(&f);
    for (size_t k = 0; k < PARAMS; k++) {
        f.net.params[k] = 1e200;
    }
    fill_with(f.x, ROWS * D_IN, 1.0);
    cr_assert(!train(&f.net, f.D, &bce, &o, 5, 4, &f.rng, NULL, NULL, &e),
              "an infinite loss must end the run");
    check_named(&e, "epoch 0", "layer 3", "");
    network_destroy(&f.net);
}

/* every logit is finite, but not the sum of their losses */
Test(train, an_infinite_loss_alone_is_named, .timeout = 5)
{
    static const size_t width[] = { 1, 1 };
    Network net;
    Error e = { "" };
    Optimizer o = sgd(0.1);
    Rng rng = rng_create(1);
    double x[4] = { 1, 1, 1, 1 }, y[4] = { 0 };
    Dataset D = { matrix_view(x, 4, 1), matrix_view(y, 4, 1) };
    cr_assert(network_create(&net, width, 2, 4, &e), "%s", e.text);
    net.layer[0].W.data[0] = 1e308;
    cr_assert(!train(&net, D, &bce, &o, 1, 4, &rng, NULL, NULL, &e));
    check_named(&e, "epoch 0", "the loss", "rate");
    network_destroy(&net);
}

Test(train, loop_allocates_nothing, .timeout = 5)
{
    Fixture f;
    begin(&f);
    wrap_calls = 0;
    run(&f, 0.1, 1, 4, NULL);
    size_t one = wrap_calls;
    wrap_calls = 0;
    run(&f, 0.1, 50, 4, NULL);
    cr_assert(wrap_calls == one, "1 epoch makes %zu allocations, 50 epochs %zu", one,
              wrap_calls);
    cr_assert(one > 0, "nothing was counted: link with -Wl,--wrap=calloc");
    network_destroy(&f.net);
}

Test(train, batches_that_cannot_be_are_refused, .timeout = 10)
{
    Fixture f;
    begin(&f);
    Optimizer o = sgd(0.1);
    static const size_t bad[] = { 0, ROWS + 1 };
    for (size_t k = 0; k < 2; k++) {
        Error e = { "" };
        cr_assert(!train(&f.net, f.D, &bce, &o, 1, bad[k], &f.rng, NULL, NULL, &e),
                  "a batch of %zu rows of %d must be refused", bad[k], ROWS);
        cr_assert(strstr(e.text, k == 0 ? "0" : "11") != NULL && strstr(e.text, "10"),
                  "the sentence names neither batch nor rows: '%s'", e.text);
    }
    for (size_t k = 0; k < PARAMS; k++) {
        cr_assert(f.net.params[k] == number(START, k), "a refusal changed parameter %zu", k);
    }
    Dataset wrong = { matrix_view(f.x, ROWS, 2), f.D.Y };
    Error e = { "" };
    CHECK_STOPS(train(&f.net, wrong, &bce, &o, 1, 4, &f.rng, NULL, NULL, &e), "4x2");
    Network small;
    static const size_t width[] = { D_IN, 1 };
    cr_assert(network_create(&small, width, 2, 3, &e));
    CHECK_STOPS(train(&small, f.D, &bce, &o, 1, 4, &f.rng, NULL, NULL, &e), "train: batches of 4", "3");
    network_destroy(&small);
    Dataset torn = { f.D.X, matrix_rows(f.D.Y, 0, 9) };
    CHECK_STOPS(train(&f.net, torn, &bce, &o, 1, 4, &f.rng, NULL, NULL, &e), "train: ", "10", "9");
    network_destroy(&f.net);
}
