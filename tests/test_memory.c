/* Every allocation of the package is made to fail, one after another. */
#include "complexstep.h"
#include "model.h"
#include "recipe.h"
#include "scratch.h"
#include "survive.h"

TestSuite(memory, .init = scratch_make, .fini = scratch_remove, .timeout = 30);

static const size_t width[] = { 2, 5, 3, 1 };
static Dataset data;    /* 40 x 2, standardised */
static Model model;     /* fitted to it */

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
ATTEMPT(try_csv, Dataset, csv_read(&out, "data.csv", 0, e), dataset_destroy)
ATTEMPT(try_csv_of_inputs, Dataset, csv_read(&out, "data.csv", 2, e), dataset_destroy)
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
    *untouched = true;
    return model_save("model", &model, e);
}

static bool try_write(bool *untouched, Error *e)
{
    *untouched = true;
    return csv_write("data.csv", data, e);
}

static bool try_complex(bool *untouched, Error *e)
{
    double grads[64], inputs[80];
    grads[0] = inputs[0] = 7;
    cr_assert(model.net.param_count <= 64);
    bool ok = complex_gradient(grads, matrix_view(inputs, 40, 2), &model.net, data.X, data.Y, &bce, e);
    *untouched = ok || (grads[0] == 7 && inputs[0] == 7);
    return ok;
}

static bool try_fit(bool *untouched, Error *e)
{
    Recipe r = { width, 4, INIT_HE, 0.1, 2, 8, 42, .method = SGD };
    Model m = { 0 };
    bool ok = recipe_fit(&m.net, &m.scaling, data, &r, NULL, NULL, e);
    *untouched = true;
    if (ok) {
        model_destroy(&m);
    }
    return ok;
}

static bool try_folds(bool *untouched, Error *e)
{
    Recipe r = { width, 4, INIT_HE, 0.1, 2, 8, 42, .method = SGD };
    double share[4];
    *untouched = true;
    return recipe_validate(share, 4, data, &r, NULL, NULL, e);
}

Test(memory, every_allocation_may_fail)
{
    Recipe r = { width, 4, INIT_XAVIER, 0.1, 3, 8, 42, .method = SGD };
    cr_assert(spirals(&data, 20, 0.25, 7, NULL));
    cr_assert(recipe_fit(&model.net, &model.scaling, data, &r, NULL, NULL, NULL));
    cr_assert(csv_write("data.csv", data, NULL) && model_save("model", &model, NULL));
    static const struct {
        Attempt *attempt;
        const char *name;
        size_t least;       /* allocations that it surely makes */
    } table[] = {
        { try_matrix, "matrix_create", 1 }, { try_dataset, "dataset_create", 2 },
        { try_spirals, "spirals", 2 }, { try_scaling, "scaling_fit", 2 },
        { try_network, "network_create", 1 }, { try_train, "train", 1 },
        { try_csv, "csv_read", 3 }, { try_csv_of_inputs, "csv_read for a model", 3 },
        { try_load, "model_load", 4 }, { try_save, "model_save", 0 },
        { try_write, "csv_write", 0 }, { try_complex, "complex_gradient", 1 },
        { try_fit, "recipe_fit", 4 }, { try_folds, "recipe_validate", 5 },
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expect_survival(table[i].attempt, table[i].name, table[i].least);
    }
    cr_expect(scratch_count() == 2);
    model_destroy(&model);
    dataset_destroy(&data);
}
