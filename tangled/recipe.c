/* Generated from nn.nw (MIT licence); edit there. recipe.c: train by a recipe, test in folds */
#include <stdlib.h>
#include "batchnorm.h"
#include "dropout.h"
#include "parallel.h"
#include "recipe.h"
static bool recipe_network(Network *net, const Recipe *r,
                           Dropout *drops, Error *e)
{
    Layer plain[2 * DEEPEST], list[4 * DEEPEST];
    size_t depth = 0, count = layer_line_up(plain, r->width, r->count,
                                            r->activation, e);
    for (size_t i = 0; i < count; i++) {
        if (i % 2 == 1 && r->batchnorm)
            list[depth++] = batchnorm_layer(plain[i].d_in);
        list[depth++] = plain[i];
        if (i % 2 == 1 && r->dropout > 0)
            list[depth++] = ranks_drop(
                dropout_layer(plain[i].d_out, drops), drops->rng);
    }
    return depth && network_from(net, list, depth, r->batch, e);
}
typedef struct {
    Observer *observe;                   /* the caller's, or NULL */
    void *context;
} Watch;

static bool watch(void *context, const Epoch *epoch)
{
    const Watch *w = context;
    Matrix one = matrix_rows(epoch->D.X, 0, 1);
    if (epoch->epoch == 0)
        network_forward(epoch->net, one, EVALUATION);
    return !part_not_begun()
        && (!w->observe || w->observe(w->context, epoch));
}
bool recipe_fit(Network *net, Scaling *scaling, Dataset D,
                const Recipe *r, Observer *observe, void *context,
                Error *e)
{
    Rng rng = rng_create(r->seed + 1000);
    Rng draws = rng_create(r->seed + 3000);
    Dropout drops = { .p = r->dropout, .rng = &draws };
    Optimizer o = { 0 };
    Watch w = { observe, context };
    *net = (Network){ 0 };
    *scaling = (Scaling){ 0 };
    bool ok = ranks_agree(scaling_fit(scaling, D.X, e)
        && recipe_network(net, r, &drops, e)
        && optimizer_create(&o, r->method, r->rate, r->beta,
                            net->param_count, e), e);
    if (ok) {
        scaling_apply(D.X, *scaling);
        network_init(net, r->init, r->seed);
        ok = train(net, D, r->loss, &o, r->epochs, r->batch, &rng, watch,
                   &w, e);
    }
    optimizer_destroy(&o);
    for (size_t l = 0; l < net->depth; l++)
        net->layer[l].own = NULL;
    if (ok && part_not_begun())
        ok = fail(e, "challenge %s is not begun; write its chunk in nn.nw, "
                  "or do without it", part_not_begun());
    if (!ok) {
        network_destroy(net);
        scaling_destroy(scaling);
    }
    return ok;
}
bool recipe_validate(double *share, Matrix Z, size_t folds, Dataset D,
                     const Recipe *r, Observer *observe, void *context,
                     Error *e)
{
    size_t n = D.X.rows;
    size_t *order = allocate(2 * n, sizeof *order, "row numbers", e);
    Dataset dealt = { 0 };
    bool ok = order && matrix_create(&dealt.X, n, D.X.cols, e)
        && matrix_create(&dealt.Y, n, D.Y.cols, e);
    Rng rng = rng_create(r->seed + 2000);
    if (ok)
        rng_permutation(order, n, &rng);
    for (size_t i = 0; ok && i < n; i++)
        order[n + i] = order[i];
    for (size_t k = 0; ok && k < folds && !ranks_leave(); k++) {
        size_t first = k * n / folds;
        size_t count = (k + 1) * n / folds - first;
        dataset_gather(dealt, D, order + first);
        Dataset test = { matrix_rows(dealt.X, 0, count),
                         matrix_rows(dealt.Y, 0, count) };
        Dataset rest = { matrix_rows(dealt.X, count, n - count),
                         matrix_rows(dealt.Y, count, n - count) };
        Network net;
        Scaling scaling;
        ok = recipe_fit(&net, &scaling, rest, r, observe, context, e);
        if (ok) {
            scaling_apply(test.X, scaling);
            share[k] = network_mean(&net, test, r->loss->accuracy);
            for (size_t i = 0; Z.data && i < count; i++)
                network_predict(matrix_rows(Z, order[first + i], 1), &net,
                                matrix_rows(test.X, i, 1));
            network_destroy(&net);
            scaling_destroy(&scaling);
        }
    }
    dataset_destroy(&dealt);
    free(order);
    return ok;
}
