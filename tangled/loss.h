/* Generated from nn.nw (MIT licence); edit there. loss.h: binary cross-entropy from logits.  Z: N x 1 logits, Y: N x 1
   labels, each 0 or 1.  Shapes that don't fit stop the program. */
#ifndef LOSS_H
#define LOSS_H
#include "matrix.h"

double sigmoid(double z);                /* 1 / (1 + e^-z) */
double softplus(double z);               /* ln(1 + e^z) */
/* mean over the rows of softplus(z) - y z */
double bce_with_logits(Matrix Z, Matrix Y);
/* dZ: N x 1 = (sigmoid(Z) - Y) / N */
void bce_with_logits_backward(Matrix dZ, Matrix Z, Matrix Y);
/* both at once: the loss, and dZ, which mustn't be Z */
double bce_with_logits_both(Matrix dZ, Matrix Z, Matrix Y);
/* share of the rows where z >= 0 is what the label says */
double accuracy(Matrix Z, Matrix Y);
typedef struct {
    const char *name;
    double (*value)(Matrix Z, Matrix Y); /* a mean over the rows */
    void (*gradient)(Matrix dZ, Matrix Z, Matrix Y);   /* as Z */
    double (*both)(Matrix dZ, Matrix Z, Matrix Y);
    double (*accuracy)(Matrix Z, Matrix Y);
} Loss;
extern const Loss bce;
#endif
