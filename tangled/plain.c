/* Generated from nn.nw (MIT licence); edit there. plain.c: the three products as loops over rows */
#include "product.h"

void matmul(Matrix C, Matrix A, Matrix B)
{
    if (A.cols != B.rows || C.rows != A.rows || C.cols != B.cols)
        stop("matmul: %zux%zu times %zux%zu into %zux%zu", A.rows, A.cols,
             B.rows, B.cols, C.rows, C.cols);
    for (size_t i = 0; i < C.rows; i++) {
        for (size_t k = 0; k < C.cols; k++)
            AT(C, i, k) = 0;
        for (size_t j = 0; j < A.cols; j++) {
            Number a = AT(A, i, j);
            Number *restrict to = &AT(C, i, 0);
            const Number *restrict from = &AT(B, j, 0);
            for (size_t k = 0; k < C.cols; k++)
                to[k] += a * from[k];
        }
    }
}

void matmul_plus(Matrix C, Matrix A, Matrix B, Matrix b)
{
    matmul(C, A, B);
    if (b.rows != 1 || b.cols != C.cols)
        stop("matmul_plus: a bias of %zux%zu for %zu columns", b.rows,
             b.cols, C.cols);
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++)
            AT(C, i, k) += AT(b, 0, k);
}
#ifndef COMPLEX              /* complexstep.c takes what is above */
void matmul_tn(Matrix C, Matrix A, Matrix B)
{
    if (A.rows != B.rows || C.rows != A.cols || C.cols != B.cols)
        stop("matmul_tn: (%zux%zu)^T times %zux%zu into %zux%zu", A.rows,
             A.cols, B.rows, B.cols, C.rows, C.cols);
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++)
            AT(C, i, k) = 0;
    for (size_t i = 0; i < A.rows; i++)
        for (size_t j = 0; j < A.cols; j++) {
            double a = AT(A, i, j), *restrict to = C.data + j * C.cols;
            const double *restrict from = B.data + i * B.cols;
            for (size_t k = 0; k < C.cols; k++)
                to[k] += a * from[k];
        }
}
void matmul_nt(Matrix C, Matrix A, Matrix B, Matrix scratch)
{
    if (A.cols != B.cols || C.rows != A.rows || C.cols != B.rows)
        stop("matmul_nt: %zux%zu times (%zux%zu)^T into %zux%zu", A.rows,
             A.cols, B.rows, B.cols, C.rows, C.cols);
    transpose(scratch, B);
    matmul(C, A, scratch);
}
#endif
