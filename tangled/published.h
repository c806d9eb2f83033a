/* Generated from nn.nw; edit there. published.h: the published Python chapter's runs, in C */
#ifndef PUBLISHED_H
#define PUBLISHED_H
#include <stdio.h>
#include "train.h"

enum { MAIN_COUNT = 5, ARCHITECTURES = 4 };
typedef struct {
    const char *label;
    size_t count, width[MAIN_COUNT];
} Architecture;
extern const Architecture main_run, architectures[ARCHITECTURES];
#define main_widths (main_run.width)

/* the spirals of the main run, standardised: 400 x 2 */
bool published_data(Dataset *D, Error *e);
/* the published check of one layer: its error; takes 25 normals */
double published_check(Rng *rng);
/* from now on every linear layer divides dW and db by the rows */
void published_fault(Network *net);
/* quotient of the loss over published gradient; rows: 1 to 64 */
bool published_factor(double *factor, size_t rows, Error *e);
/* On success the caller owns *net; loss: of the last epoch; log: a
   file for a line every 500 epochs, or NULL */
bool published_run(Network *net, double *loss, const Architecture *a,
                   size_t epochs, bool fault, Rng *rng, FILE *log,
                   Error *e);
bool published_command(Error *e);            /* all, to stdout */
#endif
