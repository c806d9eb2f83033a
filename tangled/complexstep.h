/* Generated from nn.nw (MIT licence); edit there. complexstep.h: what it takes to check a whole network */
#ifndef COMPLEXSTEP_H
#define COMPLEXSTEP_H
#include "gradcheck.h"
#include "network.h"

typedef struct {
    Network *net;
    Dataset D;
    const Loss *loss;
} Point;
/* a Function for gradcheck: the loss of a training pass on D */
Sample network_sample(void *point);
uint64_t network_pattern(const Network *net); /* after a pass */

/* by a step of h, 1e-20 say: d loss / d parameter -> grads, of
   net->param_count numbers, and d loss / d X -> dX, shaped like X;
   both stay the caller's.
   Fails where a layer isn't written for complex numbers.
   W. Squire and G. Trapp, SIAM Review 40 (1998). */
bool complex_gradient(double h, double *grads, Matrix dX,
                      const Network *net, Matrix X, Matrix Y,
                      const Loss *loss, Error *e);
#endif
