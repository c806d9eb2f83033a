/* Generated from nn.nw (MIT licence); edit there. bayes.h: the best possible rule for the spirals */
#ifndef BAYES_H
#define BAYES_H
#include "data.h"

/* ln of the odds of label 1 at the raw point (x, y), when every row
   of centres is as likely and noise is Gaussian on both axes */
double bayes_logit(Dataset centres, double noise, double x, double y);
#endif
