/* blas.c: the three products by OpenBLAS */
#include <cblas.h>
#include "product.h"

/* C = A B, where either may be transposed; depth: terms of each sum */
static void product(Matrix C, Matrix A, CBLAS_TRANSPOSE a, Matrix B,
                    CBLAS_TRANSPOSE b, size_t depth)
{
    cblas_dgemm(CblasRowMajor, a, b, (int)C.rows, (int)C.cols, (int)depth,
                1, A.data, (int)A.cols, B.data, (int)B.cols, 0, C.data,
                (int)C.cols);
}

void matmul(Matrix C, Matrix A, Matrix B)
{
    product(C, A, CblasNoTrans, B, CblasNoTrans, A.cols);
}

void matmul_tn(Matrix C, Matrix A, Matrix B)
{
    product(C, A, CblasTrans, B, CblasNoTrans, A.rows);
}

void matmul_nt(Matrix C, Matrix A, Matrix B, Matrix scratch)
{
    (void)scratch;
    product(C, A, CblasNoTrans, B, CblasTrans, A.cols);
}

#include "plus.h"
