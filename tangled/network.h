/* Generated from nn.nw (MIT licence); edit there. network.h: layers in a row, one block of parameters.  Shapes that
   don't fit stop the program. */
#ifndef NETWORK_H
#define NETWORK_H
#include "data.h"
#include "layer.h"
#include "loss.h"

typedef struct {
    size_t depth;                /* layers: linear and activations */
    Layer *layer;
    size_t param_count, lasting_count, scratch;
    double *params, *grads;      /* one block each */
    double *lasting;             /* what layers have besides: a block */
    size_t max_rows;             /* the largest batch */
    Matrix *A;                   /* A[l]: input of layer l */
    Matrix *dA;                  /* its gradient, for 0 < l < depth */
    size_t ready;                /* rows of the last TRAINING pass */
    double *memory;              /* all numbers, one allocation */
} Network;

/* X: N x d_in -> logits N x d_out, a view.  X is used again by
   network_backward and must stay until then. */
Matrix network_forward(Network *net, Matrix X, Mode mode);
/* dZ: N x d_out -> net->grads; dX: N x d_in, or empty where the first
   layer is linear, as it must be in training */
void network_backward(Matrix dX, Network *net, Matrix dZ);
/* a network of copies of these layers, for batches of up to max_rows
   rows, which the caller owns; or *out as it was */
bool network_from(Network *out, const Layer *list, size_t depth,
                  size_t max_rows, Error *e);
/* the same from widths: linear layers with ReLU between them */
bool network_create(Network *out, const size_t *width, size_t count,
                    size_t max_rows, Error *e);
void network_destroy(Network *net);          /* NULL is fine */
/* the first values of each layer; the first linear layer draws from
   rng_create(seed), each later one from a seed greater by 1 */
void network_init(Network *net, Init init, uint64_t seed);
/* X: any number of rows, Z: as many x d_out */
void network_predict(Matrix Z, Network *net, Matrix X);
/* mean over the rows of D, of any number: accuracy, or bce.value; NAN
   if interrupted() */
typedef double Measure(Matrix Z, Matrix Y);
double network_mean(Network *net, Dataset D, Measure *of);
#endif
