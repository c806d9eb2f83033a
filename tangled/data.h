/* Generated from nn.nw (MIT licence); edit there. data.h: data sets, the two spirals, standardisation */
#ifndef DATA_H
#define DATA_H
#include "matrix.h"
#include "rng.h"

#define PI 3.14159265358979323846

typedef struct {
    Matrix X;                    /* N x d: one example per row */
    Matrix Y;                    /* N x 1: its label, 0 or 1 ... */
} Dataset;
enum { CLASSES = 100 };          /* at most */
typedef struct {
    Matrix mean, std;            /* 1 x d each */
} Scaling;
/* D gets rows x cols zeros and rows labels 0; the caller owns it */
bool dataset_create(Dataset *D, size_t rows, size_t cols, Error *e);
void dataset_destroy(Dataset *D);
/* D: 2*points x 2, not standardised, NumPy's bits for this seed */
bool spirals(Dataset *D, size_t points, double noise,
             uint64_t seed, Error *e);
/* mean and standard deviation (divisor N) of the columns of X */
bool scaling_fit(Scaling *out, Matrix X, Error *e);
/* X: N x d, in place: (x - mean) / std; s: d columns */
void scaling_apply(Matrix X, Scaling s);
void scaling_destroy(Scaling *s);
/* row i of batch = row order[i] of D; order: batch.X.rows numbers */
void dataset_gather(Dataset batch, Dataset D, const size_t *order);
#endif
