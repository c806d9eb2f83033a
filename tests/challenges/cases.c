/* cases.c: what each part is tried on.  Every number comes from a hash of its place, so that all
   tensors differ, have both signs, and are the same on every machine. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"
#include "bugs.h"

/* between -2 and 2 (Steele, Lea and Flood 2014: SplitMix) */
static double hash(uint64_t i)
{
    i = (i + 1) * 0x9e3779b97f4a7c15;
    i = (i ^ i >> 30) * 0xbf58476d1ce4e5b9;
    i = (i ^ i >> 27) * 0x94d049bb133111eb;
    return (double)((i ^ i >> 31) >> 11) * 0x1p-51 - 2;
}

static void *block(size_t bytes)
{
    void *b = calloc(bytes ? bytes : 1, 1);
    if (!b) {
        fputs("board: not enough memory\n", stderr);
        exit(2);
    }
    return b;
}

/* Numbers that are to be overwritten begin as large ones, which nobody takes for results. */
static Tensor *add(Case *c, const char *name, size_t rows, size_t cols, Role role)
{
    Tensor *t = &c->tensor[c->tensors++];
    size_t count = rows * cols;
    *t = (Tensor){ name, rows, cols, role, block(count * sizeof(double)), NULL, NULL };
    for (size_t i = 0; i < count; i++)
        t->before[i] = hash((c->seed * MAX_TENSORS + c->tensors) * 1000000 + i) * (role == MADE ? 100 : 1);
    return t;
}

static void scalar(Case *c, const char *name, double value, Role role)
{
    *add(c, name, 1, 1, role)->before = value;
}

static void constant(Case *c, const char *name, double value)
{
    if (isfinite(value) && value != 0)
        c->constant[c->constants++] = (Constant){ name, value };
}

/* of every case: what a batch of N rows is easily multiplied by */
static Case *new_case(Case *c, uint64_t seed, size_t N)
{
    *c = (Case){ .N = N, .training = true, .seed = seed };
    constant(c, "-1", -1);
    constant(c, "2", 2);
    constant(c, "1/2", 0.5);
    if (N) {
        double n = (double)N;
        constant(c, "N", n);
        constant(c, "1/N", 1 / n);
        constant(c, "N^2", n * n);
        constant(c, "1/N^2", 1 / (n * n));
        constant(c, "N/(N-1)", n / (n - 1));
        constant(c, "(N-1)/N", (n - 1) / n);
    }
    return c;
}

static void averaging(Case *c, double beta)
{
    constant(c, "beta", beta);
    constant(c, "1-beta", 1 - beta);
    constant(c, "1/beta", 1 / beta);
    constant(c, "1/(1-beta)", 1 / (1 - beta));
    constant(c, "beta/(1-beta)", beta / (1 - beta));
    constant(c, "(1-beta)/beta", (1 - beta) / beta);
}

static void positive(Tensor *t)
{
    for (size_t i = 0; i < t->rows * t->cols; i++)
        t->before[i] = t->before[i] * t->before[i] + 0.05;
}

/* 1a, 1b, 1c */
static void optimizer_case(Case *c, char part, uint64_t seed, size_t count, double beta, double beta2,
                           double epsilon, size_t t)
{
    double rate = beta == 0.9 ? 0.25 : 0.7;
    new_case(c, seed, 0);
    averaging(c, beta);
    constant(c, "the rate", rate);
    constant(c, "1/rate", 1 / rate);
    if (part == 'c')
        scalar(c, "o->t", (double)t, MOVES);
    if (part != 'a')
        add(c, "o->m", 1, count, part == 'b' ? MOVES : STAYS);
    Tensor *v = add(c, "o->v", 1, count, part == 'c' ? STAYS : MOVES);
    if (part != 'a')
        positive(v);
    if (part != 'b')
        add(c, "params", 1, count, MOVES);
    if (part != 'c')
        add(c, "grads", 1, count, STAYS);
    scalar(c, "o->rate", rate, STAYS);
    scalar(c, "o->beta", beta, STAYS);
    scalar(c, "o->beta2", beta2, STAYS);
    scalar(c, "o->epsilon", epsilon, STAYS);
    if (part != 'c')
        scalar(c, "o->t", (double)t, STAYS);
}

static size_t optimizer_cases(Case *cases, char part)
{
    optimizer_case(&cases[0], part, 1, 5, 0.9, 0.999, 1e-8, 0);
    optimizer_case(&cases[1], part, 2, 4, 0.9, 0.999, 1e-8, 4);
    optimizer_case(&cases[2], part, 3, 3, 0.6, 0.8, 0.125, 2);
    optimizer_case(&cases[3], part, 4, 1, 0.4, 0.7, 1e-8, 1);
    return 4;
}

/* 2a, 2b, 2c; the three have X, gamma and beta in common */
static void batchnorm_case(Case *c, char part, uint64_t seed, size_t N, size_t d, double offset, double spread)
{
    new_case(c, seed, N);
    c->training = part != 'c';
    if (part != 'b') {
        constant(c, "rho", 0.9);
        constant(c, "1-rho", 0.1);
        constant(c, "rho/(1-rho)", 9);
        constant(c, "1/(1-rho)", 10);
    }
    Tensor *X = add(c, "X", N, d, STAYS);
    for (size_t i = 0; i < N * d; i++)
        X->before[i] = offset + spread * X->before[i];
    add(c, "n.gamma", 1, d, STAYS);
    add(c, "n.beta", 1, d, STAYS);
    if (part == 'b') {
        add(c, "dZ", N, d, STAYS);
        add(c, "n.Xhat", N, d, STAYS);      /* the board puts in what belongs to X */
        add(c, "n.inverse", 1, d, STAYS);
        add(c, "n.dbeta", 1, d, MADE);
        add(c, "n.dgamma", 1, d, MADE);
        add(c, "dX", N, d, MADE);
    } else {
        add(c, "n.dgamma", 1, d, STAYS);
        add(c, "n.dbeta", 1, d, STAYS);
        add(c, "n.inverse", 1, d, part == 'a' ? MADE : STAYS);
        if (part == 'a')
            add(c, "n.Xhat", N, d, MADE);
        add(c, "Z", N, d, MADE);
    }
    add(c, "n.mean", 1, d, part == 'a' ? MOVES : STAYS);
    positive(add(c, "n.var", 1, d, part == 'a' ? MOVES : STAYS));
}

static size_t batchnorm_cases(Case *cases, char part)
{
    batchnorm_case(&cases[0], part, 11, 4, 3, 0.3, 1);
    batchnorm_case(&cases[1], part, 12, 2, 3, -0.5, 1);
    batchnorm_case(&cases[2], part, 13, 5, 1, 0, 2);
    batchnorm_case(&cases[3], part, 14, 1, 2, 0, 1);
    batchnorm_case(&cases[4], part, 15, 4, 2, 1000, 0.1);
    if (part == 'a')
        cases[4].trap = "the shortcut, mean of the squares less square of the mean, loses the digits when X is far from 0";
    return 5;
}

/* 3a, 3b */
static Case *dropout_case(Case *c, uint64_t seed, size_t N, size_t d, double p, bool training)
{
    new_case(c, seed, N);
    c->training = training;
    constant(c, "p", p);
    constant(c, "1/p", 1 / p);
    constant(c, "1-p", 1 - p);
    constant(c, "1/(1-p)", 1 / (1 - p));
    constant(c, "(1-p)^2", (1 - p) * (1 - p));
    constant(c, "1/(1-p)^2", 1 / ((1 - p) * (1 - p)));
    add(c, "X", N, d, STAYS);
    scalar(c, "d->p", p, STAYS);
    return c;
}

static void forward_case(Case *c, uint64_t seed, size_t N, size_t d, double p, bool training)
{
    dropout_case(c, seed, N, d, p, training);
    if (training)
        add(c, "M", N, d, MADE);
    add(c, "Z", N, d, MADE);
    scalar(c, "d->rng", 0, training ? FREE : STAYS);     /* 1 where it was drawn from */
}

/* properties.c knows these by their numbers */
static size_t forward_cases(Case *cases)
{
    forward_case(&cases[0], 21, 4, 3, 0.3, true);
    forward_case(&cases[1], 22, 1000, 200, 0.3, true);
    forward_case(&cases[2], 23, 20, 10, 0.5, true);
    forward_case(&cases[3], 23, 20, 10, 0.5, true);
    forward_case(&cases[4], 24, 20, 10, 0.5, true);
    forward_case(&cases[5], 25, 3, 2, 0, true);
    forward_case(&cases[6], 26, 3, 2, 0.3, false);
    return 7;
}

static void backward_case(Case *c, uint64_t seed, size_t N, size_t d, double p)
{
    dropout_case(c, seed, N, d, p, true);
    add(c, "dZ", N, d, STAYS);
    Tensor *M = add(c, "M", N, d, STAYS);
    for (size_t i = 0; i < N * d; i++)
        M->before[i] = M->before[i] < -0.5 ? 0 : 1 / (1 - p);
    add(c, "dX", N, d, MADE);
    scalar(c, "d->rng", 0, STAYS);
}

static size_t backward_cases(Case *cases)
{
    backward_case(&cases[0], 31, 4, 3, 0.3);
    backward_case(&cases[1], 32, 2, 3, 0.4);
    backward_case(&cases[2], 33, 5, 1, 0.2);
    return 3;
}

/* 4a */
static void catch_case(Case *c, uint64_t seed, int kind, size_t N, size_t d_in, size_t d_out)
{
    new_case(c, seed, N);
    c->kind = kind;
    add(c, "X", N, d_in, STAYS);
    add(c, "l->W", d_in, d_out, STAYS);
    add(c, "l->b", 1, d_out, STAYS);
    add(c, "G", N, d_out, STAYS);
    add(c, "Z", N, d_out, FREE);
    add(c, "dX", N, d_in, FREE);
    add(c, "l->dW", d_in, d_out, FREE);
    add(c, "l->db", 1, d_out, FREE);
    scalar(c, "answer", -1, MADE);
}

static size_t catch_cases(Case *cases)
{
    for (int kind = 0; kind < BUGS; kind++) {
        catch_case(&cases[2 * kind], 41, kind, 4, 3, 2);
        catch_case(&cases[2 * kind + 1], 42, kind, 3, 2, 4);
    }
    return 2 * BUGS;
}

size_t make_cases(const char *part, Case cases[MAX_CASES])
{
    switch (part[0]) {
    case '1': return optimizer_cases(cases, part[1]);
    case '2': return batchnorm_cases(cases, part[1]);
    case '3': return part[1] == 'a' ? forward_cases(cases) : backward_cases(cases);
    case '4': return catch_cases(cases);
    default: return 0;
    }
}

Tensor *find_tensor(Case *c, const char *name)
{
    for (size_t t = 0; t < c->tensors; t++)
        if (!strcmp(c->tensor[t].name, name))
            return &c->tensor[t];
    return NULL;
}
