/* properties.c: 3a draws numbers and may draw them in any right way, so the mask is judged by what must
   hold of it; 4a is judged by its answers.  The numbers of the cases are those of cases.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"
#include "bugs.h"

static bool say(char *message, char *word, const char *about, const char *text)
{
    snprintf(message, MAX_TEXT, "%s", text);
    strcpy(word, about);
    return false;
}

static size_t entries(const Tensor *t)
{
    return t->rows * t->cols;
}

/* so many of so many happened; is that chance p, within 5 standard deviations? */
static bool likely(size_t happened, size_t of, double p)
{
    double n = (double)of;
    return fabs((double)happened - n * p) <= 5 * sqrt(n * p * (1 - p));
}

/* Every entry of the mask is 0 or 1/(1-p). */
static bool entries_of_mask(Case *c, char *message, char *word)
{
    Tensor *M = find_tensor(c, "M");
    double p = *find_tensor(c, "d->p")->before, kept = 1 / (1 - p);
    for (size_t i = 0; i < entries(M); i++) {
        double m = M->after[i];
        const char *why = m == M->before[i] ? "it is left as it was; the way back needs the mask"
            : p == 0 ? "" : m == 1 ? "the factor 1/(1-p) isn't in the mask"
            : fabs(m - 1 / p) < 1e-9 ? "it is 1/p" : fabs(m - (1 - p)) < 1e-9 ? "it is 1-p"
            : fabs(m - kept * kept) < 1e-9 ? "the factor 1/(1-p) is in it twice" : "";
        if (m == 0 || fabs(m - kept) < 1e-9)
            continue;
        char text[MAX_TEXT];
        snprintf(text, sizeof text, "M[%zu,%zu] is %.4g, should be 0 or 1/(1-p) = %.4g%s%s", i / M->cols,
                 i % M->cols, m, kept, *why ? ": " : "", why);
        return say(message, word, "M", text);
    }
    return true;
}

/* Z is X times the mask that was kept. */
static void expect_Z(Case *c)
{
    Tensor *X = find_tensor(c, "X"), *Z = find_tensor(c, "Z"), *M = find_tensor(c, "M");
    double *right = calloc(entries(Z) + 1, sizeof *right);
    if (!right)
        exit(2);
    for (size_t i = 0; i < entries(Z); i++)
        right[i] = M ? X->before[i] * M->after[i] : X->before[i];
    Z->right = right;
}

/* The share of zeros; and neighbours are alike no oftener than independent ones. */
static bool mask_is_random(Case *c, char *message, char *word)
{
    Tensor *M = find_tensor(c, "M");
    size_t N = M->rows, d = M->cols, zeros = 0, across = 0, down = 0;
    double p = *find_tensor(c, "d->p")->before, alike = p * p + (1 - p) * (1 - p);
    for (size_t i = 0; i < entries(M); i++) {
        zeros += M->after[i] == 0;
        across += i % d && (M->after[i] == 0) == (M->after[i - 1] == 0);
        down += i >= d && (M->after[i] == 0) == (M->after[i - d] == 0);
    }
    char text[MAX_TEXT];
    double share = (double)zeros / (double)entries(M);
    snprintf(text, sizeof text, "of %zu entries of the mask %.4g are zero, should be about p = %.4g%s", entries(M),
             share, p, fabs(share - (1 - p)) < 0.01 ? ": it is 1-p, kept and dropped are exchanged"
             : zeros == 0 ? ": nothing is dropped" : zeros == entries(M) ? ": all is dropped" : "");
    if (down == (N - 1) * d && zeros)
        return say(message, word, "M", "every row of the mask is the same: draw each entry by itself, not once a column");
    if (across == N * (d - 1) && zeros)
        return say(message, word, "M", "every column of the mask is the same: draw each entry by itself, not once a row");
    if (!likely(zeros, entries(M), p))
        return say(message, word, "M", text);
    if (!likely(down, (N - 1) * d, alike) || !likely(across, N * (d - 1), alike))
        return say(message, word, "M", "neighbours in the mask depend on one another: draw each entry by itself");
    return true;
}

/* Cases 2 and 3 begin with the same generator, 4 with another. */
static bool mask_is_from_rng(Case *cases, char *message, char *word)
{
    double *M[3];
    for (size_t i = 0; i < 3; i++)
        M[i] = find_tensor(&cases[2 + i], "M")->after;
    size_t bytes = entries(find_tensor(&cases[2], "M")) * sizeof(double);
    if (memcmp(M[0], M[1], bytes))
        return say(message, word, "rng_uniform", "the same state of d->rng gave two masks: draw from d->rng and nothing else");
    if (!memcmp(M[0], M[2], bytes) || *find_tensor(&cases[2], "d->rng")->after == 0)
        return say(message, word, "rng_uniform", "the mask doesn't depend on d->rng: draw from it, and not from a copy");
    return true;
}

static bool dropout_is_right(Case *cases, size_t count, char *message, char *word, FILE *details)
{
    if (!nothing_else_changed(cases, count, message, word, details))
        return false;
    for (size_t n = 0; n < count; n++)
        if (cases[n].training && !entries_of_mask(&cases[n], message, word))
            return false;
    for (size_t n = 0; n < count; n++)
        if (!tensor_is_right("3a", cases, count, n, "Z", message, word, details)) {
            strcat(message, cases[n].training ? " (Z = X * M)" : " (in evaluation Z = X)");
            return false;
        }
    return mask_is_random(&cases[1], message, word) && mask_is_from_rng(cases, message, word);
}

bool judge_dropout(Case *cases, size_t count, char *message, char *word, FILE *details)
{
    for (size_t n = 0; n < count; n++)
        expect_Z(&cases[n]);
    bool right = dropout_is_right(cases, count, message, word, details);
    for (size_t n = 0; n < count; n++) {
        Tensor *Z = find_tensor(&cases[n], "Z");
        free((void *)Z->right);
        Z->right = NULL;
    }
    return right;
}

bool judge_catch(Case *cases, size_t count, char *message, char *word, FILE *details)
{
    static const char *const bug[BUGS] = {
        "a layer that is right", "a layer whose dW is divided by N", "a layer whose db is from the last row only",
        "a layer whose dX has one entry of the wrong sign", "a layer that adds to the db that was there",
        "a layer whose db is in reversed order"
    };
    size_t believed = 0;
    if (!nothing_else_changed(cases, count, message, word, details))
        return false;
    for (size_t n = 0; n < count; n++)
        believed += *find_tensor(&cases[n], "answer")->after != 0;
    if (believed == count)
        return say(message, word, "return", "believes every layer, right or wrong");
    if (believed == 0)
        return say(message, word, "return", "believes no layer, not even one that is right");
    for (size_t n = 0; n < count; n++) {
        bool answer = *find_tensor(&cases[n], "answer")->after != 0;
        Tensor *W = find_tensor(&cases[n], "l->W");
        char text[MAX_TEXT];
        if (answer == (cases[n].kind == 0))
            continue;
        snprintf(text, sizeof text, "%s %s (N = %zu, %zu to %zu units)", answer ? "believes" : "rejects",
                 bug[cases[n].kind], cases[n].N, W->rows, W->cols);
        return say(message, word, "return", text);
    }
    return true;
}
