/* Generated from nn.nw (MIT licence); edit there. bayes.c: the best possible rule for the spirals */
#include <math.h>
#include "bayes.h"

double bayes_logit(Dataset centres, double noise, double x, double y)
{
    double top[2] = { -INFINITY, -INFINITY }, sum[2] = { 0 };
    for (size_t i = 0; i < centres.X.rows; i++) {
        double dx = x - AT(centres.X, i, 0);
        double dy = y - AT(centres.X, i, 1);
        double a = -(dx * dx + dy * dy) / (2 * noise * noise);
        int c = AT(centres.Y, i, 0) == 1;
        if (a > top[c]) {
            sum[c] = sum[c] * exp(top[c] - a) + 1;
            top[c] = a;
        } else {
            sum[c] += exp(a - top[c]);
        }
    }
    return top[1] + log(sum[1]) - top[0] - log(sum[0]);
}
