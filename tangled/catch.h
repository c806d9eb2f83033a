/* Generated from nn.nw (MIT licence); edit there. catch.h: is a layer's backward the derivative of its forward?
   See part_not_begun. */
#ifndef CATCH_H
#define CATCH_H
#include "layer.h"

/* l: a bound layer with W, b and any dW, db; X: N x d_in, its input;
   G: N x d_out, the weights of a projection; Z and dX: room for its
   output and for the gradient with respect to X.  W, b, X and G stay
   as they are. */
bool backward_is_right(Layer *l, Matrix X, Matrix G, Matrix Z,
                       Matrix dX);
#endif
