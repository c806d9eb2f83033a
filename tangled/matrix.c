/* Generated from nn.nw (MIT licence); edit there. matrix.c: matrices of doubles */
#include <stdlib.h>
#include "matrix.h"

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
void transpose(Matrix T, Matrix A)
{
    if (T.rows != A.cols || T.cols != A.rows)
        stop("transpose: %zux%zu into %zux%zu", A.rows, A.cols,
             T.rows, T.cols);
    for (size_t top = 0; top < A.rows; top += 8)
        for (size_t j = 0; j < A.cols; j++)
            for (size_t i = top; i < top + 8 && i < A.rows; i++)
                AT(T, j, i) = AT(A, i, j);
}
