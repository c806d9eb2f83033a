/* judge.c: what a run of a part came to, from what it sent and how it ended; where it ended well, compares what it
   left with recorded numbers, and says what is wrong */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "board.h"

void add_text(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

bool blame(Verdict *v, const char *word, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(v->message, sizeof v->message, format, arguments);
    va_end(arguments);
    snprintf(v->word, sizeof v->word, "%s", word);
    return false;
}

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

static bool numbers_are_right(const char *part, Case *cases, size_t count, Verdict *v)
{
    bool right = nothing_else_changed(cases, count, v);
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; right && t < cases[n].tensors; t++)
            right = tensor_is_right(part, cases, count, n, cases[n].tensor[t].name, v);
    return right;
}

/* What was sent, into the cases.  Returns the text of a fault, NULL where it came to its end without one. */
static const char *unpack(const char *p, const char *end, Case *cases, size_t count, bool *not_begun)
{
    size_t n = 0;
    for (; end - p >= 2 && *p == 'C' && n < count; n++) {
        *not_begun |= p[1];
        p += 2;
        for (size_t t = 0; t < cases[n].tensors; t++) {
            Tensor *T = &cases[n].tensor[t];
            size_t bytes = entries(T) * sizeof(double);
            if ((size_t)(end - p) < bytes)
                return "";
            memcpy(T->after = zeroed(bytes), p, bytes);
            p += bytes;
        }
    }
    return end - p < 2 ? "" : *p == 'F' ? p + 2 : *p == 'E' && n == count ? NULL : "";
}

/* a sanitizer's word for it, as a sentence */
static const char *sentence_for(const char *word)
{
    static const char *const known[][2] = {
        { "endless", "does not come to an end: stopped after 2 seconds" },
        { "exit", "ends the program (exit), which no part has to do" },
        { "open", "opens a file, which no part has to do" },
        { "allocation-size-too-big", "asks for more memory than a part may have (64 MB)" },
        { "out-of-memory", "asks for more memory than a part may have (64 MB)" },
        { "stack-overflow", "fills the stack: a recursion without end, or a large array" },
        { "buffer-overflow", "reads or writes outside an array" },
        { "use-after-free", "uses memory after free" },
        { "double-free", "frees the same memory twice" },
        { "bad-free", "frees what is not its own" },
        { "not malloc()-ed", "frees what is not its own" },
        { "SEGV", "uses an address where nothing is (NULL, or far outside an array)" },
        { "wild-", "uses an address where nothing is (far outside an array)" },
        { "null-deref", "uses an address where nothing is (NULL)" },
        { "signal", "calls abort, or a function that was given wrong shapes does" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(word, known[i][0]))
            return known[i][1];
    return word;
}

Verdict judge(const char *part, Case *cases, size_t count, const char *sent, size_t bytes,
              const char *trouble, const char *otherwise)
{
    Verdict v = { .state = "wrong", .fault = true };
    bool not_begun = false, right = false;
    const char *fault = unpack(sent, sent + bytes, cases, count, &not_begun);
    if (*trouble || fault) {
        blame(&v, "", "%s", *trouble ? trouble : *fault ? sentence_for(fault) : *otherwise ? otherwise : "ends before its end");
    } else if (not_begun) {
        v.state = "not begun";
    } else {
        v.fault = false;
        right = !strcmp(part, "3a") ? dropout_is_right(cases, count, &v)
            : !strcmp(part, "4a") ? catch_is_right(cases, count, &v) : numbers_are_right(part, cases, count, &v);
        v.state = right ? "done" : "wrong";
    }
    return v;
}
