/* cases.c: what each part is tried on.  Every number comes from a hash of its place, so that all
   tensors differ, have both signs, and are the same on every machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

/* A part's tensors: name; rows and columns: N of the batch, M as many, but none in evaluation, d, e, 1, 0, or #2: one
   number, the case's value 2; the role: = stays, ! made, ~ moves, ? free in training; and how its numbers are made:
   + positive, x by offset and spread, m a mask.  d->rng is 1 where it was drawn from. */
static const char *const layouts[][2] = {
    { "1a", "o->v/1d~ params/1d~ grads/1d= o->rate/#0= o->beta/#1= o->beta2/#2= o->epsilon/#3= o->t/#4=" },
    { "1b", "o->m/1d~ o->v/1d~+ grads/1d= o->rate/#0= o->beta/#1= o->beta2/#2= o->epsilon/#3= o->t/#4=" },
    { "1c", "o->t/#4~ o->m/1d= o->v/1d=+ params/1d~ o->rate/#0= o->beta/#1= o->beta2/#2= o->epsilon/#3=" },
    { "2a", "X/Nd=x n.gamma/1d= n.beta/1d= n.dgamma/1d= n.dbeta/1d= n.inverse/1d! n.Xhat/Nd! Z/Nd! n.mean/1d~ n.var/1d~+" },
    { "2b", "X/Nd=x n.gamma/1d= n.beta/1d= dZ/Nd= n.Xhat/Nd= n.inverse/1d= n.dbeta/1d! n.dgamma/1d! dX/Nd! n.mean/1d= "
            "n.var/1d=+" },
    { "2c", "X/Nd=x n.gamma/1d= n.beta/1d= n.dgamma/1d= n.dbeta/1d= n.inverse/1d= Z/Nd! n.mean/1d= n.var/1d=+ n.Xhat/0d=" },
    { "3a", "X/Nd= d->p/#0= M/Md! Z/Nd! d->rng/#1?" },
    { "3b", "X/Nd= d->p/#0= dZ/Nd= M/Nd=m dX/Nd! d->rng/#1=" },
    { "4a", "X/Nd= l->W/de= l->b/1e= G/Ne= Z/Ne? dX/Nd? l->dW/de? l->db/1e? answer/#0?" },
};

/* Their cases.  The values are, in challenge 1, rate, beta, beta2, epsilon and t; in 2, offset and spread of X; in 3, p.
   properties.c knows those of 3a by their places. */
typedef struct {
    const char *parts;
    uint64_t seed;
    size_t N, d, e;
    double value[5];
    bool evaluation;
} Trial;

static const Trial trials[] = {
    { "1a 1b 1c", 1, 0, 5, 0, { 0.25, 0.9, 0.999, 1e-8, 0 }, false },
    { "1a 1b 1c", 2, 0, 4, 0, { 0.25, 0.9, 0.999, 1e-8, 4 }, false },
    { "1a 1b 1c", 3, 0, 3, 0, { 0.7, 0.6, 0.8, 0.125, 2 }, false },
    { "1a 1b 1c", 4, 0, 1, 0, { 0.7, 0.4, 0.7, 1e-8, 1 }, false },
    { "2a 2b 2c", 11, 4, 3, 0, { 0.3, 1 }, false },
    { "2a 2b 2c", 12, 2, 3, 0, { -0.5, 1 }, false },
    { "2a 2b 2c", 13, 5, 1, 0, { 0, 2 }, false },
    { "2a 2b 2c", 14, 1, 2, 0, { 0, 1 }, false },
    { "2a 2b 2c", 15, 4, 2, 0, { 1000, 0.1 }, false },
    { "3a", 21, 4, 3, 0, { 0.3 }, false },
    { "3a", 22, 1000, 200, 0, { 0.3 }, false },
    { "3a", 23, 20, 10, 0, { 0.5 }, false },
    { "3a", 23, 20, 10, 0, { 0.5 }, false },
    { "3a", 24, 20, 10, 0, { 0.5 }, false },
    { "3a", 25, 3, 2, 0, { 0 }, false },
    { "3a", 26, 3, 2, 0, { 0.3 }, true },
    { "3b", 31, 4, 3, 0, { 0.3 }, false },
    { "3b", 32, 2, 3, 0, { 0.4 }, false },
    { "3b", 33, 5, 1, 0, { 0.2 }, false },
    { "4a", 41, 4, 3, 2, { 0 }, false },
    { "4a", 42, 3, 2, 4, { 0 }, false },
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
    if (!memory)
        abort();
    return memory;
}

size_t entries(const Tensor *t)
{
    return t->rows * t->cols;
}

Case *case_of(Part *part, const Tensor *t)
{
    return &part->cases[(size_t)(t - part->tensor) / part->cases[0].tensors];
}

Tensor *find_tensor(Case *c, const char *name)
{
    for (size_t t = 0; t < c->tensors; t++)
        if (!strcmp(c->tensor[t].name, name))
            return &c->tensor[t];
    return NULL;
}

static size_t size_of(char letter, const Trial *trial)
{
    switch (letter) {
    case 'N': return trial->N;
    case 'M': return trial->evaluation ? 0 : trial->N;
    case 'd': return trial->d;
    case 'e': return trial->e;
    case '#': return 1;
    default: return (size_t)letter - '0';
    }
}

/* Numbers that are to be overwritten begin as large ones, which nobody takes for results. */
static double first_value(char made, Role role, const double *value, double random)
{
    switch (made) {
    case '+': return random * random + 0.05;
    case 'x': return value[0] + value[1] * random;
    case 'm': return random < -0.5 ? 0 : 1 / (1 - value[0]);
    default: return role == MADE ? 100 * random : random;
    }
}

static void add_case(Part *part, const char *layout, const Trial *trial, int kind)
{
    Tensor *t = &part->tensor[part->tensors];
    Case *c = &part->cases[part->count++];
    *c = (Case){ .N = trial->N, .training = !trial->evaluation && strcmp(part->name, "2c"), .kind = kind, .seed = trial->seed, .tensor = t };
    char rows, cols, role;
    int used;
    for (; sscanf(layout, " %15[^/]/%c%c%c%n", t->name, &rows, &cols, &role, &used) == 4; t++) {
        c->tensors++;
        layout += used;
        t->rows = size_of(rows, trial);
        t->cols = rows == '#' ? 1 : size_of(cols, trial);
        t->role = role == '!' ? MADE : role == '~' ? MOVES : role == '?' && c->training ? FREE : STAYS;
        t->before = zeroed(entries(t) * sizeof(double));
        for (size_t k = 0; k < entries(t); k++) {
            double random = hash((trial->seed * MAX_TENSORS + c->tensors) * 1000000 + k);
            t->before[k] = rows == '#' ? trial->value[cols - '0'] : first_value(*layout, t->role, trial->value, random);
        }
        layout += strspn(layout, "+xm");
        if (part->count > 1) {
            Tensor *before = find_tensor(c - 1, t->name);
            t->skip = before->skip + entries(before);
        }
    }
    part->tensors += c->tensors;
}

bool make_cases(Part *part, const char *name)
{
    size_t i = 0, count = sizeof layouts / sizeof *layouts;
    while (i < count && strcmp(layouts[i][0], name))
        i++;
    if (i == count)
        return false;
    *part = (Part){ .name = name };
    for (const Trial *trial = trials; trial < trials + sizeof trials / sizeof *trials; trial++)
        for (int kind = 0; strstr(trial->parts, name) && kind < (*name == '4' ? KINDS : 1); kind++)
            add_case(part, layouts[i][1], trial, kind);
    return true;
}
