/* Generated from nn.nw (MIT licence); edit there. batchnorm.h: batch normalisation; Ioffe and Szegedy 2015;
   see part_not_begun */
#ifndef BATCHNORM_H
#define BATCHNORM_H
#include "layer.h"

/* forward: X: N x d -> Z: N x d; backward, after a TRAINING pass on X:
   dZ: N x d -> dX: N x d */
Layer batchnorm_layer(size_t width);
typedef struct {
    Matrix gamma, beta;          /* 1 x d: the layer's W and b */
    Matrix dgamma, dbeta;
    Matrix Xhat;                 /* N x d: X, normalised */
    Matrix inverse;              /* 1 x d: 1 / sqrt(var + epsilon) */
    Matrix mean, var;            /* 1 x d: running */
} BatchNorm;
BatchNorm batchnorm_view(Layer *l, size_t rows);  /* l's memory */
#endif
