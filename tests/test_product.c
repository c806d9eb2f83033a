/* The fast products, held to their specification to the last bit: each number
   is a sum over j in order, from 0, of products that are added by fma. */
#include "check.h"
#include "wrap.h"

#include <malloc.h>
#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

enum { MOST = 40 };

/* T = the first rows and cols of a matrix with down numbers a row; across: transposed */
static Matrix corner(double *room, const double *from, size_t down, size_t rows, size_t cols,
                     bool across)
{
    Matrix T = matrix_view(room, across ? cols : rows, across ? rows : cols);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            *(across ? &AT(T, j, i) : &AT(T, i, j)) = from[i * down + j];
        }
    }
    return T;
}

/* C must be the corner of what is right, and nothing behind it touched. */
static void same(Matrix C, const double *right, size_t down, size_t depth, const char *what)
{
    for (size_t i = 0; i < C.rows; i++) {
        cr_assert(memcmp(&AT(C, i, 0), right + i * down, C.cols * sizeof *right) == 0,
                  "%s, %zux%zu times %zux%zu: row %zu isn't the plain sum", what, C.rows, depth,
                  depth, C.cols, i);
    }
    cr_assert(C.data[C.rows * C.cols] == 1e3, "%s of %zux%zu wrote behind its result", what,
              C.rows, C.cols);
}

/* All four for corners of a and b, the result the corner of right; every array
   has room for one number more. */
static void products(Matrix C, const double *a, size_t a_down, const double *b, size_t b_down,
                     const double *right, size_t depth, double *room[3])
{
    size_t rows = C.rows, cols = C.cols;
    Matrix A = corner(room[0], a, a_down, rows, depth, false);
    Matrix B = corner(room[1], b, b_down, depth, cols, false);
    fill_with(C.data, rows * cols + 1, 1e3);
    matmul(C, A, B);
    same(C, right, b_down, depth, "matmul");

    fill_with(C.data, rows * cols + 1, 1e3);
    matmul_plus(C, A, B, matrix_view(B.data, 1, cols));
    for (size_t i = 0; i < rows; i++) {
        for (size_t k = 0; k < cols; k++) {
            cr_assert(AT(C, i, k) == right[i * b_down + k] + AT(B, 0, k),
                      "matmul_plus, %zux%zu times %zux%zu: (%zu, %zu) isn't the plain sum, and "
                      "then the bias", rows, depth, depth, cols, i, k);
        }
    }
    cr_assert(C.data[rows * cols] == 1e3, "matmul_plus wrote behind its result");

    Matrix At = corner(room[0], a, a_down, rows, depth, true);
    fill_with(C.data, rows * cols + 1, 1e3);
    matmul_tn(C, At, B);
    same(C, right, b_down, depth, "matmul_tn");

    A = corner(room[0], a, a_down, rows, depth, false);
    Matrix Bt = corner(room[1], b, b_down, depth, cols, true);
    fill_with(C.data, rows * cols + 1, 1e3);
    room[2][depth * cols] = 1e3;
    matmul_nt(C, A, Bt, matrix_view(room[2], depth, cols));
    same(C, right, b_down, depth, "matmul_nt");
    cr_assert(room[2][depth * cols] == 1e3, "matmul_nt wrote behind its scratch of %zux%zu", depth,
              cols);
}

/* The tiles add a product with one rounding.  The loops have two; the tests are
   compiled with TWO_ROUNDINGS if the program is built with these. */
#ifdef TWO_ROUNDINGS
enum { TILES = false };
#else
enum { TILES = true };
#endif

static double add_product(double sum, double a, double b)
{
    return TILES ? fma(a, b, sum) : sum + a * b;
}

/* right: rows x cols, one more term of each sum */
static void next_term(double *right, const double *a, size_t a_down, const double *b, size_t j,
                      size_t rows, size_t cols)
{
    for (size_t i = 0; i < rows; i++) {
        for (size_t k = 0; k < cols; k++) {
            double *sum = &right[i * cols + k];
            *sum = add_product(*sum, a[i * a_down + j], b[j * cols + k]);
        }
    }
}

/* Every shape that has 1 to 40 rows, columns and terms; or of every third. */
Test(product, equals_the_plain_sum_bit_for_bit, .timeout = 60)
{
    static double a[MOST * MOST], b[MOST * MOST], right[MOST * MOST], c[MOST * MOST + 1];
    static double r0[MOST * MOST], r1[MOST * MOST], r2[MOST * MOST + 1];
    double *room[3] = { r0, r1, r2 };
    const size_t step = sparse(3);
    for (size_t k = 0; k < MOST * MOST; k++) {
        a[k] = number(1, k);
        b[k] = number(2, k);
    }
    for (size_t depth = 1; depth <= MOST; depth++) {
        next_term(right, a, MOST, b, depth - 1, MOST, MOST);
        if (depth % step != 1 % step) {
            continue;
        }
        for (size_t rows = 1; rows <= MOST; rows += step) {
            for (size_t cols = 1; cols <= MOST; cols += step) {
                products(matrix_view(c, rows, cols), a, MOST, b, MOST, right, depth, room);
            }
        }
    }
}

/* Large ones, which are cut into blocks, with edges on all sides, on 1 to 4 threads. */
Test(product, large_ones_do_as_well, .timeout = 60)
{
    static const struct {
        size_t rows, depth, cols;
    } at[] = { { 256, 265, 64 }, { 121, 600, 33 }, { 7, 1025, 300 }, { 500, 130, 41 },
               { 100, 512, 33 }, { 40, 300, 530 }, { 33, 1100, 30 },
               { 8, 265, 513 }, { 129, 265, 33 }, { 127, 264, 34 }, /* a block, and one more */
               { 9, 7300, 17 } };                   /* nothing left for some threads */
    enum { ROOM = 600 * 1025 };
    static double a[ROOM], b[ROOM], right[ROOM], c[ROOM];
    static double r0[ROOM], r1[ROOM], r2[ROOM];
    double *room[3] = { r0, r1, r2 };
    for (size_t k = 0; k < ROOM; k++) {
        a[k] = number(3, k);
        b[k] = number(4, k);
    }
    for (size_t i = 0; i < sizeof at / sizeof *at; i += sparse(2)) {
        cr_assert(at[i].rows * at[i].depth * at[i].cols > 1 << 20, "shape %zu isn't large", i);
        fill_with(right, ROOM, 0);
        for (size_t j = 0; j < at[i].depth; j++) {
            next_term(right, a, at[i].depth, b, j, at[i].rows, at[i].cols);
        }
        for (int threads = 1; threads <= 4; threads += (int)sparse(3)) {
#ifdef _OPENMP
            omp_set_num_threads(threads);
#endif
            fill_with(c, ROOM, 0);
            products(matrix_view(c, at[i].rows, at[i].cols), a, at[i].depth, b, at[i].cols,
                     right, at[i].depth, room);
            for (size_t k = at[i].rows * at[i].cols + 1; k < ROOM; k++) {
                cr_assert(c[k] == 0, "%d threads wrote far behind the result", threads);
            }
        }
    }
}

static size_t in_use(void)
{
    struct mallinfo2 now = mallinfo2();
    return now.uordblks + now.hblkhd;
}

/* Without memory for its blocks a large product goes on without them. */
Test(product, large_ones_need_no_memory, .timeout = 5)
{
    MATRIX(A, 128, 128);
    fill(A, 1);
    MATRIX(B, 128, 100);
    fill(B, 2);
    MATRIX(C, 128, 100);
    MATRIX(without, 128, 100);
#ifdef _OPENMP
    omp_set_num_threads(1);
#endif
    size_t before = in_use();
    for (int time = 0; time < 8; time++) {
        matmul(C, A, B);
    }
    cr_expect(in_use() < before + 8 * 256 * 1024, "the blocks aren't given back");
    wrap_calls = 0;
    wrap_fail_at = 1;
    matmul(without, A, B);
    cr_expect(!TILES || wrap_calls == 1, "the blocks weren't asked for in a way that the test sees");
    cr_expect(memcmp(C.data, without.data, 128 * 100 * sizeof *C.data) == 0);
}

/* Two panels across, the second not whole: the sanitizers see who reads behind the end. */
Test(product, large_ones_read_no_more, .timeout = 5)
{
    double *numbers = calloc(265 * 540, sizeof *numbers);
    MATRIX(A, 8, 265);
    MATRIX(C, 8, 540);
#ifdef _OPENMP
    omp_set_num_threads(1);
#endif
    matmul(C, A, matrix_view(numbers, 265, 540));
    free(numbers);
    cr_expect(C.data[8 * 540 - 1] == 0);
}

/* A large product that nobody wants any more isn't computed to its end. */
Test(product, interrupted_ones_are_left, .timeout = 5)
{
    MATRIX(A, 128, 128);
    fill(A, 1);
    MATRIX(C, 128, 128);
    fill_with(C.data, 128 * 128, 1e3);
    interrupt(2);
    matmul(C, A, A);
    cr_expect(!TILES || C.data[0] == 1e3);
    interrupt(0);
    matmul(C, A, A);
    cr_expect(C.data[0] < 1e3);
}

/* Whole squares are transposed in another way, and want room of the same shape. */
Test(product, scratch_of_another_shape_stops, .timeout = 5)
{
    MATRIX(A, 3, 16);
    MATRIX(B, 8, 16);
    MATRIX(C, 3, 8);
    MATRIX(S, 16, 16);
    CHECK_STOPS(matmul_nt(C, A, B, S), "transpose", "8x16", "16x16");
    CHECK_STOPS(matmul_nt(C, A, B, matrix_view(S.data, 8, 8)), "transpose", "8x16", "8x8");
    CHECK_STOPS(matmul_nt(C, A, B, matrix_view(S.data, 8, 16)), "transpose", "8x16", "8x16");
}

/* What has no terms is zero, and what has no rows or columns is nothing. */
Test(product, empty_sums_are_zero, .timeout = 5)
{
    MATRIX(C, 3, 5);
    fill_with(C.data, 15, 1e3);
    matmul(C, matrix_view(NULL, 3, 0), matrix_view(NULL, 0, 5));
    for (size_t k = 0; k < 15; k++) {
        cr_assert(C.data[k] == 0, "a sum of no terms is %g", C.data[k]);
    }
    fill_with(C.data, 15, 1e3);
    matmul(matrix_view(C.data, 0, 5), matrix_view(NULL, 0, 3), matrix_view(C.data, 3, 5));
    cr_assert(C.data[0] == 1e3, "a product without rows wrote something");
}
