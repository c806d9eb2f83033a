/* Generated from nn.nw (MIT licence); edit there. optimizers.h: momentum and Adam; see part_not_begun */
#ifndef OPTIMIZERS_H
#define OPTIMIZERS_H
#include "train.h"

typedef enum { SGD, MOMENTUM, ADAM } Method;
/* for count parameters; beta: of momentum, or Adam's first.  The
   caller owns what o holds: optimizer_destroy. */
bool optimizer_create(Optimizer *o, Method method, double rate,
                      double beta, size_t count, Error *e);
void optimizer_destroy(Optimizer *o);
/* v = beta v + (1 - beta) grads; params -= rate v.  Polyak 1964 */
void momentum_step(Optimizer *o, double *params, const double *grads,
                   size_t count);
/* Kingma and Ba 2015: both moments, then correction and step */
void adam_step(Optimizer *o, double *params, const double *grads,
               size_t count);
void adam_moments(Optimizer *o, const double *grads, size_t count);
void adam_apply(Optimizer *o, double *params, size_t count);
#endif
