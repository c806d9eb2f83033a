/* Generated from nn.nw; edit there. complexstep.c: what it takes to check a whole network */
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <tgmath.h>
#include "complexstep.h"

typedef double complex Number;
typedef struct {
    size_t rows, cols;
    Number *data;
} ComplexMatrix;
#define REAL(z) creal(z)

uint64_t network_pattern(const Network *net)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t l = 0; l < net->depth; l++) {
        Matrix Z = net->A[l];
        if (!layer_is_relu(&net->layer[l]))
            continue;
        for (size_t i = 0; i < Z.rows * Z.cols; i++)
            hash = (hash ^ (Z.data[i] > 0)) * 1099511628211u;
    }
    return hash;
}
Sample network_sample(void *context)
{
    Point *p = context;
    Matrix Z = network_forward(p->net, p->D.X, EVALUATION);
    return (Sample){ bce_with_logits(Z, p->D.Y),
                     network_pattern(p->net) };
}
static Number complex_log1p(Number w)
{
    double u = creal(w), v = cimag(w);
    return log1p(u) + atan2(v, 1 + u) * I;
}
#undef log1p
#define log1p(w) complex_log1p(w)
typedef struct {
    Number *params, *input, *buffer[2];
} Work;
static void complex_forward(ComplexMatrix C, const Layer *l,
                            ComplexMatrix B, ComplexMatrix b,
                            ComplexMatrix A)
{
    if (layer_is_linear(l)) {
        for (size_t i = 0; i < C.rows; i++) {
            for (size_t k = 0; k < C.cols; k++)
                C.data[i * C.cols + k] = 0;
            for (size_t j = 0; j < A.cols; j++) {
                Number a = AT(A, i, j);
                Number *restrict to = C.data + i * C.cols;
                const Number *restrict from = B.data + j * B.cols;
                for (size_t k = 0; k < C.cols; k++)
                    to[k] += a * from[k];
            }
        }
        for (size_t i = 0; i < C.rows; i++)
            for (size_t k = 0; k < C.cols; k++)
                AT(C, i, k) += AT(b, 0, k);
    } else {
        for (size_t i = 0; i < C.rows * C.cols; i++)
            C.data[i] = REAL(A.data[i]) <= 0 ? 0 : A.data[i];
    }
}
static Number complex_loss(Work w, const Network *net, Matrix Y)
{
    ComplexMatrix A = { Y.rows, net->layer[0].d_in, w.input };
    Number *params = w.params;
    for (size_t l = 0; l < net->depth; l++) {
        const Layer *layer = &net->layer[l];
        ComplexMatrix C = { Y.rows, layer->d_out, w.buffer[l % 2] };
        ComplexMatrix W = { layer->W.rows, layer->W.cols, params };
        ComplexMatrix b = { 1, layer->d_out, params + W.rows * W.cols };
        complex_forward(C, layer, W, b, A);
        params += layer_params(layer);
        A = C;
    }
    Number sum = 0;
    for (size_t i = 0; i < A.rows; i++) {
        Number z = A.data[i];
        double y = AT(Y, i, 0);
        Number positive = REAL(z) > 0 ? z : 0;
        Number e = exp(REAL(z) > 0 ? -z : z);
        Number small = log1p(e);
        sum += positive - y * z + small;
    }
    return sum / (double)A.rows;
}
static void each_step(double *out, Number *x, size_t count, Work w,
                      const Network *net, Matrix Y, double h)
{
    for (size_t i = 0; i < count; i++) {
        Number old = x[i];
        x[i] = old + h * I;
        out[i] = cimag(complex_loss(w, net, Y)) / h;
        x[i] = old;
    }
}

bool complex_gradient_by(double h, double *grads, Matrix dX,
                         const Network *net, Matrix X, Matrix Y,
                         Error *e)
{
    if (X.cols != net->layer[0].d_in || X.rows != Y.rows || Y.cols != 1
        || dX.rows != X.rows || dX.cols != X.cols)
        stop("complex_gradient: X %zux%zu, Y %zux%zu, dX %zux%zu, the "
             "network takes %zu columns", X.rows, X.cols, Y.rows, Y.cols,
             dX.rows, dX.cols, net->layer[0].d_in);
    size_t widest = 0, inputs = X.rows * X.cols;
    for (size_t l = 0; l < net->depth; l++)
        if (net->layer[l].d_out > widest)
            widest = net->layer[l].d_out;
    size_t room = X.rows * widest, count = net->param_count;
    Number *block = allocate(count + inputs + 2 * room, sizeof *block,
                             "complex numbers", e);
    if (!block)
        return false;
    Work w = { block, block + count, { block + count + inputs,
               block + count + inputs + room } };
    for (size_t i = 0; i < count; i++)
        w.params[i] = net->params[i];
    for (size_t i = 0; i < inputs; i++)
        w.input[i] = X.data[i];
    each_step(grads, w.params, count, w, net, Y, h);
    each_step(dX.data, w.input, inputs, w, net, Y, h);
    free(block);
    return true;
}

bool complex_gradient(double *grads, Matrix dX, const Network *net,
                      Matrix X, Matrix Y, Error *e)
{
    return complex_gradient_by(1e-20, grads, dX, net, X, Y, e);
}
