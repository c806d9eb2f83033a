/* judge.c: compares what a part left with recorded numbers, and says what is wrong */
#include <math.h>
#include <string.h>
#include "guess.h"

static void entry_name(const Tensor *t, size_t i, char *text, size_t size)
{
    if (entries(t) == 1)
        snprintf(text, size, "%s", t->name);
    else if (t->rows == 1)
        snprintf(text, size, "%s[%zu]", t->name, i);
    else
        snprintf(text, size, "%s[%zu,%zu]", t->name, i / t->cols, i % t->cols);
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

static void show_matrix(const char *title, const Tensor *t, const double *numbers, FILE *details)
{
    fprintf(details, "\t%s %s (%zu x %zu)\n", t->name, title, t->rows, t->cols);
    for (size_t i = 0; i < t->rows && i < 6; i++) {
        fprintf(details, "\t");
        for (size_t k = 0; k < t->cols && k < 6; k++)
            fprintf(details, " %11.5g", numbers[i * t->cols + k]);
        fprintf(details, "%s\n", t->cols > 6 ? " ..." : "");
    }
    if (t->rows > 6)
        fprintf(details, "\t         ...\n");
}

bool tensor_is_right(const char *part, Case *cases, size_t count, size_t number, const char *name,
                     char *message, char *word, FILE *details)
{
    Place p = place(part, cases, number, name);
    char entry[64], is[32], should[32], cause[400];
    size_t i = 0;
    if (!wrong_there(&p))
        return true;
    double size = scale(p.t);
    while (same(p.t->after[i], p.t->right[i], size))
        i++;
    entry_name(p.t, i, entry, sizeof entry);
    two_numbers(p.t->after[i], p.t->right[i], is, should);
    find_cause(&p, cases, count, cause, sizeof cause);
    snprintf(message, MAX_TEXT, "%s is %s, should be %s%s%s", entry, is, should, *cause ? ": " : "", cause);
    strcpy(word, p.t->name);
    show_matrix("is", p.t, p.t->after, details);
    show_matrix("should be", p.t, p.t->right, details);
    return false;
}

bool nothing_else_changed(Case *cases, size_t count, char *message, char *word, FILE *details)
{
    (void)details;
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; t < cases[n].tensors; t++) {
            Tensor *T = &cases[n].tensor[t];
            char entry[64], was[32], is[32];
            size_t i = 0;
            while (i < entries(T) && !memcmp(&T->before[i], &T->after[i], sizeof(double)))
                i++;
            if (T->role != STAYS || i == entries(T))
                continue;
            entry_name(T, i, entry, sizeof entry);
            two_numbers(T->before[i], T->after[i], was, is);
            strcpy(word, T->name);
            if (!strcmp(T->name, "d->rng"))
                snprintf(message, MAX_TEXT, "draws from d->rng; that is only for the way forward in training");
            else
                snprintf(message, MAX_TEXT, "changes %s from %s to %s; that should stay as it is", entry, was, is);
            return false;
        }
    return true;
}

bool judge_numbers(const char *part, Case *cases, size_t count, char *message, char *word, FILE *details)
{
    if (!nothing_else_changed(cases, count, message, word, details))
        return false;
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; t < cases[n].tensors; t++)
            if (!tensor_is_right(part, cases, count, n, cases[n].tensor[t].name, message, word, details))
                return false;
    return true;
}
