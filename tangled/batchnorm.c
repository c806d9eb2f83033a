/* Generated from nn.nw (MIT licence); edit there. batchnorm.c: batch normalisation */
#include <math.h>
#include <stdio.h>
#include "batchnorm.h"

BatchNorm batchnorm_view(Layer *l, size_t rows)
{
    return (BatchNorm){
        .gamma = l->W, .beta = l->b, .dgamma = l->dW, .dbeta = l->db,
        .Xhat = matrix_rows(l->kept, 1, rows),
        .inverse = matrix_rows(l->kept, 0, 1),
        .mean = matrix_rows(l->lasting, 0, 1),
        .var = matrix_rows(l->lasting, 1, 1)
    };
}
static uint64_t batchnorm_start(Layer *l, Init init, uint64_t seed)
{
    (void)init;
    BatchNorm n = batchnorm_view(l, 0);
    for (size_t k = 0; k < l->d_out; k++) {
        AT(n.gamma, 0, k) = AT(n.var, 0, k) = 1;
        AT(n.beta, 0, k) = AT(n.mean, 0, k) = 0;
    }
    return seed;
}
static const double epsilon = 1e-5, rho = 0.9;

static void batchnorm_forward(Matrix Z, Layer *l, Matrix X, Mode mode)
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

static void batchnorm_backward(Matrix dX, Layer *l, Matrix dZ,
                               Matrix X)
{
    same_shape(l->name, dX, X);
    same_shape(l->name, dZ, X);
    BatchNorm n = batchnorm_view(l, X.rows);
    not_begun("2b");
    matrix_copy(dX, dZ);
}
Layer batchnorm_layer(size_t width)
{
    return (Layer){
        .name = "batchnorm", .d_in = width, .d_out = width,
        .W = { 1, width, NULL }, .b = { 1, width, NULL },
        .kept = { 1, width, NULL }, .lasting = { 2, width, NULL },
        .start = batchnorm_start, .forward = batchnorm_forward,
        .backward = batchnorm_backward
    };
}
