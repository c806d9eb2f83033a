/* Generated from nn.nw; edit there. batchnorm.c: batch normalisation */
#include <math.h>
#include "batchnorm.h"

BatchNorm batchnorm_view(Layer *l, size_t rows)
{
    return (BatchNorm){
        l->W, l->b, l->dW, l->db, matrix_rows(l->kept, 0, rows),
        matrix_rows(l->stats, 0, 1), matrix_rows(l->stats, 1, 1),
        matrix_rows(l->stats, 2, 1)
    };
}
Layer batchnorm_layer(size_t width)
{
    return (Layer){
        .name = "batch norm", .d_in = width, .d_out = width,
        .W = { 1, width, NULL }, .b = { 1, width, NULL },
        .kept = { 0, width, NULL }, .stats = { 3, width, NULL },
        .start = batchnorm_start, .forward = batchnorm_forward,
        .backward = batchnorm_backward
    };
}

void batchnorm_start(Layer *l)
{
    BatchNorm n = batchnorm_view(l, 0);
    for (size_t k = 0; k < l->d_out; k++) {
        AT(n.gamma, 0, k) = AT(n.var, 0, k) = 1;
        AT(n.beta, 0, k) = AT(n.mean, 0, k) = 0;
    }
}
static const double epsilon = BATCHNORM_EPSILON, rho = BATCHNORM_RHO;

void batchnorm_forward(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    same_shape(l->name, Z, X);
    BatchNorm n = batchnorm_view(l, mode == TRAINING ? X.rows : 0);
    if (mode == TRAINING) {
        not_begun("2a");
        matrix_copy(Z, X);
    } else {
        not_begun("2c");
        matrix_copy(Z, X);
    }
}

void batchnorm_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    same_shape(l->name, dX, X);
    same_shape(l->name, dZ, X);
    BatchNorm n = batchnorm_view(l, X.rows);
    not_begun("2b");
    matrix_copy(dX, dZ);
}
