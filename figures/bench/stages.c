/* stages.c: the three products on their way to speed.  A stage is what stands
   between an #ifdef STAGE_name, whose comment says what the table calls it,
   and its #endif.  The Makefile compiles the file once for each. */
#include <string.h>
#include "product.h"

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
#include "plain.c"
#endif

#ifdef STAGE_tiles   /* tiles in registers */
typedef double Vector __attribute__((vector_size(64)));
enum { DOWN = 4, ACROSS = sizeof(Vector) / sizeof(double) };

static double term(const double *A, size_t down, size_t right, Matrix B,
                   size_t i, size_t k)
{
    double sum = 0;
    for (size_t j = 0; j < B.rows; j++)
        sum += A[i * down + j * right] * AT(B, j, k);
    return sum;
}

/* C = A B, where the number (i, j) of A is at A[i * down + j * right]: by
   tiles, and what is left over number by number */
static void product(Matrix C, const double *A, size_t down, size_t right,
                    Matrix B)
{
    size_t rows = C.rows / DOWN * DOWN, cols = C.cols / ACROSS * ACROSS;
    for (size_t i = 0; i < rows; i += DOWN)
        for (size_t k = 0; k < cols; k += ACROSS) {
            Vector sum[DOWN] = { { 0 } }, b;
            for (size_t j = 0; j < B.rows; j++) {
                memcpy(&b, &AT(B, j, k), sizeof b);
                for (size_t r = 0; r < DOWN; r++)
                    sum[r] += A[(i + r) * down + j * right] * b;
            }
            for (size_t r = 0; r < DOWN; r++)
                memcpy(&AT(C, i + r, k), &sum[r], sizeof sum[r]);
        }
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = i < rows ? cols : 0; k < C.cols; k++)
            AT(C, i, k) = term(A, down, right, B, i, k);
}

void matmul(Matrix C, Matrix A, Matrix B)
{
    product(C, A.data, A.cols, 1, B);
}

void matmul_tn(Matrix C, Matrix A, Matrix B)
{
    product(C, A.data, 1, A.cols, B);
}

void matmul_nt(Matrix C, Matrix A, Matrix B, Matrix scratch)
{
    transpose(scratch, B);
    matmul(C, A, scratch);
}
#endif

#ifndef STAGE_rows
#include "plus.h"
#endif
