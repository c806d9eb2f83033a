/* xsmm.c: the three products by libxsmm, which writes machine code for each
   shape that it is asked for.  It counts in columns, so what it takes for
   C^T = B^T A^T are our rows. */
#include <libxsmm.h>
#include "product.h"

static void product(Matrix C, Matrix A, int how, Matrix B)
{
    int cols = (int)C.cols, rows = (int)C.rows, depth = (int)B.rows;
    int down = (int)A.cols;
    double one = 1, zero = 0;
    libxsmm_dmmfunction f = libxsmm_dmmdispatch(cols, rows, depth, &cols,
                                                &down, &cols, &one, &zero,
                                                &how, NULL);
    if (f)
        f(B.data, A.data, C.data);
    else                        /* a shape that it leaves to OpenBLAS */
        libxsmm_dgemm("N", how == LIBXSMM_GEMM_FLAG_TRANS_B ? "T" : "N",
                      &cols, &rows, &depth, &one, B.data, &cols, A.data,
                      &down, &zero, C.data, &cols);
}

void matmul(Matrix C, Matrix A, Matrix B)
{
    product(C, A, LIBXSMM_GEMM_FLAG_NONE, B);
}

void matmul_tn(Matrix C, Matrix A, Matrix B)
{
    product(C, A, LIBXSMM_GEMM_FLAG_TRANS_B, B);
}

void matmul_nt(Matrix C, Matrix A, Matrix B, Matrix scratch)
{
    transpose(scratch, B);
    matmul(C, A, scratch);
}

#include "plus.h"
