/* live.c: what a live figure asks of the book's modules: one network, its data, its training.  Numbers come and go in room; what
   fails says why in said.  Nothing is computed here that a module can compute. */
#include <math.h>
#include <string.h>
#include "complexstep.h"
#include "dropout.h"
#include "published.h"
#include "recipe.h"
#include "softmax.h"

enum { ROOM = 1 << 18, OUTS = 2 * DEEPEST, APART = 128 };
static double room[ROOM];
static Error said;
static Network net;
static Scaling scaling;
static Dataset D;
static const Loss *loss;
static Optimizer descent;
static Rng order, draws;
static Dropout drops;
static size_t batch;

double *live_room(void) { return room; }
char *live_said(void) { return said.text; }
double *live_params(void) { return net.params; }
double *live_points(void) { return D.X.data; }
void live_set(size_t at, double value) { net.params[at] = value; }
void live_fill(void) { memcpy(net.params, room, net.param_count * sizeof *room); }
void live_step(void) { descent.step(&descent, net.params, net.grads, net.param_count); }

/* points on each spiral; or, if there are classes, that many rows in room, each with its class at the end */
bool live_data(size_t points, double noise, double seed, size_t cols, size_t classes)
{
    network_destroy(&net);
    scaling_destroy(&scaling);
    optimizer_destroy(&descent);
    dataset_destroy(&D);
    said.text[0] = 0;
    loss = classes ? &softmax : &bce;
    if (!classes || !dataset_create(&D, points, cols, &said))
        return !classes && spirals(&D, points, noise, (uint64_t)seed, &said);
    for (size_t i = 0; i < points; i++) {
        memcpy(&AT(D.X, i, 0), room + i * (cols + 1), cols * sizeof *room);
        AT(D.Y, i, 0) = room[i * (cols + 1) + cols];
    }
    return dataset_one_hot(&D, classes, &said);
}
/* nn train, as it is before the first epoch; the widths are in room */
bool live_begin(size_t count, int init, double seed, double rate, size_t rows, int method, bool batchnorm, double dropout)
{
    uint64_t s = (uint64_t)seed;
    size_t width[DEEPEST] = { 0 };
    Recipe r = { .width = width, .count = count, .activation = "relu", .loss = loss, .init = (Init)init, .rate = rate,
                 .batch = rows, .seed = s, .method = (Method)method, .beta = 0.9, .batchnorm = batchnorm, .dropout = dropout };
    for (size_t i = 0; i < count && i < DEEPEST; i++)
        width[i] = (size_t)room[i];
    order = rng_create(s + 1000);
    draws = rng_create(s + 3000);
    drops = (Dropout){ dropout, &draws };
    batch = rows;
    bool ok = recipe_fit(&net, &scaling, D, &r, NULL, NULL, &said)
        && optimizer_create(&descent, r.method, rate, r.beta, net.param_count, &said);
    for (size_t l = 0; ok && l < net.depth; l++)
        if (!strcmp(net.layer[l].name, "dropout"))
            net.layer[l].own = &drops;
    return ok;
}
/* the published order of the batches, after the published check, and the fault, if wished */
double live_published(double seed, bool fault)
{
    order = rng_create((uint64_t)seed);
    if (fault)
        published_fault(&net);
    return published_check(&order);
}
static void missing(void)
{
    if (part_not_begun())
        fail(&said, "part %s is not begun", part_not_begun());
}
static bool note(void *context, const Epoch *e)
{
    double **at = context;
    memcpy(*at, (double[]){ e->loss, e->batch_loss, e->accuracy }, 3 * sizeof **at);
    memcpy(*at + 3, e->norm, e->norms * sizeof **at);
    *at += 3 + e->norms;
    return !part_not_begun();
}
/* For each epoch the loss, the mean over the batches, the accuracy, the norms of dW; returns how many numbers. */
size_t live_train(size_t epochs)
{
    double *at = room;
    train(&net, D, loss, &descent, epochs, batch, &order, note, &at, &said);
    missing();
    return (size_t)(at - room);
}
/* share of the examples that are right; or the loss of fresh points, so many on each spiral, and in room the share of them
   that are right */
double live_share(size_t fresh)
{
    Dataset some = D;
    if (!fresh || !spirals(&some, fresh, 0.25, 100000, &said))
        return network_mean(&net, D, loss->accuracy);
    scaling_apply(some.X, scaling);
    double mean = network_mean(&net, some, loss->value);
    room[0] = network_mean(&net, some, loss->accuracy);
    dataset_destroy(&some);
    return mean;
}
/* rows in room, to be standardised if raw; behind them probabilities */
void live_ask(size_t rows, bool raw)
{
    Matrix X = matrix_view(room, rows, net.layer[0].d_in), Z = matrix_view(room + rows * X.cols, rows, net.layer[net.depth - 1].d_out);
    if (raw)
        scaling_apply(X, scaling);
    network_predict(Z, &net, X);
    if (loss == &softmax)
        softmax_probabilities(Z, Z);
    for (size_t i = 0; loss == &bce && i < rows; i++)
        Z.data[i] = sigmoid(Z.data[i]);
    missing();
}
/* Forward and back; out: X, what each layer gives, dZ of the loss, what each hands back, one behind the other. */
static double pass(Matrix *out, Matrix X, Matrix Y)
{
    size_t n = net.depth;
    out[0] = X;
    for (size_t l = 0; l < n; l++) {
        out[l + 1] = matrix_view(out[l].data + X.rows * out[l].cols, X.rows, net.layer[l].d_out);
        net.layer[l].forward(out[l + 1], &net.layer[l], out[l], TRAINING);
    }
    Matrix above = matrix_view(out[n].data + X.rows * out[n].cols, X.rows, out[n].cols);
    double value = bce.both(above, out[n], Y);
    for (size_t l = n; l-- > 0;) {
        Matrix below = matrix_view(above.data + X.rows * above.cols, X.rows, out[l].cols);
        net.layer[l].backward(below, &net.layer[l], above, out[l]);
        above = below;
    }
    return value;
}
/* one example, in room, with its label; APART: the gradients */
double live_pass(double y)
{
    Matrix out[OUTS];
    double value = pass(out, matrix_view(room, 1, net.layer[0].d_in), matrix_view(&y, 1, 1));
    memcpy(room + APART, net.grads, net.param_count * sizeof *room);
    return value;
}
static double sum_of_squares(Matrix A)
{
    double sum = 0;
    for (size_t i = 0; i < A.rows * A.cols; i++)
        sum += A.data[i] * A.data[i];
    return sum;
}
/* Before training, means over networks: the mean square of each Z, then the norm of each dW.  deviation: INIT_LARGE's. */
void live_signals(int init, double deviation, size_t networks)
{
    Matrix out[OUTS], X = matrix_view(room + APART, D.X.rows, D.X.cols);
    size_t half = (net.depth + 1) / 2;
    memset(room, 0, 2 * half * sizeof *room);
    for (size_t s = 0; s < networks; s++) {
        matrix_copy(X, D.X);
        network_init(&net, (Init)init, 42 + 100 * s);
        for (size_t i = 0; init == INIT_LARGE && i < net.param_count; i++)
            net.params[i] *= deviation / 2;
        pass(out, X, D.Y);
        for (size_t i = 0; i < half; i++) {
            Matrix Z = out[2 * i + 1];
            room[i] += sum_of_squares(Z) / (double)(Z.rows * Z.cols) / (double)networks;
            room[half + i] += sqrt(sum_of_squares(net.layer[2 * i].dW)) / (double)networks;
        }
    }
}
/* The derivative of the loss on some rows by parameter number at: backward's; the loss there, above and below; the complex step's */
void live_check(size_t first, size_t rows, size_t at, double h)
{
    Dataset some = { matrix_rows(D.X, first, rows), matrix_rows(D.Y, first, rows) };
    Matrix dX = matrix_view(room + APART + net.param_count, rows, some.X.cols), dZ = matrix_view(room + APART, rows, 1);
    Point point = { &net, some, &bce };
    double *x = &net.params[at], old = *x;
    bce.gradient(dZ, network_forward(&net, some.X, TRAINING), some.Y);
    network_backward((Matrix){ 0 }, &net, dZ);
    room[0] = net.grads[at];
    for (int i = 0; i < 3; i++) {
        *x = i ? old + (i == 1 ? h : -h) : old;
        room[1 + i] = network_sample(&point).value;
    }
    *x = old;
    complex_gradient(h, room + APART, dX, &net, some.X, some.Y, &bce, &said);
    room[4] = room[APART + at];
}
