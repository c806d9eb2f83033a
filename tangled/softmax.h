/* Generated from nn.nw (MIT licence); edit there. softmax.h: more than two classes.  Z: N x K logits; Y: N x K, in
   each row a 1 at its class and 0 elsewhere; see part_not_begun.
   Shapes that don't fit stop the program. */
#ifndef SOFTMAX_H
#define SOFTMAX_H
#include "data.h"
#include "loss.h"

/* P: N x K, probabilities; returns the mean over the rows of -ln p of
   what happened.  Logits may be of any size; K is at most CLASSES. */
double softmax_loss(Matrix P, Matrix Z, Matrix Y);
void softmax_probabilities(Matrix P, Matrix Z);
/* dZ: N x K = (P - Y) / N, and may be P */
void softmax_gradient(Matrix dZ, Matrix P, Matrix Y);
/* c: N x 1, numbers of classes */
void one_hot(Matrix Y, Matrix c);
void decide(Matrix c, Matrix Z);         /* the largest, the first */
extern const Loss softmax;
/* D->Y: N x 1 becomes N x classes, if these are more than two */
bool dataset_one_hot(Dataset *D, size_t classes, Error *e);
#endif
