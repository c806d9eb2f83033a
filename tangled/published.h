/* Generated from nn.nw; edit there. published.h: the published Python chapter's runs, in C */
#ifndef PUBLISHED_H
#define PUBLISHED_H
#include <stdio.h>
#include "train.h"

enum {
    MAIN_COUNT = 5, ARCHITECTURES = 4,
    MAIN_EPOCHS = 3000, ARCHITECTURE_EPOCHS = 1500,
    LOG_EVERY = 500
};
typedef struct {
    const char *label;
    size_t count, width[MAIN_COUNT];
} Architecture;
extern const Architecture main_run, architectures[ARCHITECTURES];
#define main_widths (main_run.width)
/* the published check of one layer: its error; takes 25 normals */
double published_check(Rng *rng);
/* from now on every linear layer divides dW and db by the rows */
void published_fault(Network *net);
/* quotient of the loss over published gradient; rows: 1 to 64 */
bool published_factor(double *factor, size_t rows, Error *e);
/* the spirals of the main run, standardised: 400 x 2 */
bool published_data(Dataset *D, Error *e);
typedef struct Moment Moment;
/* told after each epoch of a run; false: stop it */
typedef bool Witness(void *context, const Moment *now);
struct Moment {
    const Architecture *shape;   /* main_run, or one of the four */
    Network *net;                /* as it is now */
    Dataset D;                   /* what it is trained on */
    const Epoch *epoch;
    bool logged, last;           /* a line was published; it ends */
    size_t epochs;
    Witness *witness;            /* and its context */
    void *context;
};
/* prints what was published; context: a FILE */
Witness published_print;
/* On success the caller owns *net; witness: or NULL */
bool published_run(Network *net, const Architecture *a, size_t epochs,
                   bool fault, Rng *rng, Witness *witness,
                   void *context, Error *e);
/* the main run, then the four */
bool published_runs(bool fault, Rng *rng, Witness *witness,
                    void *context, Error *e);
bool published_command(Error *e);            /* all, to stdout */
#endif
