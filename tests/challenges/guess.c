/* guess.c: each guess says what a typical fault would have left; the first that explains all cases is the cause */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "board.h"

#define NONE (-1e308)           /* a guess has nothing to say here */

/* What a fault makes of a number: from what it was, what's right, and another number x */
typedef enum { X, TIMES, STEP, AGAINST, ALL_BUT, OVER, PLUS, MINUS, TURNED, SQUARE, ROOT, INVERSE } Formula;

/* What x is: 0; 0, and all is right where N is 1; -1; what the number was; recorded; one of the ratios below; an entry of
   another tensor; of one that has this one's numbers; of the right one, transposed; or 1 at an edge: in the first or last
   row or column.  Where there are several of a kind they are tried one after the other. */
typedef enum { ZERO, BUT_FOR_ONE, MINUS_ONE, WAS, FAULT, RATIO, TENSOR, EXCHANGED, FIRST_ROW_OF, LAST_ROW_OF, TRANSPOSED, EDGE } Source;

typedef struct {
    Formula formula;
    Source x;
    const char *sentence;       /* with what x is and its name */
} Guess;

static const Guess guesses[] = {
#include "guesses.inc"
};

/* A ratio is a form of a number x and of the other one, y, that it may be mixed up with: |1 - x|. */
static const struct { const char *x, *y, *tensor; double otherwise; } numbers[] = {
    { "2", "1", "", 2 },
    { "N", "N-1", "", 0 },      /* the case's */
    { "beta", "1-beta", "o->beta", NAN },
    { "rate", "1-rate", "o->rate", NAN },
    { "p", "1-p", "d->p", NAN },
    { "rho", "1-rho", "", 0.9 },
};
static const struct { const char *name; int of_x, of_y; } forms[] = {
    { "x", 1, 0 }, { "1/x", -1, 0 }, { "x^2", 2, 0 }, { "1/x^2", -2, 0 }, { "y", 0, 1 }, { "1/(y)", 0, -1 },
    { "x/(y)", 1, -1 }, { "(y)/x", -1, 1 }, { "(y)^2", 0, 2 }, { "1/(y)^2", 0, -2 },
};
enum { NUMBERS = sizeof numbers / sizeof *numbers, FORMS = sizeof forms / sizeof *forms };

static double ratio(Case *c, size_t which)
{
    size_t n = which / FORMS, f = which % FORMS;
    const Tensor *t = find_tensor(c, numbers[n].tensor);
    double x = t ? *t->before : numbers[n].otherwise == 0 ? (double)c->N : numbers[n].otherwise;
    double value = pow(x, forms[f].of_x) * pow(fabs(1 - x), forms[f].of_y);
    return isfinite(value) && value != 0 ? value : NONE;
}

static const char *name_of_ratio(size_t which, char text[40])
{
    *text = 0;
    for (const char *f = forms[which % FORMS].name; *f; f++)
        add_text(text, 40, "%s", *f == 'x' ? numbers[which / FORMS].x : *f == 'y' ? numbers[which / FORMS].y : (char[]){ *f, 0 });
    return text;
}

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
    return first_wrong(t) < entries(t);
}

/* What x is at this entry */
static double number(Source x, Part *part, const Tensor *t, size_t at, size_t which)
{
    Case *c = t->of;
    size_t row = at / t->cols, col = at % t->cols;
    const Tensor *o = which < c->tensors ? &c->tensor[which] : t;       /* the other one; a row stands for all rows */
    bool alike = o != t && o->cols == t->cols && (o->rows == t->rows || o->rows == 1);
    const bool edges[] = { row == 0, row == t->rows - 1, col == 0, col == t->cols - 1 };
    bool is_batch = t->rows == 1 && o->rows == c->N && o->cols == t->cols;
    switch (x) {
    case ZERO: case BUT_FOR_ONE: return 0;
    case MINUS_ONE: return -1;
    case WAS: return t->before[at];
    case FAULT: return recorded(part->name, t, which + 1)->values[t->skip + at];
    case RATIO: return ratio(c, which);
    case TENSOR: return alike ? (o->right ? o->right : o->before)[(o->rows == 1 ? 0 : row) * o->cols + col] : NONE;
    case EXCHANGED: return alike && o->rows == t->rows && o->right && same(o->after[at], t->right[at], scale(t)) ? o->right[at] : NONE;
    case FIRST_ROW_OF: return is_batch ? o->before[col] : NONE;
    case LAST_ROW_OF: return is_batch ? o->before[(o->rows - 1) * o->cols + col] : NONE;
    case TRANSPOSED: return t->right[at % t->rows * t->cols + at / t->rows];
    case EDGE: return edges[which];
    }
    return NONE;
}

/* What would be at this entry? */
static double guessed(const Guess *g, const Tensor *t, size_t at, double x)
{
    double was = t->before[at], right = t->right[at];
    if (x == NONE)
        return NONE;
    switch (g->formula) {
    case X: return x;
    case TIMES: return x * right;
    case STEP: return was + x * (right - was);
    case AGAINST: return -x * right;
    case ALL_BUT: return right + x * (was - right);
    case OVER: return x == 0 ? NONE : right / x;
    case PLUS: return right + x;
    case MINUS: return right - x;
    case TURNED: return right - 2 * x;
    case SQUARE: return right * right;
    case ROOT: return sqrt(right);
    case INVERSE: return 1 / right;
    }
    return NONE;
}

/* Does it explain this tensor; or all cases in which it is wrong? */
static bool explains(const Guess *g, Part *part, const Tensor *t, size_t which, bool all)
{
    size_t compared = 0;
    EACH_CASE(u, t, part) {
        bool wanted = all ? is_wrong(u) : u == t;
        double size = wanted ? scale(u) : 0;
        for (size_t i = 0; wanted && i < entries(u); i++) {
            double x = guessed(g, u, i, number(g->x, part, u, i, which));
            if (x == NONE && g->x == RATIO && all && !isfinite(u->after[i]))
                continue;       /* where nobody could divide, either */
            if (x == NONE || !same(u->after[i], x, size))
                return false;
            compared++;
        }
    }
    return compared > 0;
}

/* Is the tensor right in some cases, and wrong in others, as the numbers say?  values: those of the cases in which it is
   right, as a text; one of them, unless any will do.  A case in which all is zero tells nothing. */
static bool depends_on(Part *part, const Tensor *t, const Tensor *number, char *values, size_t size)
{
    size_t count = 0;
    double right_for[MAX_CASES];
    *values = 0;
    for (int wrong = 0; wrong < 2; wrong++)
        EACH_CASE(u, t, part) {
            Case *c = u->of;
            double x = number ? *find_tensor(c, number->name)->before : (double)c->N;
            size_t k = 0, zeros = 0;
            while (zeros < entries(u) && u->right[zeros] == 0)
                zeros++;
            if (zeros == entries(u) || is_wrong(u) != wrong)
                continue;
            while (k < count && right_for[k] != x)
                k++;
            if (wrong && k < count)
                return false;
            if (!wrong && k == count) {
                right_for[count++] = x;
                add_text(values, size, "%s%g", *values ? ", " : "", x);
            }
        }
    return count > 0 && (count == 1 || !number);
}

/* NULL after the last */
static const char *name_of(Source x, Part *part, const Tensor *t, size_t which, char text[40])
{
    static const char *const edges[2][4] = {
        { "first row", "last row", "first column", "last column" }, { "row", "row", "first entry", "last entry" }
    };
    switch (x) {
    case FAULT: return recorded(part->name, t, which + 1) ? recorded(part->name, t, which + 1)->fault : NULL;
    case RATIO: return which < NUMBERS * FORMS ? name_of_ratio(which, text) : NULL;
    case BUT_FOR_ONE: return which || !depends_on(part, t, NULL, text, 40) || strcmp(text, "1") ? NULL : "";
    case TENSOR: case EXCHANGED: case FIRST_ROW_OF: case LAST_ROW_OF:
        return which < part->cases[0].tensors ? part->tensor[which].name : NULL;
    case EDGE: return which < 4 ? edges[t->rows == 1][which] : NULL;
    default: return which ? NULL : "";
    }
}

static void say(const Guess *g, const char *name, Case *c, size_t which, char *text, size_t size)
{
    double x = g->x == RATIO ? ratio(c, which) : NONE;
    add_text(text, size, g->sentence, name);
    if (x != NONE && strcmp(name, "2")) {
        add_text(text, size, " (%.4g", x);
        add_text(text, size, strchr(name, 'N') ? " for N = %zu)" : ")", c->N);
    }
}

/* Of what is wrong, in all cases */
typedef struct {
    size_t cases, entries;
    bool in_first_row, in_first_col;
    bool far;                   /* by more than rounding to seven digits */
    bool by_columns;            /* right where there is one column, and wrong where there are more */
} Wrong;

static Wrong all_wrong(Part *part, const Tensor *t)
{
    Wrong w = { .by_columns = true };
    EACH_CASE(u, t, part) {
        double size = scale(u);
        bool wrong = false;
        for (size_t k = 0; k < entries(u); k++) {
            bool bad = !same(u->after[k], u->right[k], size);
            wrong |= bad;
            w.entries += bad;
            w.in_first_row |= bad && k < u->cols;
            w.in_first_col |= bad && k % u->cols == 0;
            w.far |= !(fabs(u->after[k] - u->right[k]) <= 2e-6 * fmax(fabs(u->right[k]), size));
        }
        w.cases += wrong;
        w.by_columns &= wrong == (u->cols > 1);
    }
    w.by_columns &= w.cases < part->count;
    return w;
}

/* where no guess fits */
static void say_less(Part *part, const Tensor *t, const Wrong *all, char *text, size_t size)
{
    size_t first = first_wrong(t), row = first / t->cols, col = first % t->cols;
    char values[100];
    double most = scale(t);
    bool finite = true, signs = true, one_row = t->rows > 1, one_col = t->cols > 1;
    for (size_t i = 0; i < entries(t); i++) {
        bool bad = !same(t->after[i], t->right[i], most);
        finite &= isfinite(t->after[i]) != 0;
        signs &= same(fabs(t->after[i]), fabs(t->right[i]), most);
        one_row &= !bad || i / t->cols == row;
        one_col &= !bad || i % t->cols == col;
    }
    if (!strcmp(part->name, "2a") && all->cases == 1 && t->of == &part->cases[4])
        add_text(text, size, "the shortcut, mean of the squares less square of the mean, loses the digits when X is far from 0");
    else if (!finite)
        add_text(text, size, *part->name == '5' ? "it is not a finite number (an exponential that overflows, 0/0 "
                 "where all underflow, or a variable that was never given a value?)"
                 : "it is not a finite number (a division by zero, the root of a negative one, or a variable that was never given a value?)");
    else if (*part->name == '2' && !all->in_first_col && all->entries > 1)
        add_text(text, size, "only the first column is right; do the sums begin anew for each?");
    else if (*part->name == '5' && !all->in_first_row && all->entries > 1)
        add_text(text, size, "only the first row is right; does each begin anew?");
    else if (all->by_columns)
        add_text(text, size, "it is right where there is one column, and only there: is each column by itself?");
    else if (signs)
        add_text(text, size, "the sizes are right, some signs are wrong");
    else if (one_row)
        add_text(text, size, "only row %zu is wrong", row);
    else if (one_col)
        add_text(text, size, "only column %zu is wrong", col);
    else if (part->cases[0].N && depends_on(part, t, NULL, values, sizeof values) && !strcmp(values, "1"))
        add_text(text, size, "it is right where N is 1, and only there%s", *part->name != '2' ? "" :
                 ": is a 1/N missing, or a factor of Xhat wrong, which is 0 there?");
}

/* a number where a name should stand */
static void say_number(Part *part, const Tensor *t, char *text, size_t size)
{
    char value[100];
    for (const Tensor *number = part->tensor; number < part->tensor + part->cases[0].tensors; number++)
        if (!*text && entries(number) == 1 && (number->role == STAYS || !strcmp(number->name, "o->t")) &&
            depends_on(part, t, number, value, sizeof value))
            add_text(text, size, "it is right where %s is %s, and only there", number->name, value);
}

/* A recorded fault that explains one case: does no other, and where that has one column, also one with more?  For one column
   is as good as no division, or as a 1. */
static bool is_certain(const Guess *g, Part *part, const Tensor *t, size_t which, const char *name)
{
    const char *other;
    char room[40];
    bool more = false, found = t->cols > 1;
    for (size_t i = 0; (other = name_of(g->x, part, t, i, room)); i++)
        if (strcmp(other, name) && explains(g, part, t, i, false))
            return false;
    EACH_CASE(u, t, part)
        if (t->cols == 1 && u->cols > 1 && is_wrong(u)) {
            more = true;
            found |= explains(g, part, u, which, false);
        }
    return found || !more;
}

void find_cause(Part *part, Tensor *t, char *text, size_t size)
{
    char room[40];
    const char *name;
    Wrong wrong = all_wrong(part, t);
    *text = 0;
    /* what explains all cases first; then what explains this one, if it has entries enough */
    for (int all = 1; !*text && all >= (entries(t) < 3); all--) {
        for (const Guess *g = guesses; g < guesses + sizeof guesses / sizeof *guesses; g++)
            for (size_t i = 0; !*text && (name = name_of(g->x, part, t, i, room)); i++)
                if (explains(g, part, t, i, all) && (all || g->x != FAULT || is_certain(g, part, t, i, name)))
                    say(g, name, t->of, i, text, size);
        if (all && !*text && !wrong.far && wrong.cases > 1)
            add_text(text, size, "it is right to some seven digits: is there a float, or a constant that is rounded?");
        if (all && !*text && *part->name == '1' && wrong.by_columns)
            add_text(text, size, "it is right where count is 1, and only there");
        if (all && !*text)
            say_number(part, t, text, size);
    }
    if (!*text)
        say_less(part, t, &wrong, text, size);
}
