/* judge.c: what a run of a part came to, from what it sent and how it ended; where it ended well, compares what it
   left with recorded numbers, and says what is wrong */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

/* -- recorded numbers, right ones first, and what typical faults make of them */
#define nan NAN
#define inf INFINITY
static const Record records[] = {
#include "expected.inc"
};
static bool new_numbers;        /* of which nothing is recorded */

const Record *recorded(const char *part, const Tensor *t, size_t number)
{
    for (size_t i = 0; !new_numbers && i < sizeof records / sizeof *records; i++)
        if (!strcmp(records[i].part, part) && !strcmp(records[i].tensor, t->name) && !number--)
            return &records[i];
    return NULL;
}

/* 2b is given what 2a makes of the same X, and 5b what 5a makes of the same Z. */
void expect(Part *part, Part *answered)
{
    const char *before = !strcmp(part->name, "2b") ? "2a" : !strcmp(part->name, "5b") ? "5a" : "";
    new_numbers = answered;
    for (Tensor *t = part->tensor; t < part->tensor + part->tensors; t++) {
        const Record *right = recorded(part->name, t, 0), *given = recorded(before, t, 0);
        const Tensor *left = answered ? find_tensor(&answered->cases[t->of->number], t->name) : NULL;
        const double *is = left ? left->after : given ? given->values + t->skip : NULL;
        t->right = t->role == FREE ? NULL : left ? left->after : right ? right->values + t->skip : NULL;
        if (is && t->role == STAYS)
            memcpy(t->before, is, entries(t) * sizeof *is);
        if (t->of->in_place && t->role == MADE)
            memcpy(t->before, find_tensor(t->of, "P")->before, entries(t) * sizeof *t->before);
    }
}

/* -- what is said of them */
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
    snprintf(text, 64, "%s", t->name);
    if (t->rows > 1)
        add_text(text, 64, "[%zu,%zu]", i / t->cols, i % t->cols);
    else if (t->cols > 1)
        add_text(text, 64, "[%zu]", i);
}

/* two numbers, with as many digits as it takes to tell them apart; how many? */
static int two_numbers(double a, double b, char as[32], char bs[32])
{
    int digits = 0;
    do {
        digits += 4;
        snprintf(as, 32, "%.*g", digits, isnan(a) ? fabs(a) : a);
        snprintf(bs, 32, "%.*g", digits, b);
    } while (!strcmp(as, bs) && digits < 17);
    return digits < 5 ? 5 : digits;
}

/* its first rows and columns; one row is one line */
static void show(const char *title, const Tensor *t, const double *numbers, int digits, Verdict *v)
{
    size_t size = sizeof v->details, cols = t->cols < 6 ? t->cols : 6;
    add_text(v->details, size, "\t%s%s", t->name, title);
    add_text(v->details, size, t->rows > 1 ? " (%zu x %zu)\n" : "", t->rows, t->cols);
    for (size_t i = 0; i < t->rows && i < 6; i++) {
        for (size_t k = 0; k < cols; k++)
            add_text(v->details, size, "%s %*.*g", k || t->rows == 1 ? "" : "\t", t->rows == 1 ? 1 : digits + 6, digits,
                     numbers[i * t->cols + k]);
        add_text(v->details, size, "%s\n", t->cols > 6 ? " ..." : "");
    }
    if (t->rows > 6)
        add_text(v->details, size, "\t         ...\n");
}

/* what this case gave to the part */
static void show_inputs(Case *c, Verdict *v)
{
    add_text(v->details, sizeof v->details, "\tfrom\n");
    for (Tensor *t = c->tensor; t < c->tensor + c->tensors; t++)
        if (entries(t) && (t->role == STAYS || t->role == MOVES) && strcmp(t->name, "d->rng"))
            show(t->rows > 1 ? "" : " =", t, t->before, 7, v);
}

/* the first entry that isn't as it should be, one that is no finite number before others; or their number */
static size_t wrong_entry(const Tensor *t)
{
    size_t i = t->role == STAYS ? 0 : first_wrong(t), n = entries(t);
    while (t->role == STAYS && i < n && !memcmp(&t->before[i], &t->after[i], sizeof(double)))
        i++;
    for (size_t k = i; k < n; k++)
        if (!isfinite(t->after[k]))
            return k;
    return i;
}

/* The smallest case that shows what is wrong: one or two entries would show too little. */
static Tensor *smallest(Part *part, Tensor *t)
{
    Tensor *best = t;
    EACH_CASE(u, t, part)
        if (wrong_entry(u) < entries(u) && entries(u) > 2 && entries(u) < entries(best))
            best = u;
    return best;
}

static bool tensor_is_right(Part *part, Tensor *t, Verdict *v)
{
    char entry[64], is[32], should[32], cause[400];
    if (wrong_entry(t) == entries(t))
        return true;
    t = smallest(part, t);
    bool stays = t->role == STAYS;
    const double *right = stays ? t->before : t->right;
    size_t i = wrong_entry(t);
    Case *c = t->of;
    v->number = c->number;
    entry_name(t, i, entry);
    int digits = two_numbers(t->after[i], right[i], is, should);
    if (!strcmp(t->name, "d->rng"))
        return blame(v, t->name, "draws from %s; that is only for the way forward in training", t->name);
    if (stays)
        return blame(v, t->name, "changes %s from %s to %s; that should stay as it is", entry, should, is);
    find_cause(part, t, cause, sizeof cause);
    show(" is", t, t->after, digits, v);
    show(" should be", t, right, digits, v);
    show_inputs(c, v);
    return blame(v, t->name, "%s is %s, should be %s%s%s%s", entry, is, should, *cause ? ": " : "", cause,
                 !c->training ? " (in evaluation)" : c->in_place ? " (where dZ and P are the same memory)" : "");
}

static bool is_right(Part *part, Verdict *v)
{
    bool right = true;
    if (!strcmp(part->name, "3a"))
        expect_mask(part);
    for (int stays = 1; stays >= 0; stays--)
        for (size_t t = 0; right && t < part->tensors; t++)
            right = (part->tensor[t].role == STAYS) != stays || tensor_is_right(part, &part->tensor[t], v);
    if (right && !strcmp(part->name, "3a"))
        return dropout_is_right(part->cases, v);
    return right && (strcmp(part->name, "4a") || catch_is_right(part, v));
}

size_t bytes_of(const Part *part)
{
    size_t numbers = 0;
    for (const Tensor *t = part->tensor; t < part->tensor + part->tensors; t++)
        numbers += entries(t);
    return WORD + numbers * sizeof(double);
}

bool unpack(Part *part, const double *sent, size_t bytes)
{
    size_t used = 1;            /* the word is as long as a number */
    for (Tensor *t = part->tensor; t < part->tensor + part->tensors; t++) {
        t->after = sent + used;
        used += entries(t);
    }
    return bytes == bytes_of(part) && !memcmp(sent, "numbers ", WORD);
}

/* a sanitizer's word for it, as a sentence; a sentence as it is */
static const char *sentence_for(const char *word)
{
    static const char *const known[][2] = {
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

Verdict judge(Part *part, const double *sent, size_t bytes, const char *trouble, const char *otherwise)
{
    const char *word = (const char *)sent;
    Verdict v = { .state = "wrong" };
    if (*trouble) {
        blame(&v, "", "%s", trouble);
    } else if (!strncmp(word, "fault ", 6)) {
        v.number = strtoul((char[]){ word[6], word[7], 0 }, NULL, 10);
        blame(&v, "", "%s", sentence_for(word + WORD));
    } else if (!strcmp(word, "stub    ")) {
        v.state = "not begun";
    } else if (!unpack(part, sent, bytes)) {
        blame(&v, "", "%s", *otherwise ? otherwise : "ends before its end");
    } else if (is_right(part, &v)) {
        v.state = "done";
    }
    return v;
}
