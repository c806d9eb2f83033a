/* stages.c: the three products on their way to speed.  A stage is what stands
   between an #ifdef STAGE_name, whose comment says what the table calls it,
   and its #endif.  The Makefile compiles the file once for each. */
#include "matrix.h"

#ifdef STAGE_sums   /* each number a sum of its own */
void matmul(Matrix C, Matrix A, Matrix B)
{
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++) {
            double sum = 0;
            for (size_t j = 0; j < A.cols; j++)
                sum += AT(A, i, j) * AT(B, j, k);
            AT(C, i, k) = sum;
        }
}

void matmul_tn(Matrix C, Matrix A, Matrix B)
{
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++) {
            double sum = 0;
            for (size_t j = 0; j < A.rows; j++)
                sum += AT(A, j, i) * AT(B, j, k);
            AT(C, i, k) = sum;
        }
}

void matmul_nt(Matrix C, Matrix A, Matrix B, Matrix scratch)
{
    (void)scratch;
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++) {
            double sum = 0;
            for (size_t j = 0; j < A.cols; j++)
                sum += AT(A, i, j) * AT(B, k, j);
            AT(C, i, k) = sum;
        }
}
#endif

#ifdef STAGE_rows   /* row by row */
void matmul(Matrix C, Matrix A, Matrix B)
{
    for (size_t i = 0; i < C.rows; i++) {
        double *restrict to = C.data + i * C.cols;
        for (size_t k = 0; k < C.cols; k++)
            to[k] = 0;
        for (size_t j = 0; j < A.cols; j++) {
            const double *restrict from = B.data + j * B.cols;
            double a = AT(A, i, j);
            for (size_t k = 0; k < C.cols; k++)
                to[k] += a * from[k];
        }
    }
}

void matmul_tn(Matrix C, Matrix A, Matrix B)
{
    for (size_t i = 0; i < C.rows * C.cols; i++)
        C.data[i] = 0;
    for (size_t i = 0; i < A.rows; i++) {
        const double *restrict from = B.data + i * B.cols;
        for (size_t j = 0; j < A.cols; j++) {
            double a = AT(A, i, j), *restrict to = C.data + j * C.cols;
            for (size_t k = 0; k < C.cols; k++)
                to[k] += a * from[k];
        }
    }
}

void matmul_nt(Matrix C, Matrix A, Matrix B, Matrix scratch)
{
    transpose(scratch, B);
    matmul(C, A, scratch);
}
#endif
