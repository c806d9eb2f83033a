/* properties.c: 3a draws numbers and may draw them in any right way, so the mask is judged by what must
   hold of it; 4a is judged by its answers.  The numbers of the cases are those of cases.c. */
#include <math.h>
#include <string.h>
#include "board.h"

/* so many of so many happened; is that chance p, within 5 standard deviations? */
static bool likely(size_t happened, size_t of, double p)
{
    double n = (double)of;
    return fabs((double)happened - n * p) <= 5 * sqrt(n * p * (1 - p));
}

/* Every entry of the mask is 0 or 1/(1-p). */
static bool entries_of_mask(Case *c, Verdict *v)
{
    Tensor *M = find_tensor(c, "M");
    double p = *find_tensor(c, "d->p")->before, kept = 1 / (1 - p);
    for (size_t i = 0; i < entries(M); i++) {
        double m = M->after[i];
        const char *why = m == M->before[i] ? ": it is left as it was; the way back needs the mask"
            : p == 0 ? "" : m == 1 ? ": the factor 1/(1-p) isn't in the mask"
            : fabs(m - 1 / p) < 1e-9 ? ": it is 1/p" : fabs(m - (1 - p)) < 1e-9 ? ": it is 1-p"
            : fabs(m - kept * kept) < 1e-9 ? ": the factor 1/(1-p) is in it twice" : "";
        if (m != 0 && !(fabs(m - kept) < 1e-9))
            return blame(v, "M", "M[%zu,%zu] is %.4g, should be 0 or 1/(1-p) = %.4g%s", i / M->cols, i % M->cols,
                         m, kept, why);
    }
    return true;
}

/* Z is X times the mask that was kept. */
static void expect_Z(Case *c)
{
    Tensor *X = find_tensor(c, "X"), *M = find_tensor(c, "M");
    double *right = zeroed(entries(X) * sizeof *right);
    for (size_t i = 0; i < entries(X); i++)
        right[i] = c->training ? X->before[i] * M->after[i] : X->before[i];
    find_tensor(c, "Z")->right = right;
}

/* The share of zeros; and neighbours are alike no oftener than independent ones. */
static bool mask_is_random(Case *c, Verdict *v)
{
    Tensor *M = find_tensor(c, "M");
    size_t N = M->rows, d = M->cols, zeros = 0, across = 0, down = 0;
    double p = *find_tensor(c, "d->p")->before, alike = p * p + (1 - p) * (1 - p);
    for (size_t i = 0; i < entries(M); i++) {
        zeros += M->after[i] == 0;
        across += i % d && (M->after[i] == 0) == (M->after[i - 1] == 0);
        down += i >= d && (M->after[i] == 0) == (M->after[i - d] == 0);
    }
    double share = (double)zeros / (double)entries(M);
    if (down == (N - 1) * d && zeros)
        return blame(v, "M", "every row of the mask is the same: draw each entry by itself, not once a column");
    if (across == N * (d - 1) && zeros)
        return blame(v, "M", "every column of the mask is the same: draw each entry by itself, not once a row");
    if (!likely(zeros, entries(M), p))
        return blame(v, "M", "of %zu entries of the mask %.4g are zero, should be about p = %.4g%s", entries(M), share, p,
                     fabs(share - (1 - p)) < 0.01 ? ": it is 1-p, kept and dropped are exchanged"
                     : zeros == 0 ? ": nothing is dropped" : zeros == entries(M) ? ": all is dropped" : "");
    if (!likely(down, (N - 1) * d, alike) || !likely(across, N * (d - 1), alike))
        return blame(v, "M", "neighbours in the mask depend on one another: draw each entry by itself");
    return true;
}

bool dropout_is_right(Case *cases, size_t count, Verdict *v)
{
    if (!nothing_else_changed(cases, count, v))
        return false;
    for (size_t n = 0; n < count; n++)
        if (!entries_of_mask(&cases[n], v))
            return false;
    for (size_t n = 0; n < count; n++)
        expect_Z(&cases[n]);
    for (size_t n = 0; n < count; n++)
        if (!tensor_is_right("3a", cases, count, n, "Z", v)) {
            add_text(v->message, sizeof v->message, cases[n].training ? " (Z = X * M)" : " (in evaluation Z = X)");
            return false;
        }
    if (!mask_is_random(&cases[1], v))
        return false;
    /* cases 2 and 3 begin with the same generator, 4 with another */
    Tensor *M[3] = { find_tensor(&cases[2], "M"), find_tensor(&cases[3], "M"), find_tensor(&cases[4], "M") };
    size_t bytes = entries(M[0]) * sizeof(double);
    if (memcmp(M[0]->after, M[1]->after, bytes))
        return blame(v, "rng_uniform", "the same state of d->rng gave two masks: draw from d->rng and nothing else");
    if (!memcmp(M[0]->after, M[2]->after, bytes) || *find_tensor(&cases[2], "d->rng")->after == 0)
        return blame(v, "rng_uniform", "the mask doesn't depend on d->rng: draw from it, and not from a copy");
    return true;
}

bool catch_is_right(Case *cases, size_t count, Verdict *v)
{
    static const char *const kind[] = {
        "a layer that is right", "a layer whose dW is divided by N", "a layer whose db is from the last row only",
        "a layer whose dX has one entry of the wrong sign", "a layer that adds to the db that was there",
        "a layer whose db is in reversed order"
    };
    size_t believed = 0;
    if (!nothing_else_changed(cases, count, v))
        return false;
    for (size_t n = 0; n < count; n++)
        believed += *find_tensor(&cases[n], "answer")->after != 0;
    if (believed == count)
        return blame(v, "return", "believes every layer, right or wrong");
    if (believed == 0)
        return blame(v, "return", "believes no layer, not even one that is right");
    for (size_t n = 0; n < count; n++) {
        bool answer = *find_tensor(&cases[n], "answer")->after != 0;
        Tensor *W = find_tensor(&cases[n], "l->W");
        if (answer != (cases[n].kind == 0))
            return blame(v, "return", "%s %s (N = %zu, %zu to %zu units)", answer ? "believes" : "rejects",
                         kind[cases[n].kind], cases[n].N, W->rows, W->cols);
    }
    return true;
}
