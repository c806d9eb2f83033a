/* Every allocation of the package is made to fail, one after another. */
#include "complexstep.h"
#include "files.h"
#include "model.h"
#include "published.h"
#include "recipe.h"
#include "scratch.h"
#include "survive.h"

TestSuite(memory, .init = scratch_make, .fini = scratch_remove, .timeout = 30);

static const size_t width[] = { 2, 5, 3, 1 };
static Dataset data;    /* 40 x 2, standardised */
static Model model = { .labels = { 2, { "0", "1" } } };     /* fitted to it */

static Recipe recipe(Init init, size_t epochs)
{
    return (Recipe) {
        .width = width, .count = 4, .activation = "relu", .loss = &bce, .init = init, .rate = 0.1,
        .epochs = epochs, .batch = 8, .seed = 42, .method = SGD
    };
}

#define ATTEMPT(name, Type, call, destroy)                                     \
    static bool name(bool *untouched, Error *e)                                \
    {                                                                          \
        Type out, old;                                                         \
        memset(&out, 0x5a, sizeof out);                                        \
        memcpy(&old, &out, sizeof out);                                        \
        if (call) {                                                            \
            destroy(&out);                                                     \
            return true;                                                       \
        }                                                                      \
        *untouched = memcmp(&out, &old, sizeof out) == 0;                      \
        return false;                                                          \
    }

ATTEMPT(try_matrix, Matrix, matrix_create(&out, 3, 4, e), matrix_destroy)
ATTEMPT(try_dataset, Dataset, dataset_create(&out, 3, 4, e), dataset_destroy)
ATTEMPT(try_spirals, Dataset, spirals(&out, 5, 0.25, 7, e), dataset_destroy)
ATTEMPT(try_scaling, Scaling, scaling_fit(&out, data.X, e), scaling_destroy)
ATTEMPT(try_network, Network, network_create(&out, width, 4, 8, e), network_destroy)
static const Dialect usual;
static Labels labels = { 2, { "0", "1" } };
ATTEMPT(try_table, Dataset, dataset_read(&out, &labels, "data.csv", &usual, 0, NULL, e),
        dataset_destroy)
ATTEMPT(try_inputs, Dataset, dataset_read(&out, &labels, "data.csv", &usual, 2, NULL, e),
        dataset_destroy)
ATTEMPT(try_load, Model, model_load(&out, "model", e), model_destroy)

static bool try_train(bool *untouched, Error *e)
{
    Optimizer o = sgd(0.1);
    Rng rng = rng_create(1), old = rng;
    double before = model.net.params[0];
    bool ok = train(&model.net, data, &bce, &o, 1, 8, &rng, NULL, NULL, e);
    *untouched = ok || (before == model.net.params[0] && memcmp(&rng, &old, sizeof rng) == 0);
    return ok;
}

static bool try_save(bool *untouched, Error *e)
{
    Output o;
    *untouched = true;
    if (!output_open(&o, "model", e)) {
        return false;
    }
    bool ok = model_write(o.file, &model, e) && output_close(&o, e);
    output_abandon(&o);
    return ok;
}

static bool try_write(bool *untouched, Error *e)
{
    *untouched = true;
    return dataset_write("data.csv", data, e);
}

static bool try_complex(bool *untouched, Error *e)
{
    double grads[64], inputs[80];
    grads[0] = inputs[0] = 7;
    cr_assert(model.net.param_count <= 64);
    bool ok = complex_gradient(1e-20, grads, matrix_view(inputs, 40, 2), &model.net, data.X, data.Y, &bce, e);
    *untouched = ok || (grads[0] == 7 && inputs[0] == 7);
    return ok;
}

/* of a parabola */
static Sample parabola(void *x)
{
    return (Sample) { *(double *)x * *(double *)x, 0 };
}

static bool try_taylor(bool *untouched, Error *e)
{
    double x = 3, slope = 6;
    Rng rng = rng_create(1);
    double ratio = taylor_ratio(parabola, &x, &x, &slope, 1, &rng, e);
    *untouched = x == 3 && (ratio == 0 || ratio > 3.6);
    return ratio > 3.6 && ratio < 4.4;
}

static bool try_fit(bool *untouched, Error *e)
{
    Recipe r = recipe(INIT_HE, 2);
    Model m = { 0 };
    bool ok = recipe_fit(&m.net, &m.scaling, data, &r, NULL, NULL, e);
    *untouched = true;
    if (ok) {
        model_destroy(&m);
    }
    return ok;
}

static bool try_factor(bool *untouched, Error *e)
{
    double factor = 7;
    bool ok = published_factor(&factor, 2, e);
    *untouched = ok || factor == 7;
    return ok;
}

static bool try_published(bool *untouched, Error *e)
{
    Network net;
    Rng rng = rng_create(1);
    *untouched = true;
    bool ok = published_run(&net, &architectures[0], 1, true, &rng, NULL, NULL, e);
    if (ok) {
        network_destroy(&net);
    }
    return ok;
}

static bool try_folds(bool *untouched, Error *e)
{
    Recipe r = recipe(INIT_HE, 2);
    double share[4];
    *untouched = true;
    return recipe_validate(share, (Matrix){ 0 }, 4, data, &r, NULL, NULL, e);
}

Test(memory, every_allocation_may_fail)
{
    Recipe r = recipe(INIT_XAVIER, 3);
    bool untouched;
    cr_assert(spirals(&data, 20, 0.25, 7, NULL));
    cr_assert(recipe_fit(&model.net, &model.scaling, data, &r, NULL, NULL, NULL));
    cr_assert(dataset_write("data.csv", data, NULL) && try_save(&untouched, NULL));
    static const struct {
        Attempt *attempt;
        const char *name;
        size_t least;       /* allocations that it surely makes */
    } table[] = {
        { try_matrix, "matrix_create", 1 }, { try_dataset, "dataset_create", 2 },
        { try_spirals, "spirals", 2 }, { try_scaling, "scaling_fit", 2 },
        { try_network, "network_create", 1 }, { try_train, "train", 1 },
        { try_table, "dataset_read", 3 }, { try_inputs, "dataset_read for a model", 3 },
        { try_load, "model_load", 5 }, { try_save, "model_write", 1 },
        { try_write, "dataset_write", 0 }, { try_complex, "complex_gradient", 1 },
        { try_taylor, "taylor_ratio", 1 }, { try_fit, "recipe_fit", 4 },
        { try_folds, "recipe_validate", 5 }, { try_factor, "published_factor", 5 },
        { try_published, "published_run", 5 },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expect_survival(table[i].attempt, table[i].name, table[i].least);
    }
    cr_expect(scratch_count() == 2);
    model_destroy(&model);
    dataset_destroy(&data);
}

/* A text in memory that can't grow says so only to the call that prints. */
Test(memory, half_a_model_is_none)
{
    Recipe r = recipe(INIT_XAVIER, 3);
    FILE *file = tmpfile();
    size_t k = 0;
    cr_assert(file && spirals(&data, 20, 0.25, 7, NULL));
    cr_assert(recipe_fit(&model.net, &model.scaling, data, &r, NULL, NULL, NULL));
    model.labels = (Labels){ 3, { "a", "b", "c" } };
    for (bool ok = false; !ok; ) {
        Error e = { { 0 } };
        wrap_deaf_at = ++k;
        ok = model_write(file, &model, &e);
        cr_assert(ok || !strcmp(e.text, "no memory to write a model; free some"));
        cr_assert(ok || ftell(file) == 0);
    }
    wrap_deaf_at = 0;
    cr_expect(k > 4 + model.net.depth + model.net.param_count, "%zu writes", k);
    fclose(file);
    model_destroy(&model);
    dataset_destroy(&data);
}

/* Interrupted, no further fold is begun. */
Test(memory, interrupted_folds_are_left, .timeout = 5)
{
    Recipe r = recipe(INIT_XAVIER, 3);
    double share[4];
    cr_assert(spirals(&data, 20, 0.25, 7, NULL));
    interrupt(2);
    wrap_calls = 0;
    cr_expect(recipe_validate(share, (Matrix){ 0 }, 4, data, &r, NULL, NULL, NULL));
    cr_expect(wrap_calls == 3, "the folds took memory %zu times", wrap_calls - 3);
    interrupt(0);
    dataset_destroy(&data);
}
