/* live.c: what a live figure asks of the book's modules.  Numbers come and go in room; what fails says why in said.
   Nothing is computed here that a module can compute. */
#include <math.h>
#include <string.h>
#include "batchnorm.h"
#include "complexstep.h"
#include "dropout.h"
#include "published.h"
#include "recipe.h"
#include "softmax.h"

enum { LANES = 4, ROOM = 1 << 18, OUTS = 2 * DEEPEST, APART = 128 };
typedef struct {                 /* a network and its training */
    Network net;
    Scaling scaling;
    Dataset D;
    const Loss *loss;
    Optimizer o;
    Rng rng, draws;
    Dropout drops;
    size_t batch;
} Lane;
static Lane lane[LANES];
static double room[ROOM];
static Error said;
double *live_room(void) { return room; }
char *live_said(void) { return said.text; }
double *live_params(int k) { return lane[k].net.params; }
void live_set(int k, size_t at, double value) { lane[k].net.params[at] = value; }
void live_fill(int k) { memcpy(lane[k].net.params, room, lane[k].net.param_count * sizeof *room); }
double *live_points(int k) { return lane[k].D.X.data; }

/* points on each spiral; or, if there are classes, that many rows in room, each with its class at the end */
bool live_data(int k, size_t points, double noise, double seed, size_t cols, size_t classes)
{
    Lane *l = &lane[k];
    network_destroy(&l->net);
    scaling_destroy(&l->scaling);
    optimizer_destroy(&l->o);
    dataset_destroy(&l->D);
    said.text[0] = 0;
    *l = (Lane){ .loss = classes ? &softmax : &bce };
    if (!classes || !dataset_create(&l->D, points, cols, &said))
        return !classes && spirals(&l->D, points, noise, (uint64_t)seed, &said);
    for (size_t i = 0; i < points; i++) {
        memcpy(&AT(l->D.X, i, 0), room + i * (cols + 1), cols * sizeof *room);
        AT(l->D.Y, i, 0) = room[i * (cols + 1) + cols];
    }
    return dataset_one_hot(&l->D, classes, &said);
}
/* nn train, as it is before the first epoch; the widths are in room */
bool live_begin(int k, size_t count, int init, double seed, double rate, size_t batch, int method, bool batchnorm, double dropout)
{
    Lane *l = &lane[k];
    uint64_t s = (uint64_t)seed;
    size_t width[DEEPEST] = { 0 };
    for (size_t i = 0; i < count && i < DEEPEST; i++)
        width[i] = (size_t)room[i];
    Recipe r = { .width = width, .count = count, .activation = "relu", .loss = l->loss, .init = (Init)init, .rate = rate,
                 .batch = batch, .seed = s, .method = (Method)method, .beta = 0.9, .batchnorm = batchnorm, .dropout = dropout };
    l->rng = rng_create(s + 1000);
    l->draws = rng_create(s + 3000);
    l->drops = (Dropout){ dropout, &l->draws };
    l->batch = batch;
    bool ok = recipe_fit(&l->net, &l->scaling, l->D, &r, NULL, NULL, &said)
        && optimizer_create(&l->o, r.method, rate, r.beta, l->net.param_count, &said);
    for (size_t i = 0; ok && i < l->net.depth; i++)
        if (!strcmp(l->net.layer[i].name, "dropout"))
            l->net.layer[i].own = &l->drops;
    return ok;
}
/* the published order of the batches, after the published check, and the fault, if wished */
double live_published(int k, double seed, bool fault)
{
    lane[k].rng = rng_create((uint64_t)seed);
    if (fault)
        published_fault(&lane[k].net);
    return published_check(&lane[k].rng);
}
static bool note(void *context, const Epoch *e)
{
    double **at = context, *row = *at;
    memcpy(row, (double[]){ e->loss, e->batch_loss, e->accuracy }, 3 * sizeof *row);
    memcpy(row + 3, e->norm, e->norms * sizeof *row);
    *at += 3 + e->norms;
    return !part_not_begun();
}
/* For each epoch the loss, the mean over the batches, the accuracy, the norms of dW; returns how many numbers. */
size_t live_train(int k, size_t epochs)
{
    Lane *l = &lane[k];
    double *at = room;
    train(&l->net, l->D, l->loss, &l->o, epochs, l->batch, &l->rng, note, &at, &said);
    if (part_not_begun())
        fail(&said, "part %s is not begun", part_not_begun());
    return (size_t)(at - room);
}
/* share of the lane's examples that are right; or the loss of fresh points, so many on each spiral */
double live_share(int k, size_t fresh)
{
    Lane *l = &lane[k];
    Dataset D = l->D;
    if (!fresh)
        return network_mean(&l->net, D, l->loss->accuracy);
    if (!spirals(&D, fresh, 0.25, 100000, &said))
        return NAN;
    scaling_apply(D.X, l->scaling);
    double loss = network_mean(&l->net, D, l->loss->value);
    dataset_destroy(&D);
    return loss;
}
/* rows in room, to be standardised if raw; behind them probabilities */
void live_ask(int k, size_t rows, bool raw)
{
    Lane *l = &lane[k];
    Matrix X = matrix_view(room, rows, l->net.layer[0].d_in);
    Matrix Z = matrix_view(room + rows * X.cols, rows, l->net.layer[l->net.depth - 1].d_out);
    if (raw)
        scaling_apply(X, l->scaling);
    network_predict(Z, &l->net, X);
    if (l->loss == &softmax)
        softmax_probabilities(Z, Z);
    for (size_t i = 0; l->loss == &bce && i < rows; i++)
        Z.data[i] = sigmoid(Z.data[i]);
}
/* Forward and back; out: X, what each layer gives, dZ of the loss, what each hands back, one behind the other. */
static double pass(Network *net, Matrix *out, Matrix X, Matrix Y)
{
    size_t n = net->depth;
    out[0] = X;
    for (size_t l = 0; l < n; l++) {
        out[l + 1] = matrix_view(out[l].data + X.rows * out[l].cols, X.rows, net->layer[l].d_out);
        net->layer[l].forward(out[l + 1], &net->layer[l], out[l], TRAINING);
    }
    Matrix above = matrix_view(out[n].data + X.rows * out[n].cols, X.rows, out[n].cols);
    double loss = bce.both(above, out[n], Y);
    for (size_t l = n; l-- > 0;) {
        Matrix below = matrix_view(above.data + X.rows * above.cols, X.rows, out[l].cols);
        net->layer[l].backward(below, &net->layer[l], above, out[l]);
        above = below;
    }
    return loss;
}
/* one example, in room, with its label; APART: the gradients */
double live_pass(int k, double y)
{
    Network *net = &lane[k].net;
    Matrix out[OUTS];
    double loss = pass(net, out, matrix_view(room, 1, net->layer[0].d_in), matrix_view(&y, 1, 1));
    memcpy(room + APART, net->grads, net->param_count * sizeof *room);
    return loss;
}
void live_step(int k) { lane[k].o.step(&lane[k].o, lane[k].net.params, lane[k].net.grads, lane[k].net.param_count); }

static double mean_square(Matrix A, double count)
{
    double sum = 0;
    for (size_t i = 0; i < A.rows * A.cols; i++)
        sum += A.data[i] * A.data[i];
    return sum / count;
}
/* Before training, means over networks: the mean square of each Z, then the norm of each dW.  deviation: INIT_LARGE's. */
void live_signals(int k, int init, double deviation, size_t networks)
{
    Network *net = &lane[k].net;
    Matrix out[OUTS], D = lane[k].D.X, X = matrix_view(room + APART, D.rows, D.cols);
    size_t half = (net->depth + 1) / 2;
    memset(room, 0, 2 * half * sizeof *room);
    for (size_t s = 0; s < networks; s++) {
        matrix_copy(X, D);
        network_init(net, (Init)init, 42 + 100 * s);
        for (size_t i = 0; init == INIT_LARGE && i < net->param_count; i++)
            net->params[i] *= deviation / 2;
        pass(net, out, X, lane[k].D.Y);
        for (size_t i = 0; i < half; i++) {
            Matrix Z = out[2 * i + 1];
            room[i] += mean_square(Z, (double)(Z.rows * Z.cols)) / (double)networks;
            room[half + i] += sqrt(mean_square(net->layer[2 * i].dW, 1)) / (double)networks;
        }
    }
}
/* The derivative of the loss on some rows by parameter number at: backward's, the loss there, above and below, whether a ReLU
   switched on the way, the complex step's, central_difference's. */
void live_check(int k, size_t first, size_t rows, size_t at, double h)
{
    Network *net = &lane[k].net;
    Dataset some = { matrix_rows(lane[k].D.X, first, rows), matrix_rows(lane[k].D.Y, first, rows) };
    Point point = { net, some, &bce };
    double *x = &net->params[at], old = *x, dZ[64];
    bce.gradient(matrix_view(dZ, rows, 1), network_forward(net, some.X, TRAINING), some.Y);
    network_backward((Matrix){ 0 }, net, matrix_view(dZ, rows, 1));
    Sample here = network_sample(&point);
    *x = old + h;
    Sample up = network_sample(&point);
    *x = old - h;
    Sample down = network_sample(&point);
    *x = old;
    complex_gradient(h, room + APART, matrix_view(room + APART + net->param_count, rows, some.X.cols), net, some.X, some.Y, &bce, &said);
    memcpy(room, (double[]){ net->grads[at], here.value, up.value, down.value, up.pattern != here.pattern || down.pattern != here.pattern,
                             room[APART + at], 0 }, 7 * sizeof *room);
    central_difference(&room[6], network_sample, &point, x);
}
/* ReLU at z, z + h and z - h, and the slope that backward gives */
void live_kink(double z, double h)
{
    Layer relu = activation_layer("relu", 1);
    double one = 1, x[] = { z, z + h, z - h };
    relu.forward(matrix_view(room, 3, 1), &relu, matrix_view(x, 3, 1), TRAINING);
    relu.backward(matrix_view(room + 3, 1, 1), &relu, matrix_view(&one, 1, 1), matrix_view(x, 1, 1));
}
