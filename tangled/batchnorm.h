/* Generated from nn.nw; edit there. batchnorm.h: batch normalisation; Ioffe and Szegedy 2015 */
#ifndef BATCHNORM_H
#define BATCHNORM_H
#include "layer.h"

typedef struct {
    Matrix gamma, beta;          /* 1 x d: the layer's W and b */
    Matrix dgamma, dbeta;
    Matrix Xhat;                 /* N x d: X, normalised */
    Matrix inverse;              /* 1 x d: 1 / sqrt(var + epsilon) */
    Matrix mean, var;            /* 1 x d: running */
} BatchNorm;
BatchNorm batchnorm_view(Layer *l, size_t rows);
#define BATCHNORM_EPSILON 1e-5   /* added to every variance */
#define BATCHNORM_RHO 0.9        /* what running statistics keep */
/* unbound: layer_bind, layer_keep and batchnorm_start before use */
Layer batchnorm_layer(size_t width);
/* gamma 1, beta 0, running mean 0, running variance 1 */
uint64_t batchnorm_start(Layer *l, Init init, uint64_t seed);
/* X: N x d -> Z: N x d */
void batchnorm_forward(Matrix Z, Layer *l, Matrix X, Mode mode);
/* after a TRAINING pass on X.  dZ: N x d -> dX: N x d, and the
   gradients of gamma and beta */
void batchnorm_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X);
#endif
