/* Generated from nn.nw (MIT licence); edit there. train.h: mini-batch training, and gradient descent */
#ifndef TRAIN_H
#define TRAIN_H
#include "network.h"

typedef struct Optimizer {
    double rate;
    void (*step)(struct Optimizer *o, double *params,
                 const double *grads, size_t count);
    double beta, beta2, epsilon; /* of momentum and Adam, */
    double *m, *v;               /* which have a memory; */
    size_t t;                    /* Adam counts its steps */
} Optimizer;
typedef struct {
    size_t epoch, epochs;        /* which of how many */
    double loss, accuracy;       /* means over the examples */
    double batch_loss;           /* plain mean over the batches */
    const double *norm;          /* of dW, mean over the batches */
    size_t norms;                /* as many as layers that learn */
    Network *net;                /* as it is now, */
    Dataset D;                   /* and what it learns from */
} Epoch;
#define EPOCH_LINE "  epoch %5zu: loss=%.4f  acc=%.3f\n" /* a log's */
/* false: stop after this epoch */
typedef bool Observer(void *context, const Epoch *epoch);
Optimizer sgd(double rate);
/* params -= rate * grads */
void sgd_step(Optimizer *o, double *params, const double *grads,
              size_t count);
/* Each epoch visits every row of D once, in an order drawn from
   rng.  observe (or NULL) sees a record of each.  Fails, with the
   network as it then is, where a number is not finite; if
   interrupted(), it ends within an epoch, true.  Shapes that don't fit
   stop the program. */
bool train(Network *net, Dataset D, const Loss *loss, Optimizer *o,
           size_t epochs, size_t batch, Rng *rng, Observer *observe,
           void *context, Error *e);
#endif
