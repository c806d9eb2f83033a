/* judge.c: compares what a part left with recorded numbers, and says what is wrong */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "board.h"

static void entry_name(const Tensor *t, size_t i, char text[64])
{
    if (entries(t) == 1)
        snprintf(text, 64, "%s", t->name);
    else if (t->rows == 1)
        snprintf(text, 64, "%s[%zu]", t->name, i);
    else
        snprintf(text, 64, "%s[%zu,%zu]", t->name, i / t->cols, i % t->cols);
}

/* two numbers, with as many digits as it takes to tell them apart */
static void two_numbers(double a, double b, char as[32], char bs[32])
{
    for (int digits = 4; digits <= 17; digits += digits == 16 ? 1 : 4) {
        snprintf(as, 32, "%.*g", digits, isnan(a) ? fabs(a) : a);
        snprintf(bs, 32, "%.*g", digits, b);
        if (strcmp(as, bs))
            return;
    }
}

static void show_matrix(const char *title, const Tensor *t, const double *numbers, Verdict *v)
{
    add_text(v->details, sizeof v->details, "\t%s %s (%zu x %zu)\n", t->name, title, t->rows, t->cols);
    for (size_t i = 0; i < t->rows && i < 6; i++) {
        for (size_t k = 0; k < t->cols && k < 6; k++)
            add_text(v->details, sizeof v->details, "%s %11.5g", k ? "" : "\t", numbers[i * t->cols + k]);
        add_text(v->details, sizeof v->details, "%s\n", t->cols > 6 ? " ..." : "");
    }
    if (t->rows > 6)
        add_text(v->details, sizeof v->details, "\t         ...\n");
}

bool tensor_is_right(const char *part, Case *cases, size_t count, size_t number, const char *name, Verdict *v)
{
    Tensor *t = find_tensor(&cases[number], name);
    char entry[64], is[32], should[32], cause[400];
    size_t i = first_wrong(t);
    if (i == entries(t))
        return true;
    entry_name(t, i, entry);
    two_numbers(t->after[i], t->right[i], is, should);
    find_cause(part, cases, count, number, name, cause, sizeof cause);
    show_matrix("is", t, t->after, v);
    show_matrix("should be", t, t->right, v);
    return blame(v, name, "%s is %s, should be %s%s%s", entry, is, should, *cause ? ": " : "", cause);
}

bool nothing_else_changed(Case *cases, size_t count, Verdict *v)
{
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; t < cases[n].tensors; t++) {
            Tensor *T = &cases[n].tensor[t];
            char entry[64], was[32], is[32];
            size_t i = 0;
            while (i < entries(T) && !memcmp(&T->before[i], &T->after[i], sizeof(double)))
                i++;
            if (T->role != STAYS || i == entries(T))
                continue;
            if (!strcmp(T->name, "d->rng"))
                return blame(v, T->name, "draws from %s; that is only for the way forward in training", T->name);
            entry_name(T, i, entry);
            two_numbers(T->before[i], T->after[i], was, is);
            return blame(v, T->name, "changes %s from %s to %s; that should stay as it is", entry, was, is);
        }
    return true;
}

bool numbers_are_right(const char *part, Case *cases, size_t count, Verdict *v)
{
    bool right = nothing_else_changed(cases, count, v);
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; right && t < cases[n].tensors; t++)
            right = tensor_is_right(part, cases, count, n, cases[n].tensor[t].name, v);
    return right;
}
