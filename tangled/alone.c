/* Generated from nn.nw (MIT licence); edit there. alone.c: parallel.h for one process, without MPI */
#include "parallel.h"

void ranks_begin(int *argc, char ***argv) { (void)argc, (void)argv; }
int ranks_end(int status) { return status; }
bool ranks_leave(void) { return interrupted(); }
bool rank_first(void) { return true; }
size_t ranks_count(void) { return 1; }
Share ranks_share(size_t rows) { return (Share){ 0, rows, rows }; }

bool ranks_sum(double *numbers, size_t count, double *one, Error *e)
{
    (void)numbers, (void)count, (void)one, (void)e;
    return true;
}

bool ranks_agree(bool ok, Error *e)
{
    (void)e;
    return ok;
}

Layer ranks_drop(Layer l, Rng *rng)
{
    (void)rng;
    return l;
}
