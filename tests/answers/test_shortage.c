/* Training by a recipe with every answer in it, while memory runs short. */
#include "model.h"
#include "recipe.h"
#include "softmax.h"
#include "survive.h"

static const size_t width[] = { 2, 5, 3, 1 };
static Dataset data;

static bool try_recipe(const Recipe *r, bool *untouched, Error *e)
{
    Model m = { 0 };
    bool ok = recipe_fit(&m.net, &m.scaling, data, r, NULL, NULL, e);
    *untouched = true; /* the data may be standardised by then */
    if (ok) {
        model_destroy(&m);
    }
    return ok;
}

#define TRY(name, ...)                                                         \
    static bool name(bool *untouched, Error *e)                                \
    {                                                                          \
        Recipe r = { .width = width, .count = 4, .activation = "relu",         \
                     .loss = &bce, .init = INIT_HE, .rate = 0.01, .epochs = 2, \
                     .batch = 8, .seed = 42, .beta = 0.9, __VA_ARGS__ };       \
        return try_recipe(&r, untouched, e);                                   \
    }

TRY(try_momentum, .method = MOMENTUM)
TRY(try_adam, .method = ADAM)
TRY(try_batchnorm, .method = SGD, .batchnorm = true)
TRY(try_dropout, .method = SGD, .dropout = 0.2)
TRY(try_all_with_momentum, .method = MOMENTUM, .batchnorm = true, .dropout = 0.2)
TRY(try_all_with_adam, .method = ADAM, .batchnorm = true, .dropout = 0.2)

static bool try_folds(bool *untouched, Error *e)
{
    Recipe r = {
        .width = width, .count = 4, .activation = "relu", .loss = &bce, .init = INIT_HE,
        .rate = 0.01, .epochs = 2, .batch = 8, .seed = 42, .method = ADAM, .beta = 0.9,
        .batchnorm = true, .dropout = 0.2
    };
    double share[4];
    *untouched = true;
    return recipe_validate(share, (Matrix){ 0 }, 4, data, &r, NULL, NULL, e);
}

static bool try_one_hot(bool *untouched, Error *e)
{
    Dataset D;
    *untouched = true;
    if (!dataset_create(&D, 4, 2, e)) {
        return false;
    }
    bool ok = dataset_one_hot(&D, 3, e);
    *untouched = ok || D.Y.cols == 1;
    dataset_destroy(&D);
    return ok;
}

Test(shortage, every_allocation_of_a_recipe_may_fail, .timeout = 30)
{
    static const struct {
        Attempt *attempt;
        const char *name;
        size_t least;       /* allocations that it surely makes */
    } table[] = {
        { try_batchnorm, "batch norm", 4 }, { try_dropout, "dropout", 4 },
        { try_momentum, "momentum", 5 }, { try_adam, "Adam", 5 },
        { try_all_with_momentum, "all with momentum", 5 },
        { try_all_with_adam, "all with Adam", 5 }, { try_folds, "folds with all", 9 },
        { try_one_hot, "dataset_one_hot", 3 },
    };
    Error e = { "" };
    cr_assert(spirals(&data, 20, 0.25, 7, &e), "%s", e.text);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expect_survival(table[i].attempt, table[i].name, table[i].least);
    }
    dataset_destroy(&data);
}
