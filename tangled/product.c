/* Generated from nn.nw (MIT licence); edit there. product.c: the products by tiles, for GCC from 10 on, and Clang */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "product.h"

#if defined __FMA__ || defined __AVX512F__
#include <immintrin.h>           /* long, so only where used */
#endif
#ifndef FMA
#define FMA fma
#endif
#define INLINE static inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#define BY_TWOS _Pragma("clang loop unroll_count(2)")
#else
#define UNROLLED _Pragma("GCC unroll 8")
#define BY_TWOS _Pragma("GCC unroll 2")
#endif
#define EACH(i, n) UNROLLED for (size_t i = 0; i < (n); i++)
#ifdef _OPENMP
#include <omp.h>
#define THREADS ((size_t)omp_get_max_threads())
#define IN_PARALLEL _Pragma("omp parallel for schedule(static)")
#else
#define THREADS ((size_t)1)
#define IN_PARALLEL
#endif
#if defined __x86_64__ && defined __AVX512F__
#define HIGH 8
#define FUSED _mm512_fmadd_pd
enum { BYTES = 64 };
#elif defined __x86_64__
#define HIGH 6
#ifdef __FMA__
#define FUSED _mm256_fmadd_pd
#endif
enum { BYTES = 32 };
#else
#define HIGH 6
enum { BYTES = 16 };
#endif
#pragma GCC diagnostic ignored "-Wpsabi"    /* all is inlined */
enum { LANES = BYTES / sizeof(double), WIDE = 2 * LANES };
enum { BROADEST = 4 };           /* vectors of a tile of few rows */
typedef double Vector __attribute__((vector_size(BYTES)));

INLINE Vector load(const double *from)
{
    Vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

INLINE void store(double *to, Vector v) { memcpy(to, &v, sizeof v); }

INLINE Vector add_product(Vector sum, double a, Vector b)
{
#ifdef FUSED
    sum = FUSED(a - (Vector){ 0 }, b, sum);
#else
    for (size_t l = 0; l < LANES; l++)
        sum[l] = fma(a, b[l], sum[l]);
#endif
    return sum;
}
typedef struct {
    size_t rows, cols, depth;    /* depth: terms of each sum */
    double *C;
    const double *A, *B;
    size_t C_down, B_down;       /* from one row to the next */
    size_t A_down, A_right;      /* for A also from j to j + 1 */
    size_t A_tile;               /* in A to the next tiles: per row */
    bool more;                   /* go on with the sums that C has */
    const double *plus;          /* a row, added at the end, or NULL */
} Part;
INLINE void tile(Part s, size_t k, size_t rows, size_t vectors)
{
    Vector sum[HIGH][BROADEST] = { { { 0 } } };
    double *C = s.C + k;
    const double *A = s.A, *B = s.B + k;
    if (s.more)
        EACH(i, rows) EACH(v, vectors)
            sum[i][v] = load(C + i * s.C_down + v * LANES);
    BY_TWOS for (size_t j = 0; j < s.depth; j++) {
        Vector b[BROADEST];
        EACH(v, vectors) b[v] = load(B + v * LANES);
        EACH(i, rows) EACH(v, vectors)
            sum[i][v] = add_product(sum[i][v], A[i * s.A_down], b[v]);
        A += s.A_right;
        B += s.B_down;
    }
    if (s.plus)
        EACH(i, rows) EACH(v, vectors)
            sum[i][v] += load(s.plus + k + v * LANES);
    EACH(i, rows) EACH(v, vectors)
        store(C + i * s.C_down + v * LANES, sum[i][v]);
}
INLINE void tiles_across(Part s, size_t i, size_t rows)
{
    size_t k = 0;
    s.C += i * s.C_down;
    s.A += i / HIGH * HIGH * s.A_tile + i % HIGH * s.A_down;
    if (rows <= 2)
        for (; k + 2 * WIDE <= s.cols; k += 2 * WIDE)
            tile(s, k, rows, BROADEST);
    for (; k + WIDE <= s.cols; k += WIDE)
        tile(s, k, rows, 2);
    for (; k + LANES <= s.cols; k += LANES)
        tile(s, k, rows, 1);
    if (k < s.cols)
        tile(s, s.cols - LANES, rows, 1);
}
INLINE void tiles_down(Part s)
{
    size_t i = 0;
    for (; i + HIGH <= s.rows; i += HIGH)
        tiles_across(s, i, HIGH);
    for (; i + 4 <= s.rows; i += 4)
        tiles_across(s, i, 4);
    for (; i + 2 <= s.rows; i += 2)
        tiles_across(s, i, 2);
    if (i < s.rows)
        tiles_across(s, i, 1);
}
#if HIGH == 8 && __has_builtin(__builtin_shufflevector) \
    && !defined double           /* a macro in the benchmark's floats */
#define MIX __builtin_shufflevector
INLINE void turn(Vector a[8], const double *from, size_t down)
{
    Vector b[8];
    EACH(i, 8) b[i] = load(from + i * down);
    EACH(i, 8)
        a[i] = i & 4 ? MIX(b[i - 4], b[i], 4, 5, 6, 7, 12, 13, 14, 15)
                     : MIX(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    EACH(i, 8)
        b[i] = i & 2 ? MIX(a[i - 2], a[i], 2, 3, 10, 11, 6, 7, 14, 15)
                     : MIX(a[i], a[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    EACH(i, 8)
        a[i] = i & 1 ? MIX(b[i - 1], b[i], 1, 9, 3, 11, 5, 13, 7, 15)
                     : MIX(b[i], b[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
}
INLINE void eight_of(Part s, size_t i, size_t k)
{
    Vector sum = { 0 }, columns[8];
    const double *A = s.A + i * s.A_down, *B = s.B + k;
    for (size_t j = 0; j + 8 <= s.depth; j += 8) {
        turn(columns, A + j, s.A_down);
        EACH(l, 8)
            sum = add_product(sum, B[(j + l) * s.B_down], columns[l]);
    }
    EACH(l, 8)
        s.C[(i + l) * s.C_down + k] = sum[l] + (s.plus ? s.plus[k] : 0);
}
static void transpose_squares(Matrix T, Matrix A)
{
    bool fits = T.rows == A.cols && T.cols == A.rows;
    if (!fits || A.rows % 8 || A.cols % 8) {
        transpose(T, A);
        return;
    }
    for (size_t i = 0; i < A.rows; i += 8)
        for (size_t j = 0; j < A.cols; j += 8) {
            Vector columns[8];
            turn(columns, &AT(A, i, j), A.cols);
            EACH(l, 8) store(&AT(T, j + l, i), columns[l]);
        }
}
#else
#define transpose_squares transpose
#endif
INLINE void column_of(Part s, size_t i, size_t k, size_t rows)
{
    double sum[HIGH] = { 0 };
    const double *A = s.A + i * s.A_down, *B = s.B + k;
    for (size_t j = 0; j < s.depth; j++) {
        EACH(r, rows) sum[r] = FMA(A[r * s.A_down], *B, sum[r]);
        A += s.A_right;
        B += s.B_down;
    }
    EACH(r, rows)
        s.C[(i + r) * s.C_down + k] = sum[r] + (s.plus ? s.plus[k] : 0);
}

INLINE void narrow(Part s)
{
    for (size_t k = 0; k < s.cols; k++) {
        size_t i = 0;
#ifdef MIX
        if (s.A_right == 1 && s.depth % 8 == 0)
            for (; i + 8 <= s.rows; i += 8)
                eight_of(s, i, k);
#endif
        for (; i + HIGH <= s.rows; i += HIGH)
            column_of(s, i, k, HIGH);
        for (; i < s.rows; i++)
            column_of(s, i, k, 1);
    }
}
INLINE void any_part(const Part *p)
{
    Part s = *p;
    if (s.cols < LANES)
        narrow(s);
    else if (s.A_down == 1) {
        s.A_down = 1;
        tiles_down(s);
    } else
        tiles_down(s);
}

#if defined __x86_64__ && !defined __FMA__
__attribute__((target("avx2,fma")))
static void part_with_fma(const Part *s) { any_part(s); }

static void multiply_part(const Part *s)
{
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        part_with_fma(s);
    else
        any_part(s);
}
#else
#define multiply_part any_part
#endif
enum { TALL = 128 / HIGH * HIGH, DEEP = 264, BROAD = 512 };
enum { LARGE = 1 << 20 };        /* multiplications */

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static Part part(const Part *all, size_t i, size_t j, size_t k,
                  size_t rows, size_t depth, size_t cols)
{
    Part s = *all;
    s.rows = least(all->rows - i, rows);
    s.depth = least(all->depth - j, depth);
    s.cols = least(all->cols - k, cols);
    s.C += i * s.C_down + k;
    s.A += i * s.A_down + j * s.A_right;
    s.B += j * s.B_down + k;
    s.more = all->more || j > 0;
    if (s.plus)
        s.plus = j + depth < all->depth ? NULL : s.plus + k;
    return s;
}
INLINE void pack_panels(double *to, const double *from, size_t down,
                        size_t rows, size_t cols, size_t wide)
{
    for (size_t j = 0; j < rows; j++)
        for (size_t k = 0; k + wide <= cols; k += wide)
            memcpy(to + k * DEEP + j * wide, from + j * down + k,
                   wide * sizeof *to);
}
static void pack_block(double *to, Part s)
{
    size_t i = 0;
    if (s.A_down == 1) {
        pack_panels(to, s.A, s.A_right, s.depth, s.rows, HIGH);
        i = s.rows / HIGH * HIGH;
    }
    for (; i < s.rows; i += HIGH)
        for (size_t j = 0; j < s.depth; j++)
            for (size_t r = 0; r < HIGH && i + r < s.rows; r++)
                to[i * DEEP + j * HIGH + r] =
                    s.A[(i + r) * s.A_down + j * s.A_right];
}
static void multiply_block(Part s, const double *panels, double *packed)
{
    pack_block(packed, s);
    s.A = packed;
    s.A_down = 1;
    s.A_right = HIGH;
    s.A_tile = DEEP;
    for (size_t k = 0; k < s.cols; k += WIDE) {
        Part one = part(&s, 0, 0, k, s.rows, DEEP, WIDE);
        one.B = panels + k * DEEP;
        one.B_down = WIDE;
        multiply_part(&one);
    }
}
static void multiply_large(Part all)
{
    size_t room = DEEP * BROAD + TALL * DEEP + LANES;
    double *memory = malloc(room * sizeof *memory);
    size_t past = (uintptr_t)memory / sizeof *memory % LANES;
    double *panels = memory ? memory + LANES - past : NULL;
    size_t whole = panels ? all.cols / WIDE * WIDE : 0;
    for (size_t k = 0; k < whole; k += BROAD)
        for (size_t j = 0; j < all.depth; j += DEEP) {
            Part s = part(&all, 0, j, k, all.rows, DEEP,
                          least(whole - k, BROAD));
            pack_panels(panels, s.B, s.B_down, s.depth, s.cols, WIDE);
            for (size_t i = 0; i < s.rows && !interrupted(); i += TALL)
                multiply_block(part(&s, i, 0, 0, TALL, DEEP, BROAD),
                               panels, panels + DEEP * BROAD);
        }
    free(memory);
    if (whole < all.cols) {
        size_t from = least(whole, all.cols - least(all.cols, WIDE));
        Part s = part(&all, 0, 0, from, all.rows, all.depth, all.cols);
        multiply_part(&s);
    }
}
static size_t share(size_t whole, size_t step)
{
    return (whole + THREADS * step - 1) / (THREADS * step) * step;
}

static void multiply_shared(Part all)
{
    bool down = all.rows > all.cols;
    size_t rows = down ? share(all.rows, HIGH) : all.rows;
    size_t cols = down ? all.cols : share(all.cols, WIDE);
    IN_PARALLEL
    for (size_t t = 0; t < THREADS; t++) {
        size_t i = down ? t * rows : 0, k = down ? 0 : t * cols;
        if (i < all.rows && k < all.cols)
            multiply_large(part(&all, i, 0, k, rows, all.depth,
                                cols));
    }
}
INLINE void multiply(Matrix C, const double *A, size_t down,
                     size_t right, Matrix B, const double *plus)
{
    Part all = { .rows = C.rows, .cols = C.cols, .depth = B.rows,
                  .C = C.data, .A = A, .B = B.data, .C_down = C.cols,
                  .B_down = B.cols, .A_down = down, .A_right = right,
                  .A_tile = down, .plus = plus };
    if (C.cols == 1 && right > 1)
        all = (Part){ .rows = 1, .cols = C.rows, .depth = B.rows,
                       .C = C.data, .A = B.data, .B = A, .C_down = C.rows,
                       .B_down = right, .A_down = 1, .A_right = 1,
                       .A_tile = 1 };
    if (C.rows * C.cols * B.rows > LARGE)
        multiply_shared(all);
    else
        multiply_part(&all);
}
void matmul(Matrix C, Matrix A, Matrix B)
{
    if (A.cols != B.rows || C.rows != A.rows || C.cols != B.cols)
        stop("matmul: %zux%zu times %zux%zu into %zux%zu", A.rows, A.cols,
             B.rows, B.cols, C.rows, C.cols);
    multiply(C, A.data, A.cols, 1, B, NULL);
}

void matmul_plus(Matrix C, Matrix A, Matrix B, Matrix b)
{
    if (A.cols != B.rows || C.rows != A.rows || C.cols != B.cols)
        stop("matmul: %zux%zu times %zux%zu into %zux%zu", A.rows, A.cols,
             B.rows, B.cols, C.rows, C.cols);
    if (b.rows != 1 || b.cols != C.cols)
        stop("matmul_plus: a bias of %zux%zu for %zu columns", b.rows,
             b.cols, C.cols);
    multiply(C, A.data, A.cols, 1, B, b.data);
}
void matmul_tn(Matrix C, Matrix A, Matrix B)
{
    if (A.rows != B.rows || C.rows != A.cols || C.cols != B.cols)
        stop("matmul_tn: (%zux%zu)^T times %zux%zu into %zux%zu", A.rows,
             A.cols, B.rows, B.cols, C.rows, C.cols);
    multiply(C, A.data, 1, A.cols, B, NULL);
}
void matmul_nt(Matrix C, Matrix A, Matrix B, Matrix scratch)
{
    if (A.cols != B.cols || C.rows != A.rows || C.cols != B.rows)
        stop("matmul_nt: %zux%zu times (%zux%zu)^T into %zux%zu", A.rows,
             A.cols, B.rows, B.cols, C.rows, C.cols);
    transpose_squares(scratch, B);
    matmul(C, A, scratch);
}
