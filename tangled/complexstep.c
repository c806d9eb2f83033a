/* Generated from nn.nw; edit there. complexstep.c: what it takes to check a whole network */
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
typedef Matrix RealMatrix;       /* before the name changes */
#undef REAL_PART
#define REAL_PART(z) creal(z)
#define Number ComplexNumber
#define Matrix ComplexMatrix
#define Layer ComplexLayer
#define matmul_plus complex_matmul_plus
#define same_shape complex_same_shape
#define linear_forward complex_linear_forward
#define activation_layer complex_activation_layer
#define bce_with_logits complex_bce_with_logits
typedef double complex Number;

static ComplexNumber complex_log1p(ComplexNumber w)
{
    double u = creal(w), v = cimag(w);
    return log1p(u) + atan2(v, 1 + u) * I;
}
#undef log1p
#define log1p(w) complex_log1p(w)

typedef struct {
    size_t rows, cols;
    Number *data;                /* row after row */
} Matrix;

#define AT(A, i, j) ((A).data[(i) * (A).cols + (j)])

typedef struct Layer Layer;
struct Layer {
    const char *name;
    size_t d_in, d_out;
    Matrix W, b, dW, db;         /* empty in a layer without any */
    Matrix scratch;              /* room that backward may use */
    void (*forward)(Matrix Z, Layer *l, Matrix X, Mode mode);
    void (*backward)(Matrix dX, Layer *l, Matrix dZ, Matrix X);
    Matrix kept, lasting;
    void *own;                       /* the caller's, see dropout */
    bool in_place;                   /* Z may be X, and dX may be dZ */
    bool kink;                       /* at 0, where the slope jumps */
    uint64_t (*start)(Layer *l, Init init, uint64_t seed);
};

static void matmul_plus(Matrix C, Matrix A, Matrix B, Matrix b)
{
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
}

void same_shape(const char *who, Matrix A, Matrix B)
{
    if (A.rows != B.rows || A.cols != B.cols)
        stop("%s: %zux%zu where %zux%zu was expected", who, A.rows,
             A.cols, B.rows, B.cols);
}
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
        Z.data[i] = REAL_PART(X.data[i]) <= 0 ? 0 : X.data[i];
}
static void relu_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    same_shape(l->name, dX, X);
    same_shape(l->name, dZ, X);
    for (size_t i = 0; i < X.rows * X.cols; i++)
        dX.data[i] = REAL_PART(X.data[i]) > 0 ? dZ.data[i] : 0;
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
static void one_column(const char *who, Matrix Z, Matrix Y)
{
    if (Z.rows != Y.rows || Z.cols != 1 || Y.cols != 1)
        stop("%s: %zux%zu logits for %zux%zu labels; both must be one "
             "column", who, Z.rows, Z.cols, Y.rows, Y.cols);
}

Number bce_with_logits(Matrix Z, Matrix Y)
{
    one_column("bce_with_logits", Z, Y);
    Number sum = 0;
    for (size_t i = 0; i < Z.rows; i++) {
        Number z = AT(Z, i, 0), y = AT(Y, i, 0);
        Number positive = REAL_PART(z) > 0 ? z : 0;
        Number e = exp(REAL_PART(z) > 0 ? -z : z);
        Number small = log1p(e);
        sum += positive - y * z + small;
    }
    return sum / (double)Z.rows;
}

static ComplexLayer twin(const char *name, size_t width)
{
    if (strcmp(name, "linear"))
        return activation_layer(name, width);
    return (ComplexLayer){ .name = name, .forward = linear_forward };
}

typedef ComplexNumber ComplexValue(ComplexMatrix Z, ComplexMatrix Y);

static ComplexValue *loss_twin(const Loss *loss)
{
    return loss == &bce ? bce_with_logits : NULL;
}

typedef struct {
    const Network *net;
    const Loss *loss;
    ComplexNumber *params, *buffer[2];
    ComplexMatrix X, Y;
} Work;

static ComplexNumber complex_loss(const Work *w)
{
    ComplexMatrix A = w->X;
    ComplexNumber *params = w->params;
    for (size_t l = 0; l < w->net->depth; l++) {
        size_t d_in = w->net->layer[l].d_in, d_out = w->net->layer[l].d_out;
        ComplexMatrix C = { A.rows, d_out, w->buffer[l % 2] };
        ComplexLayer layer = twin(w->net->layer[l].name, d_out);
        layer.W = (ComplexMatrix){ d_in, d_out, params };
        layer.b = (ComplexMatrix){ 1, d_out, params + d_in * d_out };
        layer.forward(C, &layer, A, TRAINING);
        params += layer_params(&w->net->layer[l]);
        A = C;
    }
    return loss_twin(w->loss)(A, w->Y);
}

static void each_step(double *out, ComplexNumber *x, size_t count,
                      const Work *w, double h)
{
    for (size_t i = 0; i < count; i++) {
        ComplexNumber old = x[i];
        x[i] = old + h * I;
        out[i] = cimag(complex_loss(w)) / h;
        x[i] = old;
    }
}

bool complex_gradient(double h, double *grads, RealMatrix dX,
                      const Network *net, RealMatrix X, RealMatrix Y,
                      const Loss *loss, Error *e)
{
    if (X.cols != net->layer[0].d_in || X.rows != Y.rows || Y.cols != 1
        || dX.rows != X.rows || dX.cols != X.cols)
        stop("complex_gradient: X %zux%zu, Y %zux%zu, dX %zux%zu, the "
             "network takes %zu columns", X.rows, X.cols, Y.rows, Y.cols,
             dX.rows, dX.cols, net->layer[0].d_in);
    for (size_t l = 0; l < net->depth; l++)
        if (!twin(net->layer[l].name, 1).name)
            return fail(e, "layer %zu, %s, isn't written for complex "
                        "numbers; check it by differences", l + 1,
                        net->layer[l].name);
    if (!loss_twin(loss))
        return fail(e, "the loss, %s, isn't written for complex numbers; "
                    "check it by differences", loss->name);
    size_t widest = 0, inputs = X.rows * X.cols;
    for (size_t l = 0; l < net->depth; l++)
        if (net->layer[l].d_out > widest)
            widest = net->layer[l].d_out;
    size_t room = X.rows * widest, count = net->param_count;
    ComplexNumber *block = allocate(count + inputs + X.rows + 2 * room,
                                    sizeof *block, "complex numbers",
                                    e);
    if (!block)
        return false;
    Work w = { .net = net, .loss = loss, .params = block };
    w.X = (ComplexMatrix){ X.rows, X.cols, block + count };
    w.Y = (ComplexMatrix){ Y.rows, 1, w.X.data + inputs };
    w.buffer[0] = w.Y.data + Y.rows;
    w.buffer[1] = w.buffer[0] + room;
    for (size_t i = 0; i < count; i++)
        w.params[i] = net->params[i];
    for (size_t i = 0; i < inputs; i++)
        w.X.data[i] = X.data[i];
    for (size_t i = 0; i < Y.rows; i++)
        w.Y.data[i] = Y.data[i];
    each_step(grads, w.params, count, &w, h);
    each_step(dX.data, w.X.data, inputs, &w, h);
    free(block);
    return true;
}
