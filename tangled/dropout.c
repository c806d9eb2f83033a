/* Generated from nn.nw; edit there. dropout.c: dropout, inverted */
#include "dropout.h"

Layer dropout_layer(size_t width, double p, Rng *rng)
{
    return (Layer){
        .name = "dropout", .d_in = width, .d_out = width,
        .kept = { 0, width, NULL }, .p = p, .rng = rng,
        .forward = dropout_forward, .backward = dropout_backward
    };
}
void dropout_forward(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    same_shape(l->name, Z, X);
    if (mode == TRAINING && !l->rng)
        stop("%s: training needs a generator", l->name);
    Matrix M = matrix_rows(l->kept, 0, mode == TRAINING ? X.rows : 0);
    not_begun("3a");
    matrix_copy(Z, X);
}

void dropout_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    same_shape(l->name, dX, X);
    same_shape(l->name, dZ, X);
    Matrix M = matrix_rows(l->kept, 0, X.rows);
    not_begun("3b");
    matrix_copy(dX, dZ);
}
