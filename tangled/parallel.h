/* Generated from nn.nw (MIT licence); edit there. parallel.h: one run on several processes, called ranks: parallel.c,
   by MPI; or on one: alone.c.  All ranks must make the same calls. */
#ifndef PARALLEL_H
#define PARALLEL_H
#include "layer.h"

typedef struct {
    size_t first, rows;          /* of a batch, those of this rank */
    size_t counted;              /* rows, or 0 if they don't count */
} Share;
/* first and last of all; waiting ends when interrupted() */
void ranks_begin(int *argc, char ***argv);
int ranks_end(int status);
/* interrupted, and nobody waits for us; else the next sum fails */
bool ranks_leave(void);
bool rank_first(void);           /* this one prints and writes */
size_t ranks_count(void);
/* the rows of a batch that are this rank's: one at least */
Share ranks_share(size_t rows);
/* sums over all ranks, in place, the same bits on each; numbers: up
   to INT_MAX; one: one number more, or NULL */
bool ranks_sum(double *numbers, size_t count, double *one, Error *e);
/* true if ok on all; else all have the first one's sentence */
bool ranks_agree(bool ok, Error *e);
/* l, which draws from rng for each row and unit, as part of a batch */
Layer ranks_drop(Layer l, Rng *rng);
#endif
