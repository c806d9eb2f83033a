/* Generated from nn.nw (MIT licence); edit there. network.c: layers in a row, one block of parameters */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include "network.h"

void network_destroy(Network *net)
{
    if (!net)
        return;
    free(net->layer);
    free(net->A);
    free(net->memory);
    *net = (Network){ 0 };
}
enum { LINE = 64 / sizeof(double) };

static double *take(double *memory, size_t *used, size_t count)
{
    double *piece = memory ? memory + *used : NULL;
    *used += (count + LINE - 1) / LINE * LINE;
    return piece;
}
static size_t lay_out(Network *net, double *memory)
{
    size_t used = 0, at = 0, last = 0;
    net->params = take(memory, &used, net->param_count);
    net->grads = take(memory, &used, net->param_count);
    net->lasting = take(memory, &used, net->lasting_count);
    double *scratch = take(memory, &used, net->scratch);
    for (size_t l = 0; l < net->depth; l++) {
        Layer *layer = &net->layer[l];
        size_t room = layer_room(layer, net->max_rows);
        double *kept = take(memory, &used, room);
        if (memory) {
            layer_bind(layer, net->params + at, net->grads + at, scratch);
            layer_keep(layer, kept, net->max_rows, net->lasting + last);
            at += layer_params(layer);
            last += layer->lasting.rows * layer->lasting.cols;
        }
        size_t rows = net->max_rows, cols = layer->d_out, size = rows * cols;
        bool in_place = l > 0 && layer->in_place;
        double *A = in_place ? net->A[l].data : take(memory, &used, size);
        double *dA = in_place ? net->dA[l].data : take(memory, &used, size);
        net->A[l + 1] = matrix_view(A, rows, cols);
        if (l + 1 < net->depth)
            net->dA[l + 1] = matrix_view(dA, rows, cols);
    }
    return used;
}
bool network_from(Network *out, const Layer *list, size_t depth,
                  size_t max_rows, Error *e)
{
    Network net = { .max_rows = max_rows, .depth = depth };
    if (max_rows == 0 || max_rows > UINT32_MAX)
        return fail(e, "batches of %zu rows are not possible: choose 1 "
                    "to %" PRIu32, max_rows, UINT32_MAX);
    net.layer = allocate(depth, sizeof *net.layer, "layers", e);
    net.A = allocate(2 * depth + 1, sizeof *net.A, "layers", e);
    if (net.layer && net.A) {
        for (size_t l = 0; l < depth; l++)
            net.layer[l] = list[l];
        net.dA = net.A + depth + 1;
        double wish = 0;
        for (size_t l = 0; l < depth; l++) {
            const Layer *layer = &list[l];
            size_t room = layer->scratch.rows * layer->scratch.cols;
            wish += 3 * (double)layer->d_out * (double)max_rows
                  + 3 * (double)layer->W.rows * (double)layer->W.cols;
            net.scratch = room > net.scratch ? room : net.scratch;
            net.param_count += layer_params(layer);
            net.lasting_count += layer->lasting.rows * layer->lasting.cols;
        }
        size_t limit = SIZE_MAX / 8;
        size_t numbers = wish < (double)limit ? lay_out(&net, NULL) : limit;
        net.memory = allocate(numbers + LINE, sizeof(double), "numbers", e);
        if (net.memory) {
            size_t past = (uintptr_t)net.memory / sizeof(double) % LINE;
            lay_out(&net, net.memory + (LINE - past) % LINE);
        }
    }
    if (!net.memory) {
        network_destroy(&net);
        return false;
    }
    *out = net;
    return true;
}
bool network_create(Network *out, const size_t *width, size_t count,
                    size_t max_rows, Error *e)
{
    Layer list[2 * DEEPEST];
    size_t depth = layer_line_up(list, width, count, "relu", e);
    return depth && network_from(out, list, depth, max_rows, e);
}
void network_init(Network *net, Init init, uint64_t seed)
{
    for (size_t l = 0; l < net->depth; l++)
        if (net->layer[l].start)
            seed = net->layer[l].start(&net->layer[l], init, seed);
}
Matrix network_forward(Network *net, Matrix X, Mode mode)
{
    if (X.rows > net->max_rows || X.cols != net->layer[0].d_in)
        stop("network_forward: X is %zux%zu, the network takes up to "
             "%zux%zu", X.rows, X.cols, net->max_rows, net->layer[0].d_in);
    net->A[0] = X;
    for (size_t l = 0; l < net->depth; l++) {
        Layer *layer = &net->layer[l];
        net->A[l + 1].rows = X.rows;
        layer->forward(net->A[l + 1], layer, net->A[l], mode);
    }
    net->ready = mode == TRAINING ? X.rows : 0;
    return net->A[net->depth];
}
void network_backward(Matrix dX, Network *net, Matrix dZ)
{
    if (dZ.rows != net->ready)
        stop("network_backward: dZ has %zu rows, the last training "
             "pass %zu", dZ.rows, net->ready);
    Matrix above = dZ;
    for (size_t l = net->depth; l-- > 0;) {
        Layer *layer = &net->layer[l];
        Matrix below = l ? matrix_rows(net->dA[l], 0, dZ.rows) : dX;
        layer->backward(below, layer, above, net->A[l]);
        above = below;
    }
}
static Matrix logits_from(Network *net, Matrix X, size_t at)
{
    size_t left = X.rows - at;
    size_t rows = left < net->max_rows ? left : net->max_rows;
    return network_forward(net, matrix_rows(X, at, rows), EVALUATION);
}

void network_predict(Matrix Z, Network *net, Matrix X)
{
    if (Z.rows != X.rows || Z.cols != net->layer[net->depth - 1].d_out)
        stop("network_predict: Z is %zux%zu for X of %zux%zu", Z.rows,
             Z.cols, X.rows, X.cols);
    for (size_t at = 0; at < X.rows; at += net->max_rows) {
        Matrix part = logits_from(net, X, at);
        matrix_copy(matrix_rows(Z, at, part.rows), part);
    }
}
double network_mean(Network *net, Dataset D, Measure *of)
{
    double sum = 0;
    for (size_t at = 0; at < D.X.rows; at += net->max_rows) {
        Matrix Z = logits_from(net, D.X, at);
        sum += of(Z, matrix_rows(D.Y, at, Z.rows)) * (double)Z.rows;
        if (interrupted())
            return NAN;
    }
    return sum / (double)D.X.rows;
}
