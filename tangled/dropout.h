/* Generated from nn.nw; edit there. dropout.h: dropout, inverted; Srivastava et al. 2014 */
#ifndef DROPOUT_H
#define DROPOUT_H
#include "layer.h"

/* p: share of the units that are dropped, 0 <= p < 1; rng stays the
   caller's, and is needed in training only.  layer_keep before use */
Layer dropout_layer(size_t width, double p, Rng *rng);
/* X: N x d -> Z: N x d */
void dropout_forward(Matrix Z, Layer *l, Matrix X, Mode mode);
/* after a TRAINING pass on X.  dZ: N x d -> dX: N x d */
void dropout_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X);
#endif
