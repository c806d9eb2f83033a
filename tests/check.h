/* Small helpers that the suites share. Nothing here is the package's own
   check: differences are taken again, so that a fault in gradcheck.c can't
   hide one in layer.c. */
#ifndef CHECK_H
#define CHECK_H

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layer.h"
#include "matrix.h"

/* A Matrix named A over numbers of its own, all zero; lives in its block. */
#define MATRIX(A, rows, cols)                                                  \
    double A##_numbers[(rows) * (cols)] = { 0 };                               \
    Matrix A = matrix_view(A##_numbers, (rows), (cols))

/* A Matrix named A that holds the numbers that follow, row by row. */
#define MATRIX_OF(A, rows, cols, ...)                                          \
    double A##_numbers[(rows) * (cols)] = { __VA_ARGS__ };                     \
    Matrix A = matrix_view(A##_numbers, (rows), (cols))

#define relu_layer(width) activation_layer("relu", width)

/* The step of a loop over what is much the same: 1, or with SPARSE set, as where each takes long, a larger one. */
static inline size_t sparse(size_t step)
{
    return getenv("SPARSE") ? step : 1;
}

/* The k-th number of sequence salt: in (-1,1), signed, all different. */
static inline double number(uint64_t salt, uint64_t k)
{
    uint64_t x = (salt + 1) * 0x9e3779b97f4a7c15u + (k + 1) * 0xd1b54a32d192ed03u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    return ((double)(x >> 11) + 0.5) / 4503599627370496.0 - 1.0;
}

static inline void fill_numbers(double *x, size_t count, uint64_t salt)
{
    for (size_t k = 0; k < count; k++) {
        x[k] = number(salt, k);
    }
}

static inline void fill(Matrix A, uint64_t salt)
{
    fill_numbers(A.data, A.rows * A.cols, salt);
}

static inline void fill_with(double *x, size_t count, double value)
{
    for (size_t k = 0; k < count; k++) {
        x[k] = value;
    }
}

/* Labels 0 and 1, about as many of each, in no simple order. */
static inline void fill_labels(Matrix Y, uint64_t salt)
{
    for (size_t i = 0; i < Y.rows; i++) {
        Y.data[i] = number(salt, i) > 0.0 ? 1.0 : 0.0;
    }
    Y.data[0] = 1.0;
    Y.data[Y.rows - 1] = 0.0;
}

/* With MEASURED set, the worst error of the running test goes to the file of that name, each time that it grows;
   the book as a page shows it beside the test. */
static inline void measure(double error)
{
    static double worst = -1.0;
    const char *name = getenv("MEASURED");
    FILE *file = name && error > worst ? fopen(name, "a") : NULL;
    if (!file) {
        return;
    }
    worst = error;
    fprintf(file, "%s/%s\t%.2g\n", criterion_current_test->category, criterion_current_test->name, error);
    fclose(file);
}

/* |a - b| / max(|a|, |b|, floor), and infinite where either is not a number */
static inline double relative_error(double a, double b, double floor)
{
    double size = fmax(fmax(fabs(a), fabs(b)), floor);
    double error = isfinite(a) && isfinite(b) ? fabs(a - b) / size : INFINITY;
    measure(error);
    return error;
}

static inline void check_bits(const double *got, const double *expected,
                              size_t count, const char *what)
{
    for (size_t k = 0; k < count; k++) {
        cr_assert(memcmp(&got[k], &expected[k], sizeof got[k]) == 0,
                  "%s: number %zu is %.17g and should be %.17g, to the last bit",
                  what, k, got[k], expected[k]);
    }
}

/* The loss and the gradient of a batch in which every row comes twice must be
   those of each row once; the loss is a thousand times nearer. */
static inline void check_twice(double loss, double loss_once, const double *grads,
                               const double *once, size_t count, double limit)
{
    cr_assert_float_eq(loss, loss_once, 1e-3 * limit,
                       "every row twice: the loss is %.17g, it was %.17g", loss, loss_once);
    for (size_t k = 0; k < count; k++) {
        cr_assert(relative_error(grads[k], once[k], 1e-3) < limit,
                  "every row twice: gradient %zu is %.12g, it was %.12g (ratio %.6g)", k,
                  grads[k], once[k], grads[k] / once[k]);
    }
}

/* Every number within `limit`, relative, of what it should be. */
static inline void check_near(const double *got, const double *expected,
                              size_t count, double limit, const char *what)
{
    for (size_t k = 0; k < count; k++) {
        cr_assert(relative_error(got[k], expected[k], 1e-300) <= limit,
                  "%s: number %zu is %.17g and should be %.17g (within %g)",
                  what, k, got[k], expected[k], limit);
    }
}

static inline void check_matrix(Matrix got, Matrix expected, double limit,
                                const char *what)
{
    for (size_t i = 0; i < expected.rows; i++) {
        for (size_t j = 0; j < expected.cols; j++) {
            double g = AT(got, i, j), e = AT(expected, i, j);
            cr_assert(relative_error(g, e, 1.0) <= limit,
                      "%s[%zu][%zu] is %.17g and should be %.17g", what, i, j,
                      g, e);
        }
    }
}

static inline double inner(Matrix A, Matrix B)
{
    long double sum = 0.0L;
    for (size_t k = 0; k < A.rows * A.cols; k++) {
        sum += (long double)A.data[k] * (long double)B.data[k];
    }
    return (double)sum;
}

/* ---- a lone layer against differences -------------------------------- */

typedef struct {
    Layer *layer;
    Matrix Z, X, R; /* the loss is the sum of R times Z: a random projection */
    Mode mode;
} Lone;

static inline double lone_loss(Lone *lone)
{
    lone->layer->forward(lone->Z, lone->layer, lone->X, lone->mode);
    return inner(lone->R, lone->Z);
}

/* Moves each of x by h up and down; compares with the gradient, signed. */
static inline void check_differences(Lone *lone, double *x, const double *grad,
                                     size_t count, const char *what)
{
    double biggest = 0.0;
    for (size_t k = 0; k < count; k++) {
        double old = x[k], h = 1e-5 * fmax(1.0, fabs(old));
        double up = old + h, down = old - h;
        x[k] = up;
        double f_up = lone_loss(lone);
        x[k] = down;
        double f_down = lone_loss(lone);
        x[k] = old;
        double n = (f_up - f_down) / (up - down);
        cr_assert(relative_error(grad[k], n, 1e-7) < 1e-6,
                  "%s of the %s layer, entry %zu (N = %zu, d_in = %zu, "
                  "d_out = %zu): backward says %.12g, the difference of two "
                  "forward passes says %.12g (ratio %.6g)",
                  what, lone->layer->name, k, lone->X.rows, lone->layer->d_in,
                  lone->layer->d_out, grad[k], n, grad[k] / n);
        biggest = fmax(biggest, fabs(grad[k]));
    }
    cr_assert(count == 0 || biggest > 0.0,
              "%s of the %s layer is zero everywhere: nothing was checked", what,
              lone->layer->name);
}

/* Every W, every b and every X of one layer. Sizes up to 64 numbers a tensor. */
static inline void check_layer(Layer layer, size_t rows, uint64_t salt)
{
    double params[128], grads[128], scratch[64], x[64], z[64], r[64], dx[64];
    size_t n_params = layer_params(&layer);
    cr_assert(n_params <= 128 && rows * layer.d_in <= 64 &&
              rows * layer.d_out <= 64 && layer.d_in * layer.d_out <= 64);
    layer_bind(&layer, params, grads, scratch);
    fill_numbers(params, n_params, salt);
    fill_with(grads, n_params, 1e3); /* must be overwritten */
    fill_with(dx, 64, 1e3);
    fill_with(scratch, 64, NAN); /* nobody may read what is there */
    Lone lone = { .layer = &layer,
                  .Z = matrix_view(z, rows, layer.d_out),
                  .X = matrix_view(x, rows, layer.d_in),
                  .R = matrix_view(r, rows, layer.d_out),
                  .mode = TRAINING };
    Matrix dX = matrix_view(dx, rows, layer.d_in);
    fill(lone.X, salt + 1);
    fill(lone.R, salt + 2);
    layer.forward(lone.Z, &layer, lone.X, TRAINING);
    layer.backward(dX, &layer, lone.R, lone.X);
    size_t n_weights = n_params == 0 ? 0 : layer.d_in * layer.d_out;
    check_differences(&lone, params, grads, n_weights, "dW");
    check_differences(&lone, params + n_weights, grads + n_weights,
                      n_params - n_weights, "db");
    check_differences(&lone, x, dx, rows * layer.d_in, "dX");
}

/* ---- calls that must stop the program -------------------------------- */

typedef struct {
    int pipe[2];
    pid_t child;
} Stopped;

/* True in a child process, whose standard error goes to the parent. */
static inline bool stopped_child(Stopped *s)
{
    cr_assert(pipe(s->pipe) == 0);
    s->child = fork();
    cr_assert(s->child >= 0);
    if (s->child > 0) {
        close(s->pipe[1]);
        return false;
    }
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGABRT, SIG_DFL);
    dup2(s->pipe[1], STDERR_FILENO);
    close(s->pipe[0]);
    close(s->pipe[1]);
    return true;
}

/* The child must have aborted, saying all the words (a list ended by NULL). */
static inline void check_stopped(Stopped *s, const char *call, ...)
{
    char said[1024];
    size_t length = 0;
    ssize_t got;
    while (length < sizeof said - 1 &&
           (got = read(s->pipe[0], said + length, sizeof said - 1 - length)) > 0) {
        length += (size_t)got;
    }
    said[length] = '\0';
    close(s->pipe[0]);
    int status = 0;
    waitpid(s->child, &status, 0);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
              "%s must stop the program, and it went on (or died of something "
              "else); it said: '%s'", call, said);
    va_list words;
    va_start(words, call);
    for (const char *w; (w = va_arg(words, const char *)) != NULL;) {
        cr_assert(strstr(said, w) != NULL,
                  "%s stops, but its sentence doesn't say '%s': '%s'", call, w,
                  said);
    }
    va_end(words);
    cr_assert(length > 0 && said[length - 1] == '\n', "%s ends its sentence without a new line", call);
}

/* CHECK_STOPS(call, word, ...): the call aborts, and its sentence on standard
   error holds each of the words: the function's name, both shapes. */
#define CHECK_STOPS(call, ...)                                                 \
    do {                                                                       \
        Stopped stopped_;                                                      \
        if (stopped_child(&stopped_)) {                                        \
            call;                                                              \
            _exit(0);                                                          \
        }                                                                      \
        check_stopped(&stopped_, #call, __VA_ARGS__, (const char *)NULL);      \
    } while (0)

#endif
