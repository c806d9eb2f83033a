/* cases.c: what each part is tried on.  Every number comes from a hash of its place, so that all
   tensors differ, have both signs, and are the same on every machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

/* A part's tensors: name; rows and columns: N of the batch, M as many, but none in evaluation, d, e, 1, 0, or #2: one
   number, the case's value 2; the role: = stays, ! made, ~ moves, ? free in training; and how its numbers are made:
   + positive, x by offset and spread, m a mask, c classes below d, h rows with a 1 at these, s begins as P where the
   third value is 1.  & stands in one block with the one before, as in the layer.  d->rng is what
   the generator begins with, and another number where it was drawn from. */
static const char *const layouts[][2] = {
    { "1a", "o->v/1d~ params/1d~ grads/1d= o->rate/#0= o->beta/#1= o->beta2/#2= o->epsilon/#3= o->t/#4=" },
    { "1b", "o->m/1d~ o->v/1d~+ grads/1d= o->rate/#0= o->beta/#1= o->beta2/#2= o->epsilon/#3= o->t/#4=" },
    { "1c", "o->t/#4~ o->m/1d= o->v/1d=+ params/1d~ o->rate/#0= o->beta/#1= o->beta2/#2= o->epsilon/#3=" },
    { "2a", "X/Nd=x n.gamma/1d= n.beta/1d= n.dgamma/1d= n.dbeta/1d= n.inverse/1d! n.Xhat/Nd!& Z/Nd! n.mean/1d~ n.var/1d~+&" },
    { "2b", "X/Nd=x n.gamma/1d= n.beta/1d= dZ/Nd= n.inverse/1d= n.Xhat/Nd=& n.dbeta/1d! n.dgamma/1d! dX/Nd! n.mean/1d= "
            "n.var/1d=+&" },
    { "2c", "X/Nd=x n.gamma/1d= n.beta/1d= n.dgamma/1d= n.dbeta/1d= n.inverse/1d= n.Xhat/0d=& Z/Nd! n.mean/1d= n.var/1d=+&" },
    { "3a", "X/Nd= d->p/#0= M/Md! Z/Nd! d->rng/#5?" },
    { "3b", "X/Nd= d->p/#0= dZ/Nd= M/Nd=m dX/Nd! d->rng/#5=" },
    { "5a", "Z/Nd=x Y/Nd=h P/Nd! loss/11!" },
    { "5b", "P/Nd= Y/Nd=h dZ/Nd!s" },
    { "5c", "c/N1=c Y/Nd!" },
    { "5d", "Z/Nd=x c/N1!" },
    { "4a", "X/Nd= l->W/de= l->b/1e= G/Ne= Z/Ne? dX/Nd? l->dW/de? l->db/1e? answer/#0? forward/#0? backward/#0? step/#0? other/#0?" },
};

/* Their cases.  The values are, in challenge 1, rate, beta, beta2, epsilon and t; in 2, offset and spread of X, in 5 of Z; in 3, p.
   properties.c knows those of 3a by their places. */
typedef struct {
    const char *parts;
    uint64_t seed;
    size_t N, d, e;
    double value[6];            /* the last: the seed */
    bool evaluation;
} Trial;

static const Trial trials[] = {
#include "cases.inc"
};

static uint64_t salt;

/* between -2 and 2 (Steele, Lea and Flood 2014: SplitMix) */
static double hash(uint64_t i)
{
    i = (i + salt + 1) * 0x9e3779b97f4a7c15;
    i = (i ^ i >> 30) * 0xbf58476d1ce4e5b9;
    i = (i ^ i >> 27) * 0x94d049bb133111eb;
    i ^= i >> 31;
    return (double)(salt ? i >> 44 << 33 : i >> 11) * 0x1p-51 - 2;  /* new numbers don't tell their salt */
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

Tensor *find_tensor(Case *c, const char *name)
{
    for (size_t t = 0; t < c->tensors; t++)
        if (!strcmp(c->tensor[t].name, name))
            return &c->tensor[t];
    return NULL;
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

/* With a salt, the values are others, too: between .8 of what they are and all of it, but for t, which is a number of steps;
   so are classes, and which of the layers of 4a comes when: never is a known order. */
static Trial salted(Trial trial)
{
    uint64_t first = trial.seed << 40;
    trial.value[5] = (double)(trial.seed + (salt >> 12));
    for (size_t i = 0; salt && i < 4; i++)
        trial.value[i] *= 0.9 + 0.05 * hash(first + i);
    if (salt)
        trial.value[4] += (double)(int)(2 + hash(first + 4));
    return trial;
}

static size_t class_of(const Trial *trial, size_t row)
{
    size_t new = salt ? (size_t)((2 + hash((trial->seed << 40) + 10 + row)) * 1e9) : 0;
    return (row * 7 + trial->seed + new) % (trial->d + !trial->d);
}

static Kind mixed(const Trial *trial, size_t i)
{
    Kind order[KINDS];
    for (size_t k = 0; k < KINDS; k++) {
        size_t j = salt ? (size_t)((2 + hash((trial->seed << 40) + 100 + k)) / 4 * (double)(k + 1)) : k;
        order[k] = order[j];
        order[j] = (Kind)k;
    }
    return order[i];
}

static void add_case(Part *part, const char *layout, const Trial *trial, Kind kind)
{
    Tensor *t = &part->tensor[part->tensors];
    Case *c = &part->cases[part->count++];
    const char *const letters = "01#NMde";
    const size_t sizes[] = { 0, 1, 1, trial->N, trial->evaluation ? 0 : trial->N, trial->d, trial->e };
    char rows, cols, role;
    int used;
    *c = (Case){ .N = trial->N, .training = !trial->evaluation && strcmp(part->name, "2c"), .kind = kind,
                  .tensor = t, .number = part->count - 1 };
    for (; sscanf(layout, " %15[^/]/%c%c%c%n", t->name, &rows, &cols, &role, &used) == 4; t++) {
        char made = layout[used];
        layout += used + (int)strspn(layout + used, "+xmchs");
        t->of = c;
        c->in_place |= made == 's' && trial->value[2] != 0;
        t->rows = sizes[strchr(letters, rows) - letters];
        t->cols = rows == '#' ? 1 : sizes[strchr(letters, cols) - letters];
        t->role = role == '!' ? MADE : role == '~' ? MOVES : role == '?' && c->training ? FREE : STAYS;
        size_t first = *layout == '&' ? entries(&t[-1]) : 0;
        t->before = zeroed((first + entries(t)) * sizeof(double));
        if (first) {
            double *alone = t[-1].before;
            t[-1].before = memcpy(t->before, alone, first * sizeof(double));
            free(alone);
        }
        t->before += first;
        layout += *layout == '&';
        c->tensors++;
        for (size_t k = 0; k < entries(t); k++) {
            double random = hash((trial->seed * MAX_TENSORS + c->tensors) * 1000000 + k);
            size_t class = class_of(trial, made == 'h' ? k / t->cols : k);
            t->before[k] = made == 'c' ? (double)class : made == 'h' ? class == k % t->cols : rows == '#' ? trial->value[cols - '0'] : first_value(made, t->role, trial->value, random);
        }
        const Tensor *last = part->count > 1 ? find_tensor(c - 1, t->name) : NULL;
        t->skip = last ? last->skip + entries(last) : 0;
    }
    part->tensors += c->tensors;
}

bool make_cases(Part *part, const char *name, uint64_t with)
{
    *part = (Part){ .name = name };
    salt = with;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        for (const Trial *trial = trials; trial < trials + sizeof trials / sizeof *trials; trial++) {
            Trial new = salted(*trial);
            for (size_t k = 0; k < (*name == '4' ? KINDS : 1); k++)
                if (!strcmp(layouts[i][0], name) && strstr(trial->parts, name))
                    add_case(part, layouts[i][1], &new, mixed(trial, k));
        }
    return part->count > 0;
}
