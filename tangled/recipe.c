/* recipe.c: train by a recipe, test in folds */
#include <stdlib.h>
#include "recipe.h"

bool recipe_fit(Network *net, Scaling *scaling, Dataset D,
                const Recipe *r, Observer *observe, void *context,
                Error *e)
{
    Optimizer o = sgd(r->rate);
    Rng rng = rng_create(r->seed + 1000);
    if (!scaling_fit(scaling, D.X, e))
        return false;
    if (!network_create(net, r->width, r->count, r->batch, e)) {
        scaling_destroy(scaling);
        return false;
    }
    scaling_apply(D.X, *scaling);
    network_init(net, r->init, r->seed);
    if (train(net, D, &o, r->epochs, r->batch, &rng, observe, context,
              e))
        return true;
    network_destroy(net);
    scaling_destroy(scaling);
    return false;
}
bool recipe_fold(double *share, Dataset D, const size_t *order,
                 size_t count, const Recipe *r, Observer *observe,
                 void *context, Error *e)
{
    Dataset test = { 0 }, rest = { 0 };
    Network net = { 0 };
    Scaling scaling = { 0 };
    bool ok = dataset_create(&test, count, D.X.cols, e)
        && dataset_create(&rest, D.X.rows - count, D.X.cols, e);
    if (ok) {
        dataset_gather(test, D, order);
        dataset_gather(rest, D, order + count);
        ok = recipe_fit(&net, &scaling, rest, r, observe, context, e);
    }
    if (ok) {
        scaling_apply(test.X, scaling);
        *share = network_accuracy(&net, test);
    }
    network_destroy(&net);
    scaling_destroy(&scaling);
    dataset_destroy(&test);
    dataset_destroy(&rest);
    return ok;
}
bool recipe_validate(double *share, size_t folds, Dataset D,
                     const Recipe *r, Observer *observe, void *context,
                     Error *e)
{
    size_t n = D.X.rows;
    size_t *order = allocate(2 * n, sizeof *order, "row numbers", e);
    if (!order)
        return false;
    Rng rng = rng_create(r->seed + 2000);
    rng_permutation(order, n, &rng);
    for (size_t i = 0; i < n; i++)
        order[n + i] = order[i];
    bool ok = true;
    for (size_t k = 0; ok && k < folds; k++) {
        size_t first = k * n / folds;
        ok = recipe_fold(&share[k], D, order + first,
                         (k + 1) * n / folds - first, r, observe,
                         context, e);
    }
    free(order);
    return ok;
}
