/* Generated from nn.nw (MIT licence); edit there. product.h: three products of matrices, and what goes with them */
#ifndef PRODUCT_H
#define PRODUCT_H
#include "matrix.h"

/* Shapes that don't fit stop the program.  C overlaps no other. */
void matmul(Matrix C, Matrix A, Matrix B);              /* C = A B */
void matmul_tn(Matrix C, Matrix A, Matrix B);           /* C = A^T B */
/* C = A B, and b, 1 x C.cols, is added to each row */
void matmul_plus(Matrix C, Matrix A, Matrix B, Matrix b);
/* C = A B^T; scratch has the shape of B^T and is overwritten */
void matmul_nt(Matrix C, Matrix A, Matrix B, Matrix scratch);
#endif
