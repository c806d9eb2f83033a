/* Generated from nn.nw (MIT licence); edit there. layer.c: linear layers, activations, first weights */
#include <math.h>
#include <string.h>
#include "layer.h"

void linear_forward(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    (void)mode;
    matmul_plus(Z, X, l->W, l->b);
}
static void relu_forward(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    (void)mode;
    same_shape(l->name, Z, X);
    for (size_t i = 0; i < X.rows * X.cols; i++)
        NTH(Z, i) = REAL_PART(NTH(X, i)) <= 0 ? 0 : NTH(X, i);
}
static void relu_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    same_shape(l->name, dX, X);
    same_shape(l->name, dZ, X);
    for (size_t i = 0; i < X.rows * X.cols; i++)
        NTH(dX, i) = REAL_PART(NTH(X, i)) > 0 ? NTH(dZ, i) : 0;
}

static const Layer activations[] = {
    { .name = "relu", .forward = relu_forward, .in_place = true,
      .backward = relu_backward, .kink = true },
};

Layer activation_layer(const char *name, size_t width)
{
    Layer l = { 0 };
    size_t count = sizeof activations / sizeof *activations;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(name, activations[i].name))
            l = activations[i];
    l.d_in = l.d_out = width;
    return l;
}
#ifndef COMPLEX              /* complexstep.c takes what is above */
void same_shape(const char *who, Matrix A, Matrix B)
{
    if (A.rows != B.rows || A.cols != B.cols)
        stop("%s: %zux%zu where %zux%zu was expected", who, A.rows,
             A.cols, B.rows, B.cols);
}
size_t layer_params(const Layer *l)
{
    return l->W.rows * l->W.cols + l->b.rows * l->b.cols;
}

void layer_bind(Layer *l, double *params, double *grads,
                double *scratch)
{
    l->scratch.data = scratch;
    if (!layer_params(l))
        return;
    size_t weights = l->W.rows * l->W.cols;
    l->W.data = params;
    l->b.data = params + weights;
    l->dW = matrix_view(grads, l->W.rows, l->W.cols);
    l->db = matrix_view(grads + weights, l->b.rows, l->b.cols);
}

size_t layer_room(const Layer *l, size_t rows)
{
    return (rows + l->kept.rows) * l->kept.cols;
}
void layer_keep(Layer *l, double *kept, size_t rows, double *lasting)
{
    l->kept = matrix_view(kept, rows + l->kept.rows, l->kept.cols);
    l->lasting.data = lasting;
}
static inline void sum_part(double *to, Matrix A, size_t k, size_t n)
{
    double sum[16] = { 0 };
    for (size_t i = 0; i < A.rows; i++)
        for (size_t s = 0; s < n; s++)
            sum[s] += AT(A, i, k + s);
    memcpy(to + k, sum, n * sizeof *sum);
}
static void sum_rows(double *to, Matrix A)
{
    size_t k = 0;
    for (; k + 16 <= A.cols; k += 16) sum_part(to, A, k, 16);
    for (; k + 8 <= A.cols; k += 8) sum_part(to, A, k, 8);
    for (; k + 4 <= A.cols; k += 4) sum_part(to, A, k, 4);
    for (; k < A.cols; k++) sum_part(to, A, k, 1);
}
void linear_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    matmul_tn(l->dW, X, dZ);
    sum_rows(l->db.data, dZ);
    if (dX.data)
        matmul_nt(dX, dZ, l->W, l->scratch);
}
double init_deviation(Init init, size_t d_in, size_t d_out)
{
    switch (init) {
    case INIT_SMALL:  return 0.01;
    case INIT_XAVIER: return sqrt(2.0 / (double)(d_in + d_out));
    case INIT_HE:     return sqrt(2.0 / (double)d_in);
    case INIT_LARGE:  return 2;
    default:          return 0;
    }
}
static uint64_t linear_start(Layer *l, Init init, uint64_t seed)
{
    Rng rng = rng_create(seed);
    double deviation = init_deviation(init, l->d_in, l->d_out);
    for (size_t i = 0; i < l->W.rows * l->W.cols; i++)
        l->W.data[i] = deviation * rng_normal(&rng);
    for (size_t k = 0; k < l->b.cols; k++)
        AT(l->b, 0, k) = 0;
    return seed + 1;
}
Layer linear_layer(size_t d_in, size_t d_out)
{
    return (Layer){
        .name = "linear", .d_in = d_in, .d_out = d_out,
        .W = { d_in, d_out, NULL }, .b = { 1, d_out, NULL },
        .scratch = { d_out, d_in, NULL }, .start = linear_start,
        .forward = linear_forward, .backward = linear_backward
    };
}

size_t layer_line_up(Layer *list, const size_t *width, size_t count,
                     const char *activation, Error *e)
{
    size_t depth = 0;
    if (count < 2 || count > DEEPEST)
        return fail(e, "a network needs 2 to %d widths, not %zu: give the "
                    "inputs, the hidden layers, and 1", DEEPEST, count);
    for (size_t i = 0; i < count; i++)
        if (width[i] == 0 || width[i] > WIDEST_LAYER)
            return fail(e, "a layer of %zu units is not possible: choose "
                        "1 to %d", width[i], WIDEST_LAYER);
    if (width[count - 1] == 2)
        return fail(e, "the last layer has 2 units, but one logit is "
                    "needed: end the widths with 1");
    if (!activation_layer(activation, 1).name)
        return fail(e, "there is no activation \"%.40s\": give one that "
                    "nn.nw lists, such as relu", activation);
    for (size_t i = 0; i + 1 < count; i++) {
        list[depth++] = linear_layer(width[i], width[i + 1]);
        if (i + 2 < count)
            list[depth++] = activation_layer(activation, width[i + 1]);
    }
    return depth;
}
#endif
