/* Generated from nn.nw (MIT licence); edit there. optimizers.c: momentum and Adam */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "optimizers.h"

void momentum_step(Optimizer *o, double *params, const double *grads,
                   size_t count)
{
    not_begun("1a");
}
void adam_moments(Optimizer *o, const double *grads, size_t count)
{
    not_begun("1b");
}

void adam_apply(Optimizer *o, double *params, size_t count)
{
    not_begun("1c");
}

void adam_step(Optimizer *o, double *params, const double *grads,
               size_t count)
{
    adam_moments(o, grads, count);
    adam_apply(o, params, count);
}
bool optimizer_create(Optimizer *o, Method method, double rate,
                      double beta, size_t count, Error *e)
{
    *o = sgd(rate);
    if (method == SGD)
        return true;
    o->v = allocate(2 * count, sizeof *o->v, "moments", e);
    o->m = o->v ? o->v + count : NULL;
    o->step = method == ADAM ? adam_step : momentum_step;
    o->beta = beta;
    o->beta2 = 0.999;
    o->epsilon = 1e-8;
    return o->v;
}

void optimizer_destroy(Optimizer *o)
{
    free(o->v);
    o->v = o->m = NULL;
}
