/* Generated from nn.nw (MIT licence); edit there. dropout.c: dropout, inverted */
#include <math.h>
#include <stdio.h>
#include "dropout.h"

static uint64_t dropout_start(Layer *l, Init init, uint64_t seed)
{
    const Dropout *d = l->own;
    (void)init;
    l->lasting.data[0] = d ? d->p : 0;
    return seed;
}
static void dropout_forward(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    const Dropout *d = l->own;
    same_shape(l->name, Z, X);
    if (mode == TRAINING && !d)
        stop("%s: training needs a generator", l->name);
    Matrix M = matrix_rows(l->kept, 0, mode == TRAINING ? X.rows : 0);
    not_begun("3a");
    matrix_copy(Z, X);
}
static void dropout_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    same_shape(l->name, dX, X);
    same_shape(l->name, dZ, X);
    Matrix M = matrix_rows(l->kept, 0, X.rows);
    not_begun("3b");
    matrix_copy(dX, dZ);
}
Layer dropout_layer(size_t width, Dropout *d)
{
    return (Layer){
        .name = "dropout", .d_in = width, .d_out = width, .own = d,
        .kept = { 0, width, NULL }, .lasting = { 1, 1, NULL },
        .start = dropout_start, .forward = dropout_forward,
        .backward = dropout_backward
    };
}
