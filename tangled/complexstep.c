/* Generated from nn.nw (MIT licence); edit there. complexstep.c: what it takes to check a whole network */
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>
#include "complexstep.h"

uint64_t network_pattern(const Network *net)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t l = 0; l < net->depth; l++) {
        Matrix Z = net->A[l];
        if (!net->layer[l].kink)
            continue;
        for (size_t i = 0; i < Z.rows * Z.cols; i++)
            hash = (hash ^ (Z.data[i] > 0)) * 1099511628211u;
    }
    return hash;
}
Sample network_sample(void *context)
{
    const Point *p = context;
    Matrix Z = network_forward(p->net, p->D.X, TRAINING);
    return (Sample){ p->loss->value(Z, p->D.Y),
                     network_pattern(p->net) };
}
typedef double complex ComplexNumber;

static ComplexNumber complex_log1p(ComplexNumber w)
{
    double u = creal(w), v = cimag(w);
    return log1p(u) + atan2(v, 1 + u) * I;
}
#undef log1p
#define log1p(w) complex_log1p(w)
static ComplexNumber *complex_data(Matrix A)
{
    return (ComplexNumber *)A.data;
}
#undef NTH
#undef REAL_PART
#define NTH(A, i) (complex_data(A)[i])
#define REAL_PART(z) creal(z)
#define Number ComplexNumber

#define matmul complex_matmul
#define matmul_plus complex_matmul_plus
#define linear_forward complex_linear_forward
#define activation_layer complex_activation_layer
#define bce_with_logits complex_bce_with_logits
#define COMPLEX
#define data reach_numbers_by_AT_or_NTH
#include "plain.c"
#include "layer.c"
#include "loss.c"
static Number complex_softmax(Matrix Z, Matrix Y)
{
    Number total = 0;
    for (size_t i = 0; i < Z.rows; i++) {
        Number sum = 0, happened = 0;
        for (size_t k = 0; k < Z.cols; k++) {
            sum += exp(AT(Z, i, k));
            happened += AT(Y, i, k) * exp(AT(Z, i, k));
        }
        total -= log(happened / sum);
    }
    return total / (double)Z.rows;
}
#undef data
typedef void Forward(Matrix Z, Layer *l, Matrix X, Mode mode);

static Forward *complex_forward(const char *name)
{
    return strcmp(name, "linear") ? activation_layer(name, 1).forward
                                  : linear_forward;
}

typedef Number ComplexLoss(Matrix Z, Matrix Y);

static ComplexLoss *complex_loss(const Loss *loss)
{
    return loss->value == bce.value ? bce_with_logits
        : strcmp(loss->name, "softmax") ? NULL : complex_softmax;
}
static void each_step(double *out, double h, Matrix of, Network *net,
                      Matrix X, Matrix Y, ComplexLoss *f)
{
    for (size_t i = 0; i < of.rows * of.cols; i++) {
        ComplexNumber old = NTH(of, i);
        NTH(of, i) += h * I;
        Matrix Z = network_forward(net, X, TRAINING);
        out[i] = cimag(f(Z, Y)) / h;
        NTH(of, i) = old;
    }
}

static Matrix complex_copy(ComplexNumber *to, Matrix A)
{
    for (size_t i = 0; i < A.rows * A.cols; i++)
        to[i] = A.data[i];
    return matrix_view((double *)to, A.rows, A.cols);
}
bool complex_gradient(double h, double *grads, Matrix dX,
                      const Network *net, Matrix X, Matrix Y,
                      const Loss *loss, Error *e)
{
    if (X.cols != net->layer[0].d_in || X.rows != Y.rows
        || Y.cols != net->layer[net->depth - 1].d_out
        || dX.rows != X.rows || dX.cols != X.cols)
        stop("complex_gradient: X %zux%zu, Y %zux%zu, dX %zux%zu, the "
             "network takes %zu columns", X.rows, X.cols, Y.rows, Y.cols,
             dX.rows, dX.cols, net->layer[0].d_in);
    for (size_t l = 0; l < net->depth; l++)
        if (!complex_forward(net->layer[l].name))
            return fail(e, "layer %zu, %s, isn't written for complex "
                        "numbers; check it by differences", l + 1,
                        net->layer[l].name);
    ComplexLoss *f = complex_loss(loss);
    if (!f)
        return fail(e, "the loss, %s, isn't written for complex numbers; "
                    "check it by differences", loss->name);
    size_t count = net->param_count, inputs = X.rows * X.cols;
    ComplexNumber *block = allocate(count + inputs + Y.rows * Y.cols,
                                    sizeof *block, "numbers", e);
    Network twin = { 0 };
    bool ok = block && network_from(&twin, net->layer, net->depth,
                                    2 * X.rows, e);
    if (ok) {
        Matrix params = matrix_view(net->params, 1, count);
        params = complex_copy(block, params);
        X = complex_copy(block + count, X);
        Y = complex_copy(block + count + inputs, Y);
        ComplexNumber *at = block;
        for (size_t l = 0; l < twin.depth; l++) {
            Layer *layer = &twin.layer[l];
            layer->forward = complex_forward(layer->name);
            layer->W.data = (double *)at;
            layer->b.data = (double *)(at + layer->W.rows * layer->W.cols);
            at += layer_params(layer);
        }
        each_step(grads, h, params, &twin, X, Y, f);
        each_step(dX.data, h, X, &twin, X, Y, f);
    }
    network_destroy(&twin);
    free(block);
    return ok;
}
