/* Generated from nn.nw (MIT licence); edit there. loss.c: binary cross-entropy from logits */
#include <math.h>
#include "loss.h"

static void one_column(const char *who, Matrix Z, Matrix Y)
{
    if (Z.rows != Y.rows || Z.cols != 1 || Y.cols != 1)
        stop("%s: %zux%zu logits for %zux%zu labels; both must be one "
             "column", who, Z.rows, Z.cols, Y.rows, Y.cols);
}

Number bce_with_logits(Matrix Z, Matrix Y)
{
    one_column("bce_with_logits", Z, Y);
    Number sum = 0;
    for (size_t i = 0; i < Z.rows; i++) {
        Number z = AT(Z, i, 0), y = AT(Y, i, 0);
        Number positive = REAL_PART(z) > 0 ? z : 0;
        Number e = exp(REAL_PART(z) > 0 ? -z : z);
        Number small = log1p(e);
        sum += positive - y * z + small;
    }
    return sum / (double)Z.rows;
}
#ifndef COMPLEX              /* complexstep.c takes what is above */
double sigmoid(double z)
{
    double e = exp(-fabs(z));
    return (z >= 0 ? 1 : e) / (1 + e);
}

double softplus(double z)
{
    Number positive = REAL_PART(z) > 0 ? z : 0;
    Number e = exp(REAL_PART(z) > 0 ? -z : z);
    Number small = log1p(e);
    return positive + small;
}

void bce_with_logits_backward(Matrix dZ, Matrix Z, Matrix Y)
{
    one_column("bce_with_logits_backward", Z, Y);
    one_column("bce_with_logits_backward", dZ, Y);
    for (size_t i = 0; i < Z.rows; i++)
        AT(dZ, i, 0) = (sigmoid(AT(Z, i, 0)) - AT(Y, i, 0))
                     / (double)Z.rows;
}

double bce_with_logits_both(Matrix dZ, Matrix Z, Matrix Y)
{
    one_column("bce_with_logits_both", Z, Y);
    one_column("bce_with_logits_both", dZ, Y);
    double sum = 0, product = 0;     /* without its 1 */
    for (size_t i = 0; i < Z.rows; i++)
        AT(dZ, i, 0) = exp(-fabs(AT(Z, i, 0)));
    for (size_t i = 0; i < Z.rows; i++) {
        double z = AT(Z, i, 0), y = AT(Y, i, 0), e = AT(dZ, i, 0);
        sum += (z > 0 ? z : 0) - y * z;
        product += e + product * e;
        if (product > 1e30) {
            sum += log1p(product);
            product = 0;
        }
    }
    for (size_t i = 0; i < Z.rows; i++) {
        double z = AT(Z, i, 0), y = AT(Y, i, 0), e = AT(dZ, i, 0);
        double p = (z >= 0 ? 1 : e) / (1 + e);
        AT(dZ, i, 0) = (p - y) / (double)Z.rows;
    }
    return (sum + log1p(product)) / (double)Z.rows;
}

double accuracy(Matrix Z, Matrix Y)
{
    one_column("accuracy", Z, Y);
    size_t right = 0;
    for (size_t i = 0; i < Z.rows; i++)
        right += (AT(Z, i, 0) >= 0) == (AT(Y, i, 0) == 1);
    return (double)right / (double)Z.rows;
}

const Loss bce = {
    .name = "binary cross-entropy", .value = bce_with_logits,
    .gradient = bce_with_logits_backward, .both = bce_with_logits_both,
    .accuracy = accuracy
};
#endif
