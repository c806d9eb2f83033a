/* Generated from nn.nw (MIT licence); edit there. published.h: the published Python chapter's runs, in C */
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
typedef struct {
    const Architecture *shape;   /* main_run, or one of the four */
    FILE *out;
} Log;
Observer published_print;        /* context: a Log */
/* On success the caller owns *net; observe: or NULL */
bool published_run(Network *net, const Architecture *a, size_t epochs,
                   bool fault, Rng *rng, Observer *observe,
                   void *context, Error *e);
/* the main run, then the four; log is the context, and says which */
bool published_runs(bool fault, Rng *rng, Observer *observe,
                    Log *log, Error *e);
#endif
