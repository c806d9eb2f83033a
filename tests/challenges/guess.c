/* guess.c: each guess says what a typical fault would have left; the first that explains all cases is the cause */
#include <math.h>
#include <string.h>
#include "guess.h"

#define NONE (-1e308)           /* a guess has nothing to say here */

static size_t at(const Tensor *t, size_t i, size_t k)
{
    return i * t->cols + k;
}

size_t entries(const Tensor *t)
{
    return t->rows * t->cols;
}

/* -- equal, up to rounding in a tensor of such numbers */
double scale(const Tensor *t)
{
    double most = 0.01;
    for (size_t i = 0; i < entries(t); i++)
        most = fmax(most, fabs(t->right[i]));
    return most;
}

bool same(double a, double b, double size)
{
    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b);
    return a == b || fabs(a - b) <= 1e-9 * fmax(size, fmin(fabs(a), fabs(b)));
}

static bool is_right(const Tensor *t)
{
    double size = scale(t);
    for (size_t i = 0; i < entries(t); i++)
        if (!same(t->after[i], t->right[i], size))
            return false;
    return true;
}

Place place(const char *part, Case *cases, size_t number, const char *tensor)
{
    return (Place){ part, number, &cases[number], find_tensor(&cases[number], tensor), 0, 0 };
}

bool wrong_there(const Place *p)
{
    return p->t && p->t->right && !is_right(p->t);
}

/* -- the guesses */
static double right(const Place *p)
{
    return p->t->right[at(p->t, p->i, p->k)];
}

static double before(const Place *p)
{
    return p->t->before[at(p->t, p->i, p->k)];
}

/* the entry of another tensor that belongs to this place; a row stands for all rows */
static double other(const Place *p, const char *name)
{
    Tensor *t = find_tensor(p->c, name);
    if (!t || t == p->t || t->cols != p->t->cols || (t->rows != p->t->rows && t->rows != 1))
        return NONE;
    return (t->right ? t->right : t->before)[at(t, t->rows == 1 ? 0 : p->i, p->k)];
}

static double constant(const Place *p, const char *name)
{
    for (size_t j = 0; j < p->c->constants; j++)
        if (!strcmp(p->c->constant[j].name, name))
            return p->c->constant[j].value;
    return NONE;
}

static double recorded(const Place *p, const char *name)
{
    const double *values = expected(p->part, p->number, p->t->name, name);
    return values ? values[at(p->t, p->i, p->k)] : NONE;
}

static double left(const Place *p, const char *name)
{
    (void)name;
    return before(p);
}

static double zero(const Place *p, const char *name)
{
    (void)p;
    (void)name;
    return 0;
}

static double ratio(const Place *p, const char *name)
{
    double c = constant(p, name);
    return c == NONE ? NONE : c * right(p);
}

static double negative_ratio(const Place *p, const char *name)
{
    double c = constant(p, name);
    return c == NONE ? NONE : -c * right(p);
}

static double step_ratio(const Place *p, const char *name)
{
    double c = constant(p, name);
    return c == NONE || p->t->role != MOVES ? NONE : before(p) + c * (right(p) - before(p));
}

static double added(const Place *p, const char *name)
{
    (void)name;
    return before(p) + right(p);
}

static double transposed(const Place *p, const char *name)
{
    (void)name;
    size_t place = at(p->t, p->i, p->k);
    return p->t->right[place % p->t->rows * p->t->cols + place / p->t->rows];
}

static double equal(const Place *p, const char *name)
{
    Tensor *t = find_tensor(p->c, name);
    return t && t->rows == p->t->rows ? other(p, name) : NONE;
}

static double row_of(const Place *p, const char *name, bool last)
{
    Tensor *t = find_tensor(p->c, name);
    if (!t || p->t->rows != 1 || t->rows != p->c->N || t->cols != p->t->cols)
        return NONE;
    return t->before[at(t, last ? t->rows - 1 : 0, p->k)];
}

static double last_row_of(const Place *p, const char *name) { return row_of(p, name, true); }
static double first_row_of(const Place *p, const char *name) { return row_of(p, name, false); }

static double times(const Place *p, const char *name)
{
    double x = other(p, name);
    return x == NONE ? NONE : right(p) * x;
}

static double over(const Place *p, const char *name)
{
    double x = other(p, name);
    return x == NONE || x == 0 ? NONE : right(p) / x;
}

static double plus(const Place *p, const char *name)
{
    double x = other(p, name);
    return x == NONE ? NONE : right(p) + x;
}

static double minus(const Place *p, const char *name)
{
    double x = other(p, name);
    return x == NONE ? NONE : right(p) - x;
}

static double square(const Place *p, const char *name) { (void)name; return right(p) * right(p); }
static double root(const Place *p, const char *name) { (void)name; return sqrt(right(p)); }
static double inverse(const Place *p, const char *name) { (void)name; return 1 / right(p); }

/* some rows or columns as they should be, the others as they were */
static double some(const Place *p, bool good) { return good ? right(p) : before(p); }
static double first_row(const Place *p, const char *n) { (void)n; return some(p, p->i == 0); }
static double last_row(const Place *p, const char *n) { (void)n; return some(p, p->i == p->t->rows - 1); }
static double first_col(const Place *p, const char *n) { (void)n; return some(p, p->k == 0); }
static double last_col(const Place *p, const char *n) { (void)n; return some(p, p->k == p->t->cols - 1); }
static double not_row_0(const Place *p, const char *n) { (void)n; return some(p, p->i != 0); }
static double not_last_row(const Place *p, const char *n) { (void)n; return some(p, p->i != p->t->rows - 1); }
static double not_col_0(const Place *p, const char *n) { (void)n; return some(p, p->k != 0); }
static double not_last_col(const Place *p, const char *n) { (void)n; return some(p, p->k != p->t->cols - 1); }

typedef struct {
    double (*value)(const Place *p, const char *name);
    enum { ALONE, ENTRIES, FAULTS, CONSTANTS, TENSORS } names;       /* what to put in for %s */
    const char *sentence;
} Guess;

static const Guess guesses[] = {
    { left, ALONE, "it is left as it was" },
    { recorded, FAULTS, "%s" },
    { zero, ALONE, "it is zero everywhere" },
    { ratio, CONSTANTS, NULL },
    { step_ratio, CONSTANTS, NULL },
    { negative_ratio, CONSTANTS, NULL },
    { added, ALONE, "it is added to what was there before, not put in its place" },
    { first_row, ALONE, "only the first row is written" },
    { last_row, ALONE, "only the last row is written" },
    { first_col, ENTRIES, "only the first %s is written" },
    { last_col, ENTRIES, "only the last %s is written" },
    { not_row_0, ALONE, "the first row is left out" },
    { not_last_row, ALONE, "the last row is left out" },
    { not_col_0, ENTRIES, "the first %s is left out" },
    { not_last_col, ENTRIES, "the last %s is left out" },
    { transposed, ALONE, "the right numbers, but in transposed order" },
    { equal, TENSORS, "it is the same as %s" },
    { last_row_of, TENSORS, "it is the last row of %s, not a sum over the rows" },
    { first_row_of, TENSORS, "it is the first row of %s, not a sum over the rows" },
    { times, TENSORS, "it has a factor %s too many" },
    { over, TENSORS, "it lacks the factor %s" },
    { plus, TENSORS, "it is too large by %s" },
    { minus, TENSORS, "it is too small by %s" },
    { square, ALONE, "it is the square of the right number" },
    { root, ALONE, "it is the root of the right number" },
    { inverse, ALONE, "it is 1 over the right number" },
};

static const char *name_for(const Guess *g, const Place *p, size_t i)
{
    switch (g->names) {
    case FAULTS: return fault_name(p->part, i);
    case CONSTANTS: return i < p->c->constants ? p->c->constant[i].name : NULL;
    case TENSORS: return i < p->c->tensors ? p->c->tensor[i].name : NULL;
    case ENTRIES: return i ? NULL : p->t->rows == 1 ? "entry" : "column";
    default: return i ? NULL : "";
    }
}

/* Does the guess explain the tensor in this case? */
static bool explains(const Guess *g, const char *name, Place p)
{
    double size = scale(p.t);
    for (p.i = 0; p.i < p.t->rows; p.i++)
        for (p.k = 0; p.k < p.t->cols; p.k++) {
            double x = g->value(&p, name);
            if (x == NONE || !same(p.t->after[at(p.t, p.i, p.k)], x, size))
                return false;
        }
    return true;
}

/* ... and in all cases in which it is wrong? */
static bool explains_all(const Guess *g, const char *name, const Place *p, Case *cases, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        Place q = place(p->part, cases, n, p->t->name);
        if (wrong_there(&q) && !explains(g, name, q))
            return false;
    }
    return true;
}

/* "0.25 of it everywhere, which is 1/N for N = 4" */
static void say_ratio(const Guess *g, const char *name, const Place *p, char *text, size_t size)
{
    double c = constant(p, name);
    const char *what = g->value == step_ratio ? "the change is" : "it is", *sign = g->value == negative_ratio ? "-" : "";
    int n = !strcmp(name, "-1") ? snprintf(text, size, "%s the negative of what it should be", what)
        : snprintf(text, size, "%s %s%.4g %s what it should be, which is %s%s", what, sign, c,
                   c < 1 ? "of" : "times", sign, name);
    if (strchr(name, 'N'))
        snprintf(text + n, size - (size_t)n, " for N = %zu", p->c->N);
}

/* -- where no guess fits */
static void list_sizes(const char *part, Case *cases, size_t count, const char *name, bool wrong, char *text)
{
    for (size_t n = 0; n < count; n++) {
        Place p = place(part, cases, n, name);
        if (p.t && p.t->right && wrong_there(&p) == wrong)
            sprintf(text + strlen(text), "%s%zu", *text ? ", " : "", cases[n].N);
    }
}

static bool only_signs(const Tensor *t)
{
    double size = scale(t);
    for (size_t i = 0; i < entries(t); i++)
        if (!same(fabs(t->after[i]), fabs(t->right[i]), size))
            return false;
    return true;
}

/* If all wrong entries are in one row or one column, of several, which is it? */
static int only_one(const Tensor *t, bool row)
{
    int found = -1;
    double size = scale(t);
    for (size_t i = 0; i < entries(t); i++) {
        int here = (int)(row ? i / t->cols : i % t->cols);
        if (same(t->after[i], t->right[i], size))
            continue;
        if (found >= 0 && found != here)
            return -1;
        found = here;
    }
    return (row ? t->rows : t->cols) > 1 ? found : -1;
}

/* Is it right in all other cases? */
static bool only_wrong(const Place *p, Case *cases, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        Place q = place(p->part, cases, n, p->t->name);
        if (n != p->number && wrong_there(&q))
            return false;
    }
    return true;
}

static void say_less(const Place *p, Case *cases, size_t count, char *text, size_t size)
{
    char good[200] = "", bad[200] = "";
    int row = only_one(p->t, true), col = only_one(p->t, false);
    list_sizes(p->part, cases, count, p->t->name, false, good);
    list_sizes(p->part, cases, count, p->t->name, true, bad);
    *text = 0;
    if (p->c->trap && only_wrong(p, cases, count)) {
        snprintf(text, size, "%s", p->c->trap);
        return;
    }
    for (size_t i = 0; i < entries(p->t); i++)
        if (!isfinite(p->t->after[i])) {
            snprintf(text, size, "it is not a finite number (a division by zero, or the root of a negative one?)");
            return;
        }
    if (only_signs(p->t))
        snprintf(text, size, "the sizes are right, some signs are wrong");
    else if (row >= 0 && p->t->rows > 1)
        snprintf(text, size, "only row %d is wrong", row);
    else if (col >= 0 && p->t->cols > 1)
        snprintf(text, size, "only column %d is wrong", col);
    else if (*good && p->c->N)
        snprintf(text, size, "it is right for N = %s and wrong for N = %s", good, bad);
}

void find_cause(const Place *p, Case *cases, size_t count, char *text, size_t size)
{
    const char *name;
    /* what explains all cases first; then what explains this one, if it has entries enough */
    for (int all = 1; all >= (entries(p->t) < 3); all--)
        for (size_t j = 0; j < sizeof guesses / sizeof *guesses; j++)
            for (size_t i = 0; (name = name_for(&guesses[j], p, i)); i++)
                if (explains(&guesses[j], name, *p) && (!all || explains_all(&guesses[j], name, p, cases, count))) {
                    if (guesses[j].sentence)
                        snprintf(text, size, guesses[j].sentence, name);
                    else
                        say_ratio(&guesses[j], name, p, text, size);
                    return;
                }
    say_less(p, cases, count, text, size);
}

