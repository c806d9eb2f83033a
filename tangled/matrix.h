/* Generated from nn.nw (MIT licence); edit there. matrix.h: matrices of doubles */
#ifndef MATRIX_H
#define MATRIX_H
#include "base.h"

typedef double Number;           /* once more in complexstep.c */
#define REAL_PART(z) (z)
typedef struct {
    size_t rows, cols;
    double *data;                /* row after row */
} Matrix;

#define NTH(A, i) ((A).data[i])
#define AT(A, i, j) NTH(A, (i) * (A).cols + (j))
/* rows x cols zeros; the caller owns them: matrix_destroy */
bool matrix_create(Matrix *A, size_t rows, size_t cols, Error *e);
void matrix_destroy(Matrix *A);      /* NULL and { 0 } are fine */
/* views: no memory of their own */
Matrix matrix_view(double *data, size_t rows, size_t cols);
Matrix matrix_rows(Matrix A, size_t first, size_t count);
/* Shapes that don't fit stop the program.  C overlaps no other. */
void matrix_copy(Matrix C, Matrix A);                   /* C = A */
void transpose(Matrix T, Matrix A);                     /* T = A^T */
#endif
