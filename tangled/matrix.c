/* matrix.c: matrices of doubles, and three products */
#include <stdlib.h>
#include "matrix.h"

typedef double Number;

bool matrix_create(Matrix *A, size_t rows, size_t cols, Error *e)
{
    size_t limit = PTRDIFF_MAX / sizeof(double);
    size_t count = cols && rows > limit / cols ? SIZE_MAX : rows * cols;
    double *data = allocate(count, sizeof *data, "numbers", e);
    if (!data)
        return false;
    *A = matrix_view(data, rows, cols);
    return true;
}

void matrix_destroy(Matrix *A)
{
    if (!A)
        return;
    free(A->data);
    *A = (Matrix){ 0 };
}
Matrix matrix_view(double *data, size_t rows, size_t cols)
{
    return (Matrix){ rows, cols, data };
}

Matrix matrix_rows(Matrix A, size_t first, size_t count)
{
    if (first > A.rows || count > A.rows - first)
        stop("matrix_rows: rows %zu to %zu of %zu",
             first, first + count, A.rows);
    return matrix_view(A.data + first * A.cols, count, A.cols);
}

void matrix_copy(Matrix C, Matrix A)
{
    if (C.rows != A.rows || C.cols != A.cols)
        stop("matrix_copy: %zux%zu into %zux%zu", A.rows, A.cols,
             C.rows, C.cols);
    for (size_t i = 0; i < A.rows * A.cols; i++)
        C.data[i] = A.data[i];
}
void matmul(Matrix C, Matrix A, Matrix B)
{
    if (A.cols != B.rows || C.rows != A.rows || C.cols != B.cols)
        stop("matmul: %zux%zu times %zux%zu into %zux%zu", A.rows, A.cols,
             B.rows, B.cols, C.rows, C.cols);
    for (size_t i = 0; i < C.rows; i++) {
        for (size_t k = 0; k < C.cols; k++)
            C.data[i * C.cols + k] = 0;
        for (size_t j = 0; j < A.cols; j++) {
            Number a = AT(A, i, j);
            Number *restrict to = C.data + i * C.cols;
            const Number *restrict from = B.data + j * B.cols;
            for (size_t k = 0; k < C.cols; k++)
                to[k] += a * from[k];
        }
    }
}
void matmul_tn(Matrix C, Matrix A, Matrix B)
{
    if (A.rows != B.rows || C.rows != A.cols || C.cols != B.cols)
        stop("matmul_tn: (%zux%zu)^T times %zux%zu into %zux%zu", A.rows,
             A.cols, B.rows, B.cols, C.rows, C.cols);
    for (size_t i = 0; i < C.rows; i++)
        for (size_t k = 0; k < C.cols; k++)
            C.data[i * C.cols + k] = 0;
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

void transpose(Matrix T, Matrix A)
{
    if (T.rows != A.cols || T.cols != A.rows)
        stop("transpose: %zux%zu into %zux%zu", A.rows, A.cols,
             T.rows, T.cols);
    for (size_t i = 0; i < A.rows; i++)
        for (size_t j = 0; j < A.cols; j++)
            AT(T, j, i) = AT(A, i, j);
}
