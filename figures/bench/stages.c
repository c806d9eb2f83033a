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

#ifdef STAGE_tiles   /* tiles in registers */
enum { DOWN = 4, ACROSS = 16 };

/* C = A B, where the number (i, j) of A is at A[i * down + j * right] */
static void product(Matrix C, const double *A, size_t down, size_t right,
                    Matrix B)
{
    for (size_t i = 0; i < C.rows; i += DOWN)
        for (size_t k = 0; k < C.cols; k += ACROSS) {
            double sum[DOWN][ACROSS] = { { 0 } };
            size_t m = C.rows - i < DOWN ? C.rows - i : DOWN;
            size_t n = C.cols - k < ACROSS ? C.cols - k : ACROSS;
            if (m == DOWN && n == ACROSS)
                for (size_t j = 0; j < B.rows; j++)
                    for (size_t r = 0; r < DOWN; r++)
                        for (size_t c = 0; c < ACROSS; c++)
                            sum[r][c] += A[(i + r) * down + j * right]
                                * AT(B, j, k + c);
            else
                for (size_t j = 0; j < B.rows; j++)
                    for (size_t r = 0; r < m; r++)
                        for (size_t c = 0; c < n; c++)
                            sum[r][c] += A[(i + r) * down + j * right]
                                * AT(B, j, k + c);
            for (size_t r = 0; r < m; r++)
                for (size_t c = 0; c < n; c++)
                    AT(C, i + r, k + c) = sum[r][c];
        }
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
