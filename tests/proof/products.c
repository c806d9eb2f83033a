/* Which memory a product touches depends on its shape alone, never on its numbers.  So it is proved, for all shapes up
   to a bound, by running each of them once, on matrices of exactly their size, under the address sanitizer.  proof.sh
   cuts the blocks smaller, so that these shapes meet each edge of tile, panel, block and thread, more than once. */
#include <stdio.h>
#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "product.c"

enum { ROWS = 2 * TALL + 1, DEPTH = 2 * DEEP + 1, COLS = 2 * BROAD + 1 };

static Matrix exactly(size_t rows, size_t cols)
{
    Matrix A = { rows, cols, malloc(rows * cols * sizeof(double)) };
    if (!A.data) {
        abort();
    }
    for (size_t k = 0; k < rows * cols; k++) {
        A.data[k] = 1;
    }
    return A;
}

static void all_four(size_t rows, size_t depth, size_t cols)
{
    Matrix A = exactly(rows, depth), At = exactly(depth, rows), B = exactly(depth, cols), Bt = exactly(cols, depth);
    Matrix C = exactly(rows, cols), b = exactly(1, cols), scratch = exactly(depth, cols);
    for (int way = 0; way < 4; way++) {
        switch (way) {
        case 0: matmul(C, A, B); break;
        case 1: matmul_plus(C, A, B, b); break;
        case 2: matmul_tn(C, At, B); break;
        case 3: matmul_nt(C, A, Bt, scratch); break;
        }
        for (size_t k = 0; k < rows * cols; k++) { /* each number is written, and once */
            if (C.data[k] != (double)(depth + (way == 1))) {
                printf("%zux%zux%zu, way %d: number %zu is %g\n", rows, depth, cols, way, k, C.data[k]);
                exit(1);
            }
            C.data[k] = -1;
        }
    }
    double *block[] = { A.data, At.data, B.data, Bt.data, C.data, b.data, scratch.data };
    for (size_t i = 0; i < sizeof block / sizeof *block; i++) {
        free(block[i]);
    }
}

int main(void)
{
#ifdef _OPENMP
    omp_set_num_threads(3);
#endif
    size_t shapes = 0;
    for (size_t rows = 1; rows <= ROWS; rows++) {
        for (size_t depth = 1; depth <= DEPTH; depth++) {
            for (size_t cols = 1; cols <= COLS; cols++, shapes++) {
                all_four(rows, depth, cols);
            }
        }
    }
    printf("%zu shapes, up to %dx%d times %dx%d: four products stay inside their matrices\n", shapes, ROWS, DEPTH, DEPTH,
           COLS);
    return 0;
}
