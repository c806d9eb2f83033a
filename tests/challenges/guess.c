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

/* What a fault makes of a number: from what it was, what's right, and another number x */
typedef enum { LEFT, X, ZERO, TIMES, STEP, AGAINST, ADDED, ONLY, ALL_BUT, OVER, PLUS, MINUS, SQUARE, ROOT, INVERSE } Formula;

/* What x is: nothing; recorded; a constant; an entry of another tensor; of the right one, transposed; or 1 in the
   first or last row or column */
typedef enum {
    NOTHING, FAULT, CONSTANT, TENSOR, FIRST_ROW_OF, LAST_ROW_OF, TRANSPOSED, FIRST_ROW, LAST_ROW, FIRST_COL, LAST_COL
} Source;

typedef struct {
    Formula formula;
    Source x;
    const char *sentence;       /* with the name of what x is, or "entry" or "column" */
} Guess;

static const Guess guesses[] = {
    { LEFT, NOTHING, "it is left as it was" },
    { X, FAULT, "%s" },
    { ZERO, NOTHING, "it is zero everywhere" },
    { TIMES, CONSTANT, "it is %s what it should be, which is %s" },
    { STEP, CONSTANT, "the change is %s what it should be, which is %s" },
    { AGAINST, CONSTANT, "it is -%s what it should be, which is -%s" },
    { ADDED, NOTHING, "it is added to what was there before, not put in its place" },
    { ONLY, FIRST_ROW, "only the first row is written" },
    { ONLY, LAST_ROW, "only the last row is written" },
    { ONLY, FIRST_COL, "only the first %s is written" },
    { ONLY, LAST_COL, "only the last %s is written" },
    { ALL_BUT, FIRST_ROW, "the first row is left out" },
    { ALL_BUT, LAST_ROW, "the last row is left out" },
    { ALL_BUT, FIRST_COL, "the first %s is left out" },
    { ALL_BUT, LAST_COL, "the last %s is left out" },
    { X, TRANSPOSED, "the right numbers, but in transposed order" },
    { X, TENSOR, "it is the same as %s" },
    { X, LAST_ROW_OF, "it is the last row of %s, not a sum over the rows" },
    { X, FIRST_ROW_OF, "it is the first row of %s, not a sum over the rows" },
    { TIMES, TENSOR, "it has a factor %s too many" },
    { OVER, TENSOR, "it lacks the factor %s" },
    { PLUS, TENSOR, "it is too large by %s" },
    { MINUS, TENSOR, "it is too small by %s" },
    { SQUARE, NOTHING, "it is the square of the right number" },
    { ROOT, NOTHING, "it is the root of the right number" },
    { INVERSE, NOTHING, "it is 1 over the right number" },
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

static double number(Source x, const Place *p, const char *name)
{
    const Tensor *t = p->t, *o = find_tensor(p->c, name);
    size_t at = p->i * t->cols + p->k;
    const double *record = x == FAULT ? expected(p->part, p->cases, p->number, t->name, name) : NULL;
    switch (x) {
    case NOTHING: return 0;
    case FAULT: return record ? record[at] : NONE;
    case CONSTANT:
        for (size_t i = 0; i < p->c->constants; i++)
            if (!strcmp(p->c->constant[i].name, name))
                return p->c->constant[i].value;
        return NONE;
    case TENSOR:                /* a row stands for all rows */
        if (!o || o == t || o->cols != t->cols || (o->rows != t->rows && o->rows != 1))
            return NONE;
        return (o->right ? o->right : o->before)[(o->rows == 1 ? 0 : p->i) * o->cols + p->k];
    case FIRST_ROW_OF:
    case LAST_ROW_OF:
        if (!o || t->rows != 1 || o->rows != p->c->N || o->cols != t->cols)
            return NONE;
        return o->before[(x == FIRST_ROW_OF ? 0 : o->rows - 1) * o->cols + p->k];
    case TRANSPOSED: return t->right[at % t->rows * t->cols + at / t->rows];
    case FIRST_ROW: return p->i == 0;
    case LAST_ROW: return p->i == t->rows - 1;
    case FIRST_COL: return p->k == 0;
    case LAST_COL: return p->k == t->cols - 1;
    }
    return NONE;
}

/* What would be at this place? */
static double guessed(const Guess *g, const Place *p, const char *name)
{
    size_t at = p->i * p->t->cols + p->k;
    double was = p->t->before[at], right = p->t->right[at], x = number(g->x, p, name);
    if (x == NONE)
        return NONE;
    switch (g->formula) {
    case LEFT: return was;
    case X: return x;
    case ZERO: return 0;
    case TIMES: return x * right;
    case STEP: return p->t->role == MOVES ? was + x * (right - was) : NONE;
    case AGAINST: return -x * right;
    case ADDED: return was + right;
    case ONLY: return x != 0 ? right : was;
    case ALL_BUT: return x != 0 ? was : right;
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
    switch (g->x) {
    case FAULT: return fault_name(p->part, i);
    case CONSTANT: return i < p->c->constants ? p->c->constant[i].name : NULL;
    case TENSOR: case FIRST_ROW_OF: case LAST_ROW_OF: return i < p->c->tensors ? p->c->tensor[i].name : NULL;
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
    char ratio[40] = "";
    double c = number(g->x, p, name);
    if (g->x == CONSTANT)
        snprintf(ratio, sizeof ratio, "%.4g %s", c, c < 1 ? "of" : "times");
    *text = 0;
    if (*ratio && !strcmp(name, "-1"))
        add_text(text, size, "%s the negative of what it should be", g->formula == STEP ? "the change is" : "it is");
    else
        add_text(text, size, g->sentence, *ratio ? ratio : name, name);
    if (*ratio && strchr(name, 'N'))
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
