/* Generated from nn.nw (MIT licence); edit there. dropout.h: dropout, inverted; Srivastava et al. 2014; see
   part_not_begun */
#ifndef DROPOUT_H
#define DROPOUT_H
#include "layer.h"

typedef struct {
    double p;                    /* 0 <= p < 1 */
    Rng *rng;
} Dropout;
/* d stays the caller's; NULL: for evaluation only.  layer_keep and
   start before use.  forward: X: N x d -> Z: N x d; backward, after a
   TRAINING pass on X: dZ: N x d -> dX: N x d */
Layer dropout_layer(size_t width, Dropout *d);
#endif
