/* Generated from nn.nw (MIT licence); edit there. layer.h: a layer is data with a forward and a backward of its own.
   Shapes that don't fit stop the program. */
#ifndef LAYER_H
#define LAYER_H
#include "product.h"
#include "rng.h"

typedef enum { EVALUATION, TRAINING } Mode;
typedef enum {
    INIT_ZEROS, INIT_SMALL, INIT_XAVIER, INIT_HE, INIT_LARGE
} Init;

typedef struct Layer Layer;
struct Layer {
    const char *name;
    size_t d_in, d_out;
    Matrix W, b, dW, db;         /* empty in a layer without any */
    Matrix scratch;              /* room that backward may use */
    void (*forward)(Matrix Z, Layer *l, Matrix X, Mode mode);
    void (*backward)(Matrix dX, Layer *l, Matrix dZ, Matrix X);
    Matrix kept;        /* rows: those beside the batch's, until bound */
    Matrix lasting;     /* shape until bound, then a view */
    void *own;          /* the caller's, see dropout */
    /* Z may be X, and dX may be dZ; backward is then given Z for X */
    bool in_place;
    bool kink;                       /* at 0, where the slope jumps */
    /* first values from seed; returns that of the next layer */
    uint64_t (*start)(Layer *l, Init init, uint64_t seed);
};

/* parameters unbound: layer_bind before use */
Layer linear_layer(size_t d_in, size_t d_out);
/* acts on each number alone; its name is NULL if none is called so */
Layer activation_layer(const char *name, size_t width);
/* list: room for 2 * count layers: linear, activation, ..., linear;
   width: d_in, hidden widths..., and 1, or K for K > 2 classes.
   How many layers; 0: see e */
enum { DEEPEST = 64, WIDEST_LAYER = 1 << 20 };
size_t layer_line_up(Layer *list, const size_t *width, size_t count,
                     const char *activation, Error *e);
/* XAVIER: Glorot and Bengio 2010; HE: He et al. 2015 */
double init_deviation(Init init, size_t d_in, size_t d_out);
/* how many numbers the layer learns: W row by row, then b */
size_t layer_params(const Layer *l);
/* params, grads: layer_params(l) numbers; scratch: of the shape that
   the layer wants; all stay the caller's */
void layer_bind(Layer *l, double *params, double *grads,
                double *scratch);
/* how many numbers a layer keeps for batches of up to so many rows;
   and where they are, and those that last: the caller's */
size_t layer_room(const Layer *l, size_t rows);
void layer_keep(Layer *l, double *kept, size_t rows, double *lasting);
/* stops the program unless they have; who: for the sentence */
void same_shape(const char *who, Matrix A, Matrix B);
/* X: N x d_in -> Z: N x d_out */
void linear_forward(Matrix Z, Layer *l, Matrix X, Mode mode);
/* dZ: N x d_out, X: as given to forward -> l->dW, l->db, and
   dX: N x d_in unless its data is NULL */
void linear_backward(Matrix dX, Layer *l, Matrix dZ, Matrix X);
#endif
