/* cases.c: what each part is tried on.  Every number comes from a hash of its place, so that all
   tensors differ, have both signs, and are the same on every machine. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

/* between -2 and 2 (Steele, Lea and Flood 2014: SplitMix) */
static double hash(uint64_t i)
{
    i = (i + 1) * 0x9e3779b97f4a7c15;
    i = (i ^ i >> 30) * 0xbf58476d1ce4e5b9;
    i = (i ^ i >> 27) * 0x94d049bb133111eb;
    return (double)((i ^ i >> 31) >> 11) * 0x1p-51 - 2;
}

void *zeroed(size_t bytes)
{
    void *memory = calloc(bytes + !bytes, 1);
    if (!memory) {
        fputs("board: not enough memory\n", stderr);
        exit(2);
    }
    return memory;
}

size_t entries(const Tensor *t)
{
    return t->rows * t->cols;
}

Tensor *find_tensor(Case *c, const char *name)
{
    for (size_t t = 0; t < c->tensors; t++)
        if (!strcmp(c->tensor[t].name, name))
            return &c->tensor[t];
    return NULL;
}

/* Numbers that are to be overwritten begin as large ones, which nobody takes for results. */
static double *add(Case *c, const char *name, size_t rows, size_t cols, Role role)
{
    Tensor *t = &c->tensor[c->tensors++];
    *t = (Tensor){ name, rows, cols, role, zeroed(rows * cols * sizeof(double)), NULL, NULL };
    for (size_t i = 0; i < rows * cols; i++)
        t->before[i] = hash((c->seed * MAX_TENSORS + c->tensors) * 1000000 + i) * (role == MADE ? 100 : 1);
    return t->before;
}

static void add_scalar(Case *c, const char *name, double value, Role role)
{
    *add(c, name, 1, 1, role) = value;
}

static void make_positive(double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = numbers[i] * numbers[i] + 0.05;
}

static void constant(Case *c, const char *name, double value)
{
    if (isfinite(value) && value != 0)
        c->constant[c->constants++] = (Constant){ name, value };
}

/* of every case: what a batch of N rows is easily multiplied by */
static void begin_case(Case *c, uint64_t seed, size_t N, bool training)
{
    double n = (double)N;
    *c = (Case){ .N = N, .training = training, .seed = seed };
    constant(c, "-1", -1);
    constant(c, "2", 2);
    constant(c, "1/2", 0.5);
    constant(c, "N", n);
    constant(c, "1/N", 1 / n);
    constant(c, "N^2", n * n);
    constant(c, "1/N^2", 1 / (n * n));
    constant(c, "N/(N-1)", n / (n - 1));
    constant(c, "(N-1)/N", (n - 1) / n);
}

/* 1a, 1b, 1c */
static void optimizer_case(Case *c, char part, uint64_t seed, size_t count, double beta, double beta2,
                           double epsilon, size_t t)
{
    double rate = beta == 0.9 ? 0.25 : 0.7;
    begin_case(c, seed, 0, true);
    constant(c, "beta", beta);
    constant(c, "1-beta", 1 - beta);
    constant(c, "1/beta", 1 / beta);
    constant(c, "1/(1-beta)", 1 / (1 - beta));
    constant(c, "beta/(1-beta)", beta / (1 - beta));
    constant(c, "(1-beta)/beta", (1 - beta) / beta);
    constant(c, "the rate", rate);
    constant(c, "1/rate", 1 / rate);
    if (part == 'c')
        add_scalar(c, "o->t", (double)t, MOVES);
    if (part != 'a')
        add(c, "o->m", 1, count, part == 'b' ? MOVES : STAYS);
    double *v = add(c, "o->v", 1, count, part == 'c' ? STAYS : MOVES);
    if (part != 'a')
        make_positive(v, count);
    if (part != 'b')
        add(c, "params", 1, count, MOVES);
    if (part != 'c')
        add(c, "grads", 1, count, STAYS);
    add_scalar(c, "o->rate", rate, STAYS);
    add_scalar(c, "o->beta", beta, STAYS);
    add_scalar(c, "o->beta2", beta2, STAYS);
    add_scalar(c, "o->epsilon", epsilon, STAYS);
    if (part != 'c')
        add_scalar(c, "o->t", (double)t, STAYS);
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
    begin_case(c, seed, N, part != 'c');
    if (part != 'b') {
        constant(c, "rho", 0.9);
        constant(c, "1-rho", 0.1);
        constant(c, "rho/(1-rho)", 9);
        constant(c, "1/(1-rho)", 10);
    }
    double *X = add(c, "X", N, d, STAYS);
    for (size_t i = 0; i < N * d; i++)
        X[i] = offset + spread * X[i];
    add(c, "n.gamma", 1, d, STAYS);
    add(c, "n.beta", 1, d, STAYS);
    if (part == 'b') {
        add(c, "dZ", N, d, STAYS);
        add(c, "n.Xhat", N, d, STAYS);      /* these two become what 2a makes of X: see expect */
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
    make_positive(add(c, "n.var", 1, d, part == 'a' ? MOVES : STAYS), d);
    if (part == 'c')
        add(c, "n.Xhat", 0, d, STAYS);      /* in evaluation there is no room for it */
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

/* 3a, 3b; d->rng is 1 where it was drawn from */
static void dropout_case(Case *c, char part, uint64_t seed, size_t N, size_t d, double p, bool training)
{
    begin_case(c, seed, N, training);
    constant(c, "p", p);
    constant(c, "1/p", 1 / p);
    constant(c, "1-p", 1 - p);
    constant(c, "1/(1-p)", 1 / (1 - p));
    constant(c, "(1-p)^2", (1 - p) * (1 - p));
    constant(c, "1/(1-p)^2", 1 / ((1 - p) * (1 - p)));
    add(c, "X", N, d, STAYS);
    add_scalar(c, "d->p", p, STAYS);
    if (part == 'a') {
        if (training)
            add(c, "M", N, d, MADE);
        add(c, "Z", N, d, MADE);
    } else {
        add(c, "dZ", N, d, STAYS);
        double *M = add(c, "M", N, d, STAYS);
        for (size_t i = 0; i < N * d; i++)
            M[i] = M[i] < -0.5 ? 0 : 1 / (1 - p);
        add(c, "dX", N, d, MADE);
    }
    add_scalar(c, "d->rng", 0, part == 'a' && training ? FREE : STAYS);
    if (!training)
        add(c, "M", 0, d, STAYS);
}

/* properties.c knows those of 3a by their numbers */
static size_t dropout_cases(Case *cases, char part)
{
    if (part == 'b') {
        dropout_case(&cases[0], part, 31, 4, 3, 0.3, true);
        dropout_case(&cases[1], part, 32, 2, 3, 0.4, true);
        dropout_case(&cases[2], part, 33, 5, 1, 0.2, true);
        return 3;
    }
    dropout_case(&cases[0], part, 21, 4, 3, 0.3, true);
    dropout_case(&cases[1], part, 22, 1000, 200, 0.3, true);
    dropout_case(&cases[2], part, 23, 20, 10, 0.5, true);
    dropout_case(&cases[3], part, 23, 20, 10, 0.5, true);
    dropout_case(&cases[4], part, 24, 20, 10, 0.5, true);
    dropout_case(&cases[5], part, 25, 3, 2, 0, true);
    dropout_case(&cases[6], part, 26, 3, 2, 0.3, false);
    return 7;
}

/* 4a: two layers of each of the kinds in bugs.c */
static size_t catch_cases(Case *cases)
{
    enum { KINDS = 6 };
    for (size_t i = 0; i < 2 * KINDS; i++) {
        size_t N = 4 - i % 2, d_in = 3 - i % 2, d_out = 2 + i % 2 * 2;
        Case *c = &cases[i];
        begin_case(c, 41 + i % 2, N, true);
        c->kind = (int)i / 2;
        add(c, "X", N, d_in, STAYS);
        add(c, "l->W", d_in, d_out, STAYS);
        add(c, "l->b", 1, d_out, STAYS);
        add(c, "G", N, d_out, STAYS);
        add(c, "Z", N, d_out, FREE);
        add(c, "dX", N, d_in, FREE);
        add(c, "l->dW", d_in, d_out, FREE);
        add(c, "l->db", 1, d_out, FREE);
        add_scalar(c, "answer", -1, FREE);
    }
    return 2 * KINDS;
}

size_t make_cases(const char *part, Case cases[MAX_CASES])
{
    switch (part[0]) {
    case '1': return optimizer_cases(cases, part[1]);
    case '2': return batchnorm_cases(cases, part[1]);
    case '3': return dropout_cases(cases, part[1]);
    case '4': return catch_cases(cases);
    default: return 0;
    }
}
