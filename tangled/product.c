/* Generated from nn.nw; edit there. product.c: the three products by tiles, for GCC and Clang */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "product.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif
#pragma GCC diagnostic ignored "-Wpsabi"    /* all is inlined */
#define INLINE static inline __attribute__((always_inline))
#define ASIDE static __attribute__((noinline))
#ifdef __clang__
#define EACH(i, n) _Pragma("clang loop unroll(full)") \
    for (size_t i = 0; i < (n); i++)
#define FOUR_TIMES _Pragma("clang loop unroll_count(4)")
#else
#define EACH(i, n) \
    _Pragma("GCC unroll 8") for (size_t i = 0; i < (n); i++)
#define FOUR_TIMES _Pragma("GCC unroll 4")
#endif
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
enum { LANES = BYTES / sizeof(double), WIDE = 2 * LANES };
typedef double Vector __attribute__((vector_size(BYTES)));

INLINE Vector load(const double *from)
{
    Vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

INLINE void store(double *to, Vector v)
{
    memcpy(to, &v, sizeof v);
}

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
    size_t A_tile;               /* in A to the next tile: per row */
    bool more;                   /* go on with the sums that C has */
    const double *plus;          /* a row, added at the end, or NULL */
} Part;
ASIDE void copy_edge(double *edge, const Part *s, size_t top,
                     size_t rows, bool back)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < s->cols; k++) {
            double *c = s->C + (top + i) * s->C_down + k;
            double *e = edge + i * WIDE + k;
            if (back)
                *c = *e + (s->plus ? s->plus[k] : 0);
            else
                *e = *c;
        }
}
INLINE void tile(const Part *s, size_t top, size_t rows,
                 size_t vectors)
{
    Vector sum[HIGH][2] = { { { 0 } } };
    double *C = s->C + top * s->C_down;
    const double *A = s->A + top * s->A_tile, *B = s->B;
    size_t C_down = s->C_down;
    bool cut = s->cols % LANES;
    _Alignas(BYTES) double edge[HIGH * WIDE];
    if (cut) {
        C = edge;
        C_down = WIDE;
        if (s->more)
            copy_edge(edge, s, top, rows, false);
    }
    if (s->more)
        EACH(i, rows) EACH(v, vectors)
            sum[i][v] = load(C + i * C_down + v * LANES);
    FOUR_TIMES for (size_t j = 0; j < s->depth; j++) {
        Vector b[2];
        EACH(v, vectors) b[v] = load(B + v * LANES);
        EACH(i, rows) EACH(v, vectors)
            sum[i][v] = add_product(sum[i][v], A[i * s->A_down], b[v]);
        A += s->A_right;
        B += s->B_down;
    }
    if (s->plus && !cut)
        EACH(v, vectors) {
            Vector b = load(s->plus + v * LANES);
            EACH(i, rows) sum[i][v] += b;
        }
    EACH(i, rows) EACH(v, vectors)
        store(C + i * C_down + v * LANES, sum[i][v]);
    if (cut)
        copy_edge(edge, s, top, rows, true);
}
INLINE void tiles(const Part *s, size_t vectors)
{
    size_t i = 0;
    for (; i + HIGH <= s->rows; i += HIGH)
        tile(s, i, HIGH, vectors);
    switch (s->rows - i) {
    case 1: tile(s, i, 1, vectors); break;
    case 2: tile(s, i, 2, vectors); break;
    case 3: tile(s, i, 3, vectors); break;
    case 4: tile(s, i, 4, vectors); break;
    case 5: tile(s, i, 5, vectors); break;
    #if HIGH == 8
    case 6: tile(s, i, 6, vectors); break;
    case 7: tile(s, i, 7, vectors); break;
    #endif
    }
}

INLINE void any_strip(const Part *s)
{
    if (s->cols > LANES)
        tiles(s, 2);
    else
        tiles(s, 1);
}

#if defined __x86_64__ && !defined __FMA__
__attribute__((target("avx2,fma")))
static void strip_with_fma(const Part *s)
{
    any_strip(s);
}

static void strip(const Part *s)
{
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        strip_with_fma(s);
    else
        any_strip(s);
}
#else
#define strip any_strip
#endif
enum { TALL = 128 / HIGH * HIGH, DEEP = 256, BROAD = 512 };
enum { LARGE = 1 << 20 };        /* multiplications */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}
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
static void pack_row(double *to, const double *from, size_t cols)
{
    for (; cols >= WIDE; cols -= WIDE, from += WIDE,
                         to += DEEP * WIDE)
        memcpy(to, from, WIDE * sizeof *to);
    for (size_t k = 0; cols && k < WIDE; k++)
        to[k] = k < cols ? from[k] : 0;
}
static void pack_block(double *to, const Part *s)
{
    if (s->A_down == 1)
        for (size_t j = 0; j < s->depth; j++)
            for (size_t top = 0; top < s->rows; top += HIGH)
                memcpy(to + top * DEEP + j * HIGH,
                       s->A + top + j * s->A_right,
                       least(s->rows - top, HIGH) * sizeof *to);
    else
        for (size_t i = 0; i < s->rows; i++)
            for (size_t j = 0; j < s->depth; j++)
                to[i / HIGH * HIGH * DEEP + j * HIGH + i % HIGH]
                    = s->A[i * s->A_down + j * s->A_right];
}
static void multiply_small(Part all)
{
    _Alignas(BYTES) double panel[DEEP * WIDE];
    for (size_t j = 0; j == 0 || j < all.depth; j += DEEP)
        for (size_t k = 0; k < all.cols; k += WIDE) {
            Part s = part(&all, 0, j, k, all.rows, DEEP, WIDE);
            if (s.cols % LANES) {
                for (size_t r = 0; r < s.depth; r++)
                    pack_row(panel + r * WIDE, s.B + r * s.B_down,
                             s.cols);
                s.B = panel;
                s.B_down = WIDE;
            }
            strip(&s);
        }
}
static void multiply_block(Part s, const double *panels, double *packed)
{
    pack_block(packed, &s);
    s.A = packed;
    s.A_down = 1;
    s.A_right = HIGH;
    s.A_tile = DEEP;
    for (size_t k = 0; k < s.cols; k += WIDE) {
        Part one = part(&s, 0, 0, k, s.rows, DEEP, WIDE);
        one.B = panels + k * DEEP;
        one.B_down = WIDE;
        strip(&one);
    }
}
static void multiply_large(Part all)
{
    size_t room = (DEEP * BROAD + TALL * DEEP) * sizeof(double);
    double *panels = aligned_alloc(BYTES, room);
    if (!panels) {
        multiply_small(all);
        return;
    }
    for (size_t k = 0; k < all.cols; k += BROAD)
        for (size_t j = 0; j < all.depth; j += DEEP) {
            Part s = part(&all, 0, j, k, all.rows, DEEP, BROAD);
            for (size_t r = 0; r < s.depth; r++)
                pack_row(panels + r * WIDE, s.B + r * s.B_down,
                         s.cols);
            for (size_t i = 0; i < s.rows && !interrupted(); i += TALL)
                multiply_block(part(&s, i, 0, 0, TALL, DEEP, BROAD),
                               panels, panels + DEEP * BROAD);
        }
    free(panels);
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
static void multiply(Matrix C, const double *A, size_t down,
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
        multiply_small(all);
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
    transpose(scratch, B);
    matmul(C, A, scratch);
}
