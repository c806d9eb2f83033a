/* Generated from nn.nw; edit there. layer.c: linear layers and ReLU */
#include "layer.h"

void same_shape(const char *who, Matrix A, Matrix B)
{
    if (A.rows != B.rows || A.cols != B.cols)
        stop("%s: %zux%zu where %zux%zu was expected", who, A.rows,
             A.cols, B.rows, B.cols);
}

Layer relu_layer(size_t width)
{
    return (Layer){
        .name = "ReLU", .d_in = width, .d_out = width,
        .forward = relu_forward, .backward = relu_backward
    };
}

bool layer_is_relu(const Layer *l)
{
    return l->forward == relu_forward;
}
Layer linear_layer(size_t d_in, size_t d_out)
{
    return (Layer){
        .name = "linear", .d_in = d_in, .d_out = d_out,
        .W = { d_in, d_out, NULL }, .b = { 1, d_out, NULL },
        .forward = linear_forward, .backward = linear_backward
    };
}
size_t layer_params(const Layer *l)
{
    return l->W.rows * l->W.cols + l->b.rows * l->b.cols;
}

void layer_bind(Layer *l, double *params, double *grads,
                double *scratch)
{
    if (!layer_params(l))
        return;
    size_t weights = l->W.rows * l->W.cols;
    l->W.data = params;
    l->b.data = params + weights;
    l->dW = matrix_view(grads, l->W.rows, l->W.cols);
    l->db = matrix_view(grads + weights, l->b.rows, l->b.cols);
    l->scratch = matrix_view(scratch, l->W.cols, l->W.rows);
}

size_t layer_room(const Layer *l, size_t rows)
{
    return rows * l->kept.cols + l->stats.rows * l->stats.cols;
}

void layer_keep(Layer *l, double *numbers, size_t rows)
{
    l->kept = matrix_view(numbers, rows, l->kept.cols);
    l->stats.data = numbers + rows * l->kept.cols;
}

bool layer_is_linear(const Layer *l)
{
    return l->forward == linear_forward;
}
void linear_forward(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    (void)mode;
    if (l->with_next)
        matmul_relu(Z, X, l->W, l->b);
    else
        matmul_plus(Z, X, l->W, l->b);
}
void linear_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    matmul_tn(l->dW, X, dZ);
    for (size_t k = 0; k < dZ.cols; k++)
        AT(l->db, 0, k) = 0;
    for (size_t i = 0; i < dZ.rows; i++)
        for (size_t k = 0; k < dZ.cols; k++)
            AT(l->db, 0, k) += AT(dZ, i, k);
    if (dX.data && l->with_previous)
        matmul_nt_where(dX, dZ, l->W, l->scratch, X);
    else if (dX.data)
        matmul_nt(dX, dZ, l->W, l->scratch);
}
#define REAL(z) (z)

void relu_forward(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    (void)mode;
    same_shape(l->name, Z, X);
    if (l->with_previous)
        return;
    Matrix A = X, C = Z;
    for (size_t i = 0; i < C.rows * C.cols; i++)
        C.data[i] = REAL(A.data[i]) <= 0 ? 0 : A.data[i];
}

void relu_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    same_shape(l->name, dX, X);
    same_shape(l->name, dZ, X);
    if (l->with_next)
        return;
    for (size_t i = 0; i < X.rows * X.cols; i++)
        dX.data[i] = X.data[i] > 0 ? dZ.data[i] : 0;
}
