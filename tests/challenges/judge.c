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
    int digits = 4;
    do {
        snprintf(as, 32, "%.*g", digits, isnan(a) ? fabs(a) : a);
        snprintf(bs, 32, "%.*g", digits, b);
    } while (!strcmp(as, bs) && digits++ < 17);
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

static bool tensor_is_right(Part *part, Tensor *t, Verdict *v)
{
    char entry[64], is[32], should[32], cause[400];
    size_t i = first_wrong(t);
    if (i == entries(t))
        return true;
    entry_name(t, i, entry);
    two_numbers(t->after[i], t->right[i], is, should);
    find_cause(part, t, cause, sizeof cause);
    show_matrix("is", t, t->after, v);
    show_matrix("should be", t, t->right, v);
    return blame(v, t->name, "%s is %s, should be %s%s%s%s", entry, is, should, *cause ? ": " : "", cause,
                 case_of(part, t)->training ? "" : " (in evaluation)");
}

static bool stays(const Tensor *t, Verdict *v)
{
    char entry[64], was[32], is[32];
    size_t i = 0;
    while (i < entries(t) && !memcmp(&t->before[i], &t->after[i], sizeof(double)))
        i++;
    if (t->role != STAYS || i == entries(t))
        return true;
    if (!strcmp(t->name, "d->rng"))
        return blame(v, t->name, "draws from %s; that is only for the way forward in training", t->name);
    entry_name(t, i, entry);
    two_numbers(t->before[i], t->after[i], was, is);
    return blame(v, t->name, "changes %s from %s to %s; that should stay as it is", entry, was, is);
}

static bool is_right(Part *part, Verdict *v)
{
    bool right = true;
    for (size_t t = 0; right && t < part->tensors; t++)
        right = stays(&part->tensor[t], v);
    if (!strcmp(part->name, "3a"))
        expect_mask(part);
    for (size_t t = 0; right && t < part->tensors; t++)
        right = tensor_is_right(part, &part->tensor[t], v);
    if (right && !strcmp(part->name, "3a"))
        return dropout_is_right(part->cases, v);
    return right && (strcmp(part->name, "4a") || catch_is_right(part, v));
}

size_t sent_bytes(const Part *part)
{
    size_t count = 1;           /* the word is as long as a number */
    for (size_t t = 0; t < part->tensors; t++)
        count += entries(&part->tensor[t]);
    return count * sizeof(double);
}

bool unpack(Part *part, const char *sent, size_t bytes)
{
    const double *next = (const double *)sent + 1;
    if (bytes != sent_bytes(part) || memcmp(sent, "numbers ", WORD))
        return false;
    for (size_t t = 0; t < part->tensors; t++) {
        part->tensor[t].after = next;
        next += entries(&part->tensor[t]);
    }
    return true;
}

/* a sanitizer's word for it, as a sentence */
static const char *sentence_for(const char *word)
{
    static const char *const known[][2] = {
        { "endless", "does not come to an end: stopped after 2 seconds" },
        { "waiting", "waits: stopped after 9 seconds" },
        { "flood", "prints or writes more than 64 MB" },
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

Verdict judge(Part *part, const char *sent, size_t bytes, const char *trouble, const char *otherwise)
{
    Verdict v = { .state = "wrong", .fault = true };
    if (*trouble) {
        blame(&v, "", "%s", trouble);
    } else if (!strncmp(sent, "fault   ", WORD)) {
        blame(&v, "", "%s", sentence_for(sent + WORD));
    } else if (!strcmp(sent, "stub    ")) {
        v.state = "not begun";
    } else if (!unpack(part, sent, bytes)) {
        blame(&v, "", "%s", *otherwise ? otherwise : "ends before its end");
    } else {
        v.fault = false;
        v.state = is_right(part, &v) ? "done" : "wrong";
    }
    return v;
}
