/* guess.c: each guess says what a typical fault would have left; the first that explains all cases is the cause */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "board.h"

#define NONE (-1e308)           /* a guess has nothing to say here */

/* an entry of a tensor in one of the cases */
typedef struct {
    const char *part;
    Case *cases;
    size_t count, number;       /* of the cases; which it is */
    Case *c;
    Tensor *t;
    size_t i, k;
} Place;

typedef enum {
    LEFT, RECORDED, ZERO, RATIO, STEP_RATIO, NEGATIVE_RATIO, ADDED, ONLY_ROW, ONLY_COL, ALL_BUT_ROW, ALL_BUT_COL,
    TRANSPOSED, EQUAL, LAST_ROW_OF, FIRST_ROW_OF, TIMES, OVER, PLUS, MINUS, SQUARE, ROOT, INVERSE
} Kind;

/* The sentence is printed with a name.  It stands for itself, or for the first or last row or column; it is
   of a recorded fault, of a constant, or of another tensor. */
typedef struct {
    Kind kind;
    enum { ALONE, FIRST, LAST, FAULTS, CONSTANTS, TENSORS } names;
    const char *sentence;
} Guess;

static const Guess guesses[] = {
    { LEFT, ALONE, "it is left as it was" },
    { RECORDED, FAULTS, "%s" },
    { ZERO, ALONE, "it is zero everywhere" },
    { RATIO, CONSTANTS, "it is %s what it should be, which is %s" },
    { STEP_RATIO, CONSTANTS, "the change is %s what it should be, which is %s" },
    { NEGATIVE_RATIO, CONSTANTS, "it is -%s what it should be, which is -%s" },
    { ADDED, ALONE, "it is added to what was there before, not put in its place" },
    { ONLY_ROW, FIRST, "only the first row is written" },
    { ONLY_ROW, LAST, "only the last row is written" },
    { ONLY_COL, FIRST, "only the first %s is written" },
    { ONLY_COL, LAST, "only the last %s is written" },
    { ALL_BUT_ROW, FIRST, "the first row is left out" },
    { ALL_BUT_ROW, LAST, "the last row is left out" },
    { ALL_BUT_COL, FIRST, "the first %s is left out" },
    { ALL_BUT_COL, LAST, "the last %s is left out" },
    { TRANSPOSED, ALONE, "the right numbers, but in transposed order" },
    { EQUAL, TENSORS, "it is the same as %s" },
    { LAST_ROW_OF, TENSORS, "it is the last row of %s, not a sum over the rows" },
    { FIRST_ROW_OF, TENSORS, "it is the first row of %s, not a sum over the rows" },
    { TIMES, TENSORS, "it has a factor %s too many" },
    { OVER, TENSORS, "it lacks the factor %s" },
    { PLUS, TENSORS, "it is too large by %s" },
    { MINUS, TENSORS, "it is too small by %s" },
    { SQUARE, ALONE, "it is the square of the right number" },
    { ROOT, ALONE, "it is the root of the right number" },
    { INVERSE, ALONE, "it is 1 over the right number" },
};

/* -- equal, up to rounding in a tensor of such numbers */
static double scale(const Tensor *t)
{
    double most = 0.01;
    for (size_t i = 0; i < entries(t); i++)
        most = fmax(most, fabs(t->right[i]));
    return most;
}

static bool same(double a, double b, double size)
{
    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b);
    return a == b || fabs(a - b) <= 1e-9 * fmax(size, fmin(fabs(a), fabs(b)));
}

size_t first_wrong(const Tensor *t)
{
    double size = t->right ? scale(t) : 0;
    size_t i = 0;
    while (i < entries(t) && (!t->right || same(t->after[i], t->right[i], size)))
        i++;
    return i;
}

static bool is_wrong(const Tensor *t)
{
    return t && first_wrong(t) < entries(t);
}

/* the same tensor in another case */
static Place in_case(Place p, size_t number)
{
    p.c = &p.cases[p.number = number];
    p.t = find_tensor(p.c, p.t->name);
    return p;
}

/* -- the guesses */
static double constant(const Case *c, const char *name)
{
    for (size_t i = 0; i < c->constants; i++)
        if (!strcmp(c->constant[i].name, name))
            return c->constant[i].value;
    return NONE;
}

/* the entry of another tensor that belongs to this place; a row stands for all rows */
static double other(const Place *p, const char *name)
{
    Tensor *t = find_tensor(p->c, name);
    if (!t || t == p->t || t->cols != p->t->cols || (t->rows != p->t->rows && t->rows != 1))
        return NONE;
    return (t->right ? t->right : t->before)[(t->rows == 1 ? 0 : p->i) * t->cols + p->k];
}

static double row_of(const Place *p, const char *name, bool last)
{
    Tensor *t = find_tensor(p->c, name);
    if (!t || p->t->rows != 1 || t->rows != p->c->N || t->cols != p->t->cols)
        return NONE;
    return t->before[(last ? t->rows - 1 : 0) * t->cols + p->k];
}

/* What would be at this place? */
static double guessed(const Guess *g, const Place *p, const char *name)
{
    const Tensor *t = p->t;
    size_t at = p->i * t->cols + p->k;
    double before = t->before[at], right = t->right[at], x = NONE;
    bool this_row = p->i == (g->names == LAST ? t->rows - 1 : 0), this_col = p->k == (g->names == LAST ? t->cols - 1 : 0);
    const double *record;
    if (g->names == CONSTANTS && (x = constant(p->c, name)) == NONE)
        return NONE;
    if (g->kind >= TIMES && g->kind <= MINUS && (x = other(p, name)) == NONE)
        return NONE;
    switch (g->kind) {
    case LEFT: return before;
    case RECORDED:
        record = expected(p->part, p->cases, p->number, t->name, name);
        return record ? record[at] : NONE;
    case ZERO: return 0;
    case RATIO: return x * right;
    case STEP_RATIO: return t->role == MOVES ? before + x * (right - before) : NONE;
    case NEGATIVE_RATIO: return -x * right;
    case ADDED: return before + right;
    case ONLY_ROW: return this_row ? right : before;
    case ONLY_COL: return this_col ? right : before;
    case ALL_BUT_ROW: return this_row ? before : right;
    case ALL_BUT_COL: return this_col ? before : right;
    case TRANSPOSED: return t->right[at % t->rows * t->cols + at / t->rows];
    case EQUAL: return find_tensor(p->c, name)->rows == t->rows ? other(p, name) : NONE;
    case LAST_ROW_OF: return row_of(p, name, true);
    case FIRST_ROW_OF: return row_of(p, name, false);
    case TIMES: return right * x;
    case OVER: return x == 0 ? NONE : right / x;
    case PLUS: return right + x;
    case MINUS: return right - x;
    case SQUARE: return right * right;
    case ROOT: return sqrt(right);
    case INVERSE: return 1 / right;
    }
    return NONE;
}

static const char *name_for(const Guess *g, const Place *p, size_t i)
{
    switch (g->names) {
    case FAULTS: return fault_name(p->part, i);
    case CONSTANTS: return i < p->c->constants ? p->c->constant[i].name : NULL;
    case TENSORS: return i < p->c->tensors ? p->c->tensor[i].name : NULL;
    default: return i ? NULL : p->t->rows == 1 ? "entry" : "column";
    }
}

static bool explains(const Guess *g, const char *name, Place p)
{
    double size = scale(p.t);
    for (p.i = 0; p.i < p.t->rows; p.i++)
        for (p.k = 0; p.k < p.t->cols; p.k++) {
            double x = guessed(g, &p, name);
            if (x == NONE || !same(p.t->after[p.i * p.t->cols + p.k], x, size))
                return false;
        }
    return true;
}

/* ... in all cases in which it is wrong? */
static bool explains_all(const Guess *g, const char *name, Place p)
{
    for (size_t n = 0; n < p.count; n++) {
        Place q = in_case(p, n);
        if (is_wrong(q.t) && !explains(g, name, q))
            return false;
    }
    return true;
}

static void say(const Guess *g, const char *name, const Place *p, char *text, size_t size)
{
    char number[40] = "";
    const char *begin = g->kind == STEP_RATIO ? "the change is" : "it is";
    if (g->names == CONSTANTS) {
        double c = constant(p->c, name);
        snprintf(number, sizeof number, "%.4g %s", c, c < 1 ? "of" : "times");
    }
    *text = 0;
    if (!strcmp(name, "-1"))
        add_text(text, size, "%s the negative of what it should be", begin);
    else
        add_text(text, size, g->sentence, *number ? number : name, name);
    if (*number && strchr(name, 'N'))
        add_text(text, size, " for N = %zu", p->c->N);
}

/* where no guess fits */
static void say_less(Place p, char *text, size_t size)
{
    enum { NOWHERE = -1, SEVERAL = -2 };
    char good[100] = "", bad[100] = "";
    int wrong = 0, row = NOWHERE, col = NOWHERE;
    bool finite = true, sizes = true;
    double most = scale(p.t);
    for (size_t i = 0; i < entries(p.t); i++) {
        double is = p.t->after[i], should = p.t->right[i];
        int r = (int)(i / p.t->cols), c = (int)(i % p.t->cols);
        finite &= isfinite(is) != 0;
        sizes &= same(fabs(is), fabs(should), most);
        if (!same(is, should, most)) {
            row = row == NOWHERE || row == r ? r : SEVERAL;
            col = col == NOWHERE || col == c ? c : SEVERAL;
        }
    }
    for (size_t n = 0; n < p.count; n++) {
        Place q = in_case(p, n);
        char *list = is_wrong(q.t) ? bad : good;
        wrong += is_wrong(q.t);
        if (q.t && q.t->right)
            add_text(list, sizeof good, "%s%zu", *list ? ", " : "", q.c->N);
    }
    *text = 0;
    if (p.c->trap && wrong == 1)
        add_text(text, size, "%s", p.c->trap);
    else if (!finite)
        add_text(text, size, "it is not a finite number (a division by zero, or the root of a negative one?)");
    else if (sizes)
        add_text(text, size, "the sizes are right, some signs are wrong");
    else if (row >= 0 && p.t->rows > 1)
        add_text(text, size, "only row %d is wrong", row);
    else if (col >= 0 && p.t->cols > 1)
        add_text(text, size, "only column %d is wrong", col);
    else if (*good && p.c->N)
        add_text(text, size, "it is right for N = %s and wrong for N = %s", good, bad);
}

void find_cause(const char *part, Case *cases, size_t count, size_t number, const char *tensor, char *text, size_t size)
{
    Place p = { part, cases, count, number, &cases[number], find_tensor(&cases[number], tensor), 0, 0 };
    const char *name;
    /* what explains all cases first; then what explains this one, if it has entries enough */
    for (int all = 1; all >= (entries(p.t) < 3); all--)
        for (const Guess *g = guesses; g < guesses + sizeof guesses / sizeof *guesses; g++)
            for (size_t i = 0; (name = name_for(g, &p, i)); i++)
                if (explains(g, name, p) && (!all || explains_all(g, name, p))) {
                    say(g, name, &p, text, size);
                    return;
                }
    say_less(p, text, size);
}
