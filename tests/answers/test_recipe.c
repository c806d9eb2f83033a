/* A recipe does what its parts do one after another, with every method and option. */
#include "check.h"

#include <math.h>

#include "batchnorm.h"
#include "dropout.h"
#include "recipe.h"

enum { POINTS = 20, MOST_LAYERS = 9 };

static const size_t width[] = { 2, 5, 3, 1 };

static Recipe recipe(Method method, double beta, bool normal, double dropout)
{
    return (Recipe) {
        .width = width, .count = 4, .activation = "relu", .loss = &bce, .init = INIT_HE,
        .rate = 0.05, .epochs = 3, .batch = 16, .seed = 42, .method = method, .beta = beta,
        .batchnorm = normal, .dropout = dropout
    };
}

static void data_of(Dataset *D)
{
    Error e = { "" };
    cr_assert(spirals(D, POINTS, 0.25, 7, &e), "%s", e.text);
}

/* The layers of 2-5-3-1, with what the recipe asks for around each ReLU. */
static size_t layers_of(Layer *list, const Recipe *r, Dropout *drops)
{
    size_t depth = 0;
    for (size_t i = 1; i < 4; i++) {
        list[depth++] = linear_layer(width[i - 1], width[i]);
        if (i < 3 && r->batchnorm) {
            list[depth++] = batchnorm_layer(width[i]);
        }
        if (i < 3) {
            list[depth++] = relu_layer(width[i]);
        }
        if (i < 3 && r->dropout > 0) {
            list[depth++] = dropout_layer(width[i], drops);
        }
    }
    return depth;
}

/* The same by hand. D is standardised; the caller destroys net. */
static bool follow(Network *net, Dataset D, const Recipe *r, Error *e)
{
    Layer list[MOST_LAYERS];
    Rng draws = rng_create(r->seed + 3000), rng = rng_create(r->seed + 1000);
    Dropout drops = { r->dropout, &draws };
    Optimizer o;
    cr_assert(network_from(net, list, layers_of(list, r, &drops), r->batch, e), "%s", e->text);
    network_init(net, r->init, r->seed);
    cr_assert(optimizer_create(&o, r->method, r->rate, r->beta, net->param_count, e), "%s",
              e->text);
    bool ok = train(net, D, &bce, &o, r->epochs, r->batch, &rng, NULL, NULL, e);
    optimizer_destroy(&o);
    return ok;
}

static void check_same(const Network *a, const Network *b, const char *what)
{
    cr_assert(a->depth == b->depth && a->param_count == b->param_count,
              "%s: %zu layers and %zu parameters, by hand %zu and %zu", what, a->depth,
              a->param_count, b->depth, b->param_count);
    check_bits(a->params, b->params, a->param_count, what);
    for (size_t l = 0; l < a->depth; l++) {
        const Layer *x = &a->layer[l], *y = &b->layer[l];
        cr_assert(x->forward == y->forward, "%s: layer %zu is %s, by hand %s", what, l, x->name,
                  y->name);
        check_bits(x->lasting.data, y->lasting.data, x->lasting.rows * x->lasting.cols, what);
    }
}

Test(recipe, fit_is_its_parts_by_hand, .timeout = 10)
{
    static const struct {
        Method method;
        double beta;
        bool normal;
        double dropout;
        const char *what;
    } at[] = {
        { SGD, 0, false, 0, "sgd" },
        { MOMENTUM, 0.9, false, 0, "momentum" },
        { MOMENTUM, 0.5, false, 0, "momentum with beta 0.5" },
        { ADAM, 0.9, false, 0, "Adam" },
        { ADAM, 0.5, false, 0, "Adam with beta 0.5" },
        { SGD, 0, true, 0, "batch norm" },
        { SGD, 0, false, 0.3, "dropout" },
        { ADAM, 0.9, true, 0.3, "all three" },
    };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        Recipe r = recipe(at[i].method, at[i].beta, at[i].normal, at[i].dropout);
        Dataset D, same;
        Network net, other;
        Scaling scaling, expected;
        Error e = { "" }, by_hand = { "" };
        data_of(&D);
        data_of(&same);
        bool ok = recipe_fit(&net, &scaling, D, &r, NULL, NULL, &e);
        cr_assert(scaling_fit(&expected, same.X, &e), "%s", e.text);
        scaling_apply(same.X, expected);
        bool right = follow(&other, same, &r, &by_hand);
        cr_assert(ok == right, "%s: \"%s\", by hand \"%s\"", at[i].what, e.text, by_hand.text);
        cr_assert_str_eq(e.text, by_hand.text, "%s: \"%s\", by hand \"%s\"", at[i].what, e.text,
                         by_hand.text);
        check_bits(D.X.data, same.X.data, 4 * POINTS, "the data, standardised");
        if (ok) {
            check_same(&net, &other, at[i].what);
            check_bits(scaling.mean.data, expected.mean.data, 2, "a mean");
            check_bits(scaling.std.data, expected.std.data, 2, "a deviation");
            for (size_t l = 0; l < net.depth; l++) {
                cr_assert(net.layer[l].own == NULL, "layer %zu keeps a generator of recipe_fit's",
                          l);
            }
            network_destroy(&net);
            scaling_destroy(&scaling);
        }
        network_destroy(&other);
        scaling_destroy(&expected);
        dataset_destroy(&D);
        dataset_destroy(&same);
    }
}

/* Counts the epochs, and stops after two. */
static bool two(void *context, const Epoch *epoch)
{
    size_t *count = context;
    cr_assert(epoch->norms == 3, "three linear layers, %zu norms", epoch->norms);
    return ++*count < 2;
}

Test(recipe, observer_sees_every_method, .timeout = 10)
{
    static const Method methods[] = { SGD, MOMENTUM, ADAM };
    for (size_t i = 0; i < 3; i++) {
        Recipe r = recipe(methods[i], 0.9, false, 0), brief = r;
        Network net, other;
        Scaling scaling;
        Dataset D;
        size_t count = 0;
        Error e = { "" };
        data_of(&D);
        cr_assert(recipe_fit(&net, &scaling, D, &r, two, &count, &e), "%s", e.text);
        cr_assert(count == 2, "method %zu: stopped after 2 of 3 epochs, %zu were seen", i, count);
        brief.epochs = 2;
        cr_assert(follow(&other, D, &brief, &e), "%s", e.text); /* D is standardised by now */
        check_same(&net, &other, "stopped after two epochs");
        network_destroy(&net);
        network_destroy(&other);
        scaling_destroy(&scaling);
        dataset_destroy(&D);
    }
}

Test(recipe, refusals_say_why, .timeout = 10)
{
    static const size_t none[] = { 2, 0, 1 };
    Dataset D;
    data_of(&D);
    for (size_t i = 0; i < 3; i++) {
        static const char *const says[] = { "a layer of 0 units", "batches of 0 rows",
                                            "a batch of 41 rows from 40 examples" };
        Recipe r = recipe(ADAM, 0.9, true, 0.3);
        Network net;
        Scaling scaling;
        Error e = { "" };
        memset(&net, 0x5a, sizeof net); /* what was there is nobody's */
        memset(&scaling, 0x5a, sizeof scaling);
        if (i == 0) {
            r.width = none;
            r.count = 3;
        } else {
            r.batch = i == 1 ? 0 : 2 * POINTS + 1;
        }
        cr_assert(!recipe_fit(&net, &scaling, D, &r, NULL, NULL, &e), "not refused: %s", says[i]);
        cr_assert(strncmp(e.text, says[i], strlen(says[i])) == 0, "it says \"%s\", not \"%s\"",
                  e.text, says[i]);
        cr_assert(net.memory == NULL && net.layer == NULL && net.A == NULL
                  && scaling.mean.data == NULL && scaling.std.data == NULL,
                  "there is nothing to destroy after \"%s\"", e.text);
    }
    dataset_destroy(&D);
}

/* As many layers as there may be, with all that goes around them. */
Test(recipe, the_deepest_has_room, .timeout = 20)
{
    size_t widths[DEEPEST];
    Recipe r = recipe(SGD, 0, true, 0.3);
    Network net;
    Scaling scaling;
    Dataset D;
    Error e = { "" };
    data_of(&D);
    for (size_t i = 0; i < DEEPEST; i++) {
        widths[i] = i ? 1 : 2;
    }
    r.width = widths;
    r.count = DEEPEST;
    cr_assert(recipe_fit(&net, &scaling, D, &r, NULL, NULL, &e), "%s", e.text);
    cr_assert(net.depth == 4 * (DEEPEST - 2) + 1, "%zu layers", net.depth);
    network_destroy(&net);
    scaling_destroy(&scaling);
    dataset_destroy(&D);
}

/* The last pass before an observer sees the first epoch is one of evaluation: a stub there is met by then. */
static bool look(void *context, const Epoch *epoch)
{
    const Network *net = context;
    cr_assert(epoch->epoch > 0 || net->ready == 0, "only training was tried");
    return true;
}

Test(recipe, evaluation_is_tried_first, .timeout = 10)
{
    Recipe r = recipe(SGD, 0, true, 0.3);
    Network net;
    Scaling scaling;
    Dataset D;
    Error e = { "" };
    data_of(&D);
    cr_assert(recipe_fit(&net, &scaling, D, &r, look, &net, &e), "%s", e.text);
    network_destroy(&net);
    scaling_destroy(&scaling);
    dataset_destroy(&D);
}

/* What a stub says is said before anybody sees an epoch, unless something else is wrong. */
Test(recipe, a_stub_is_named_at_once, .timeout = 10)
{
    for (size_t i = 0; i < 2; i++) {
        Recipe r = recipe(SGD, 0, false, 0);
        Network net;
        Scaling scaling;
        Dataset D;
        size_t count = 0;
        Error e = { "" };
        data_of(&D);
        r.batch *= i;
        not_begun("9z");
        cr_assert(!recipe_fit(&net, &scaling, D, &r, two, &count, &e));
        cr_assert(count == 0, "%zu epochs were seen", count);
        cr_assert(strstr(e.text, i ? "challenge 9z is not begun" : "batches of 0 rows"), "it says \"%s\"", e.text);
        dataset_destroy(&D);
    }
}

/* With a challenge's answer in, nothing is said to be missing; see options.sh for the stubs. */
Test(recipe, sgd_needs_no_challenge, .timeout = 10)
{
    for (size_t i = 0; i < 2; i++) {
        Recipe r = recipe(i ? ADAM : SGD, 0.9, false, 0);
        Network net;
        Scaling scaling;
        Dataset D;
        Error e = { "" };
        data_of(&D);
        bool ok = recipe_fit(&net, &scaling, D, &r, NULL, NULL, &e);
        cr_assert(ok || (i && strncmp(e.text, "challenge 1", 11) == 0), "it says \"%s\"", e.text);
        if (ok) {
            network_destroy(&net);
            scaling_destroy(&scaling);
        }
        dataset_destroy(&D);
    }
}

/* 40 rows in 7 parts: of 5 or 6 rows, as many right as a whole number; in all, as many as by the logits of all rows. */
Test(recipe, folds_are_whole_parts, .timeout = 10)
{
    static const size_t sizes[] = { 5, 6, 6, 5, 6, 6, 6 };
    for (uint64_t seed = 0; seed < 4; seed++) {
        Recipe r = recipe(SGD, 0, false, 0);
        Dataset D;
        double share[7], logit[40], all = 0;
        Matrix Z = matrix_view(logit, 40, 1);
        Error e = { "" };
        r.seed = seed;
        data_of(&D);
        cr_assert(recipe_validate(share, Z, 7, D, &r, NULL, NULL, &e), "%s", e.text);
        for (size_t k = 0; k < 7; k++) {
            double right = share[k] * (double)sizes[k];
            cr_assert(fabs(right - floor(right + 0.5)) < 1e-9, "fold %zu: %g of %zu rows", k, right,
                      sizes[k]);
            all += right;
        }
        cr_assert(fabs(all - 40 * accuracy(Z, D.Y)) < 1e-9, "%g in folds, and by logits %g of 40", all,
                  40 * accuracy(Z, D.Y));
        dataset_destroy(&D);
    }
}

/* A loss that counts whom it has asked: labels are the rows' numbers. */
static size_t asked[2 * POINTS];

static double nothing(Matrix Z, Matrix Y)
{
    cr_assert(Z.rows == Y.rows);
    return 0;
}

static double nothing_both(Matrix dZ, Matrix Z, Matrix Y)
{
    fill_with(dZ.data, dZ.rows * dZ.cols, 0);
    return nothing(Z, Y);
}

static double ask(Matrix Z, Matrix Y)
{
    for (size_t i = 0; i < Y.rows; i++) {
        asked[(size_t)Y.data[i]]++;
    }
    return nothing(Z, Y);
}

Test(recipe, each_fold_trains_or_tests_on_each_row, .timeout = 10)
{
    const Loss loss = { .name = "none", .value = nothing, .both = nothing_both, .accuracy = ask };
    Recipe r = recipe(SGD, 0, false, 0);
    Dataset D;
    double share[7];
    Error e = { "" };
    r.loss = &loss;
    r.epochs = 1;
    data_of(&D);
    for (size_t i = 0; i < D.Y.rows; i++) {
        D.Y.data[i] = (double)i;
    }
    cr_assert(recipe_validate(share, (Matrix){ 0 }, 7, D, &r, NULL, NULL, &e), "%s", e.text);
    for (size_t i = 0; i < D.Y.rows; i++) {
        cr_assert(asked[i] == 7, "row %zu comes %zu times in 7 folds", i, asked[i]);
    }
    dataset_destroy(&D);
}

/* Data in other units: each fold, the rows to test on as well, is standardised to the same bits. */
Test(recipe, folds_test_on_standardised_rows, .timeout = 20)
{
    double share[3][4];
    static const double unit[] = { 1, 0x1p-10, 0x1p10 };
    for (size_t i = 0; i < 3; i++) {
        Recipe r = recipe(SGD, 0, false, 0);
        Dataset D;
        Error e = { "" };
        cr_assert(spirals(&D, 60, 0.25, 7, &e), "%s", e.text);
        for (size_t k = 0; k < D.X.rows * D.X.cols; k++) {
            D.X.data[k] *= unit[i];
        }
        r.epochs = 20;
        cr_assert(recipe_validate(share[i], (Matrix){ 0 }, 4, D, &r, NULL, NULL, &e), "%s", e.text);
        check_bits(share[i], share[0], 4, "the share that is right, in another unit");
        dataset_destroy(&D);
    }
}
