/* Generated from nn.nw; edit there. layer.h: a layer is data with a forward and a backward of its own.
   Shapes that don't fit stop the program. */
#ifndef LAYER_H
#define LAYER_H
#include "product.h"
#include "rng.h"

typedef enum { EVALUATION, TRAINING } Mode;
typedef struct Layer Layer;
struct Layer {
    const char *name;
    size_t d_in, d_out;
    Matrix W, b, dW, db;         /* empty in a layer without any */
    Matrix scratch;              /* room for W^T */
    Matrix kept, stats;          /* room, too: see layer_keep */
    double p;                    /* of dropout */
    Rng *rng;                    /* of dropout, the caller's */
    bool with_next;              /* joined with its neighbour in the */
    bool with_previous;          /* network: see network_join */
    void (*start)(Layer *l);     /* set first values; NULL: draw W */
    void (*forward)(Matrix Z, Layer *l, Matrix X, Mode mode);
    void (*backward)(Matrix dX, Layer *l, Matrix dZ, Matrix X);
};
/* parameters unbound: layer_bind before use */
Layer linear_layer(size_t d_in, size_t d_out);
Layer relu_layer(size_t width);
/* how many numbers the layer learns: W row by row, then b */
size_t layer_params(const Layer *l);
/* params, grads: layer_params(l) numbers; scratch: d_in * d_out;
   all stay the caller's */
void layer_bind(Layer *l, double *params, double *grads,
                double *scratch);
bool layer_is_linear(const Layer *l);
bool layer_is_relu(const Layer *l);
/* how many numbers a layer needs besides, for batches of so many
   rows; and where they are: the caller's */
size_t layer_room(const Layer *l, size_t rows);
void layer_keep(Layer *l, double *numbers, size_t rows);
/* stops the program unless they have; who: for the sentence */
void same_shape(const char *who, Matrix A, Matrix B);

/* X: N x d_in -> Z: N x d_out */
void linear_forward(Matrix Z, Layer *l, Matrix X, Mode mode);
void relu_forward(Matrix Z, Layer *l, Matrix X, Mode mode);
/* dZ: N x d_out, X: as given to forward -> l->dW, l->db, and
   dX: N x d_in unless its data is NULL (linear only) */
void linear_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X);
void relu_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X);
#endif
