/* cases.c: what each part is tried on.  Every number comes from a hash of its place, so that all
   tensors differ, have both signs, and are the same on every machine. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

/* A part's tensors: name, rows and columns (N, d, e, 1 or 0), and the role: = stays, ! made, ~ moves, ? free.
   In evaluation there is no room for M and Xhat.  d->rng is 1 where it was drawn from. */
static const char *const layouts[][2] = {
    { "1a", "o->v/1d~ params/1d~ grads/1d= o->rate/11= o->beta/11= o->beta2/11= o->epsilon/11= o->t/11=" },
    { "1b", "o->m/1d~ o->v/1d~ grads/1d= o->rate/11= o->beta/11= o->beta2/11= o->epsilon/11= o->t/11=" },
    { "1c", "o->t/11~ o->m/1d= o->v/1d= params/1d~ o->rate/11= o->beta/11= o->beta2/11= o->epsilon/11=" },
    { "2a", "X/Nd= n.gamma/1d= n.beta/1d= n.dgamma/1d= n.dbeta/1d= n.inverse/1d! n.Xhat/Nd! Z/Nd! n.mean/1d~ n.var/1d~" },
    { "2b", "X/Nd= n.gamma/1d= n.beta/1d= dZ/Nd= n.Xhat/Nd= n.inverse/1d= n.dbeta/1d! n.dgamma/1d! dX/Nd! n.mean/1d= n.var/1d=" },
    { "2c", "X/Nd= n.gamma/1d= n.beta/1d= n.dgamma/1d= n.dbeta/1d= n.inverse/1d= Z/Nd! n.mean/1d= n.var/1d= n.Xhat/0d=" },
    { "3a", "X/Nd= d->p/11= M/Nd! Z/Nd! d->rng/11?" },
    { "3a in evaluation", "X/Nd= d->p/11= Z/Nd! d->rng/11= M/0d=" },
    { "3b", "X/Nd= d->p/11= dZ/Nd= M/Nd= dX/Nd! d->rng/11=" },
    { "4a", "X/Nd= l->W/de= l->b/1e= G/Ne= Z/Ne? dX/Nd? l->dW/de? l->db/1e? answer/11?" },
};

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

static void constant(Case *c, const char *name, const char *of, double value)
{
    Constant *k = &c->constant[c->constants];
    snprintf(k->name, sizeof k->name, name, of, of);
    k->value = value;
    c->constants += isfinite(value) && value != 0;
}

/* what may come of mixing up x and 1-x */
static void shares(Case *c, const char *of, double x)
{
    constant(c, "%s", of, x);
    constant(c, "1-%s", of, 1 - x);
    constant(c, "1/%s", of, 1 / x);
    constant(c, "1/(1-%s)", of, 1 / (1 - x));
    constant(c, "%s/(1-%s)", of, x / (1 - x));
    constant(c, "(1-%s)/%s", of, (1 - x) / x);
    constant(c, "(1-%s)^2", of, (1 - x) * (1 - x));
    constant(c, "1/(1-%s)^2", of, 1 / ((1 - x) * (1 - x)));
}

static size_t size_of(char letter, const size_t size[3])
{
    return letter == 'N' ? size[0] : letter == 'd' ? size[1] : letter == 'e' ? size[2] : (size_t)letter - '0';
}

/* Numbers that are to be overwritten begin as large ones, which nobody takes for results. */
static Case *new_case(Case *c, const char *part, uint64_t seed, size_t N, size_t d, size_t e)
{
    size_t i = 0, size[3] = { N, d, e };
    double n = (double)N;
    char rows, cols, role;
    int used;
    while (strcmp(layouts[i][0], part))
        i++;
    *c = (Case){ .N = N, .training = part[2] == 0 && strcmp(part, "2c"), .seed = seed };
    for (const char *next = layouts[i][1]; ; next += used) {
        Tensor *t = &c->tensor[c->tensors];
        if (sscanf(next, " %15[^/]/%c%c%c%n", t->name, &rows, &cols, &role, &used) != 4)
            break;
        c->tensors++;
        t->rows = size_of(rows, size);
        t->cols = size_of(cols, size);
        t->role = role == '!' ? MADE : role == '~' ? MOVES : role == '?' ? FREE : STAYS;
        t->before = zeroed(entries(t) * sizeof(double));
        for (size_t k = 0; k < entries(t); k++)
            t->before[k] = hash((seed * MAX_TENSORS + c->tensors) * 1000000 + k) * (role == '!' ? 100 : 1);
    }
    constant(c, "-1", "", -1);
    constant(c, "2", "", 2);
    constant(c, "1/2", "", 0.5);
    constant(c, "N", "", n);
    constant(c, "1/N", "", 1 / n);
    constant(c, "N^2", "", n * n);
    constant(c, "1/N^2", "", 1 / (n * n));
    constant(c, "N/(N-1)", "", n / (n - 1));
    constant(c, "(N-1)/N", "", (n - 1) / n);
    return c;
}

static void set(Case *c, const char *name, double value)
{
    *find_tensor(c, name)->before = value;
}

static void make_positive(Tensor *t)
{
    for (size_t i = 0; t && i < entries(t); i++)
        t->before[i] = t->before[i] * t->before[i] + 0.05;
}

static size_t optimizer_cases(Case *cases, const char *part)
{
    static const struct { size_t count; double beta, beta2, epsilon, t, rate; } now[] = {
        { 5, 0.9, 0.999, 1e-8, 0, 0.25 }, { 4, 0.9, 0.999, 1e-8, 4, 0.25 },
        { 3, 0.6, 0.8, 0.125, 2, 0.7 }, { 1, 0.4, 0.7, 1e-8, 1, 0.7 },
    };
    for (size_t i = 0; i < 4; i++) {
        Case *c = new_case(&cases[i], part, i + 1, 0, now[i].count, 0);
        shares(c, "beta", now[i].beta);
        constant(c, "the rate", "", now[i].rate);
        constant(c, "1/rate", "", 1 / now[i].rate);
        set(c, "o->beta", now[i].beta);
        set(c, "o->beta2", now[i].beta2);
        set(c, "o->epsilon", now[i].epsilon);
        set(c, "o->t", now[i].t);
        set(c, "o->rate", now[i].rate);
        if (part[1] != 'a')
            make_positive(find_tensor(c, "o->v"));
    }
    return 4;
}

static size_t batchnorm_cases(Case *cases, const char *part)
{
    static const struct { size_t N, d; double offset, spread; } now[] = {
        { 4, 3, 0.3, 1 }, { 2, 3, -0.5, 1 }, { 5, 1, 0, 2 }, { 1, 2, 0, 1 }, { 4, 2, 1000, 0.1 },
    };
    for (size_t i = 0; i < 5; i++) {
        Case *c = new_case(&cases[i], part, i + 11, now[i].N, now[i].d, 0);
        Tensor *X = find_tensor(c, "X");
        for (size_t k = 0; k < entries(X); k++)
            X->before[k] = now[i].offset + now[i].spread * X->before[k];
        make_positive(find_tensor(c, "n.var"));
        if (part[1] != 'b')
            shares(c, "rho", 0.9);
    }
    if (part[1] == 'a')
        cases[4].trap = "the shortcut, mean of the squares less square of the mean, loses the digits when X is far from 0";
    return 5;
}

/* properties.c knows those of 3a by their numbers */
static size_t dropout_cases(Case *cases, const char *part)
{
    static const struct { uint64_t seed; size_t N, d; double p; } now[] = {
        { 21, 4, 3, 0.3 }, { 22, 1000, 200, 0.3 }, { 23, 20, 10, 0.5 }, { 23, 20, 10, 0.5 }, { 24, 20, 10, 0.5 },
        { 25, 3, 2, 0 }, { 26, 3, 2, 0.3 }, { 31, 4, 3, 0.3 }, { 32, 2, 3, 0.4 }, { 33, 5, 1, 0.2 },
    };
    size_t first = part[1] == 'a' ? 0 : 7, count = part[1] == 'a' ? 7 : 3;
    for (size_t i = first; i < first + count; i++) {
        Case *c = new_case(&cases[i - first], i == 6 ? "3a in evaluation" : part, now[i].seed, now[i].N, now[i].d, 0);
        Tensor *M = find_tensor(c, "M");
        shares(c, "p", now[i].p);
        set(c, "d->p", now[i].p);
        set(c, "d->rng", 0);
        for (size_t k = 0; k < entries(M) && part[1] == 'b'; k++)
            M->before[k] = M->before[k] < -0.5 ? 0 : 1 / (1 - now[i].p);
    }
    return count;
}

/* two layers of each of the kinds in bugs.c */
static size_t catch_cases(Case *cases, const char *part)
{
    for (size_t i = 0; i < 12; i++) {
        Case *c = i % 2 ? new_case(&cases[i], part, 42, 3, 2, 4) : new_case(&cases[i], part, 41, 4, 3, 2);
        c->kind = (int)i / 2;
    }
    return 12;
}

size_t make_cases(const char *part, Case cases[MAX_CASES])
{
    size_t (*make[])(Case *, const char *) = { optimizer_cases, batchnorm_cases, dropout_cases, catch_cases };
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (!strcmp(layouts[i][0], part))
            return make[part[0] - '1'](cases, part);
    return 0;
}
