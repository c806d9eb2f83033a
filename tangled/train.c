/* Generated from nn.nw (MIT licence); edit there. train.c: mini-batch training, and gradient descent */
#include <math.h>
#include <stdlib.h>
#include "parallel.h"
#include "train.h"

void sgd_step(Optimizer *o, double *params, const double *grads,
              size_t count)
{
    for (size_t i = 0; i < count; i++)
        params[i] -= o->rate * grads[i];
}

Optimizer sgd(double rate)
{
    return (Optimizer){ .rate = rate, .step = sgd_step };
}
typedef struct {
    Network *net;
    Dataset D, batch;
    const Loss *loss;
    Optimizer *o;
    Rng *rng;
    Matrix dZ;
    size_t *order;
    double *norm;
} Run;

static void run_destroy(Run *r)
{
    dataset_destroy(&r->batch);
    matrix_destroy(&r->dZ);
    free(r->order);
    free(r->norm);
}

static bool run_create(Run *r, size_t batch, size_t norms, Error *e)
{
    r->order = allocate(r->D.X.rows, sizeof *r->order, "rows", e);
    r->norm = allocate(norms, sizeof *r->norm, "numbers", e);
    return r->order && r->norm
        && matrix_create(&r->batch.X, batch, r->D.X.cols, e)
        && matrix_create(&r->batch.Y, batch, r->D.Y.cols, e)
        && matrix_create(&r->dZ, batch, r->D.Y.cols, e);
}
static bool all_finite(Matrix A)
{
    for (size_t i = 0; i < A.rows * A.cols; i++)
        if (!isfinite(A.data[i]))
            return false;
    return true;
}

static bool diverged(const Network *net, size_t epoch, Error *e)
{
    for (size_t l = 0; l < net->depth; l++) {
        const Layer *layer = &net->layer[l];
        const char *what = !all_finite(layer->W) ? "W"
                         : !all_finite(layer->b) ? "b"
                         : !all_finite(net->A[l + 1]) ? "the output"
                         : NULL;
        if (what)
            return fail(e, "training diverged in epoch %zu: %s of layer %zu "
                        "(%s) is not finite; use a smaller rate", epoch, what,
                        l + 1, layer->name);
    }
    return fail(e, "training diverged in epoch %zu: the loss is not "
                "finite; use a smaller rate", epoch);
}
static double norm(Matrix A)
{
    enum { SUMS = 32 };
    double sum[SUMS] = { 0 }, total = 0, *x = A.data;
    size_t count = A.rows * A.cols, k = 0;
    for (; k + SUMS <= count; k += SUMS)
        for (size_t s = 0; s < SUMS; s++)
            sum[s] += x[k + s] * x[k + s];
    for (size_t s = 0; k + s < count; s++)
        sum[s] += x[k + s] * x[k + s];
    for (size_t s = 0; s < SUMS; s++)
        total += sum[s];
    return sqrt(total);
}
static bool run_epoch(Run *r, Epoch *record, Error *e)
{
    Network *net = r->net;
    size_t total = r->D.X.rows, size = r->batch.X.rows, steps = 0;
    rng_permutation(r->order, total, r->rng);
    record->loss = record->accuracy = record->batch_loss = 0;
    for (size_t i = 0; i < record->norms; i++)
        r->norm[i] = 0;
    for (size_t at = 0; at < total; at += size, steps++) {
        size_t rows = total - at < size ? total - at : size;
        Share own = ranks_share(rows);           /* all, on one machine */
        Dataset batch = { matrix_rows(r->batch.X, 0, own.rows),
                          matrix_rows(r->batch.Y, 0, own.rows) };
        dataset_gather(batch, r->D, r->order + at + own.first);
        Matrix Z = network_forward(net, batch.X, TRAINING);
        Matrix dZ = matrix_rows(r->dZ, 0, own.rows);
        double loss = r->loss->both(dZ, Z, batch.Y);
        double weight = (double)own.counted / (double)rows;
        loss *= weight;
        for (size_t i = 0; i < dZ.rows * dZ.cols; i++)
            dZ.data[i] *= weight;
        network_backward((Matrix){ 0 }, net, dZ);
        if (!ranks_sum(net->grads, net->param_count, &loss, e))
            return false;
        if (ranks_leave())
            return true;
        if (!isfinite(loss))
            return diverged(net, record->epoch, e);
        r->o->step(r->o, net->params, net->grads, net->param_count);
        record->loss += loss * (double)rows;
        record->batch_loss += loss;
        record->accuracy += r->loss->accuracy(Z, batch.Y) * (double)own.counted;
        for (size_t l = 0, i = 0; record->norms && l < net->depth; l++) {
            if (layer_params(&net->layer[l]))
                r->norm[i++] += norm(net->layer[l].dW);
        }
    }
    if (!ranks_sum(&record->accuracy, 1, NULL, e))
        return false;
    record->loss /= (double)total;
    record->accuracy /= (double)total;
    record->batch_loss /= (double)steps;
    for (size_t i = 0; i < record->norms; i++)
        r->norm[i] /= (double)steps;
    return true;
}
bool train(Network *net, Dataset D, const Loss *loss, Optimizer *o,
           size_t epochs, size_t batch, Rng *rng, Observer *observe,
           void *context, Error *e)
{
    Run r = { .net = net, .D = D, .loss = loss, .o = o, .rng = rng };
    Epoch record = { .epochs = epochs, .net = net, .D = D };
    if (batch == 0 || batch > D.X.rows)
        return fail(e, "a batch of %zu rows from %zu examples is not "
                    "possible: choose 1 to %zu", batch, D.X.rows,
                    D.X.rows);
    if (batch > net->max_rows || D.X.rows != D.Y.rows)
        stop("train: batches of %zu rows, a network for %zu; %zu examples "
             "with %zu labels", batch, net->max_rows, D.X.rows, D.Y.rows);
    for (size_t l = 0; l < net->depth; l++)
        record.norms += observe && layer_params(&net->layer[l]) > 0;
    bool ok = ranks_agree(run_create(&r, batch, record.norms, e), e);
    record.norm = r.norm;
    for (bool go = true; ok && go && record.epoch < epochs;
         record.epoch++) {
        ok = run_epoch(&r, &record, e);
        go = !ranks_leave();
        if (ok && go && observe)
            go = observe(context, &record);
    }
    if (ok && epochs) {
        Matrix params = matrix_view(net->params, 1, net->param_count);
        bool finite = all_finite(params)
            && isfinite(network_mean(net, D, loss->value));
        ok = ranks_leave() || finite
            || diverged(net, record.epoch - 1, e);
    }
    run_destroy(&r);
    return ok;
}
