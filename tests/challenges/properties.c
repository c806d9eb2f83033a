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

/* Where the mask isn't 0 it is 1/(1-p); and Z is X times the mask, in evaluation X. */
void expect_mask(Part *part)
{
    for (Case *c = part->cases; c < part->cases + part->count; c++) {
        Tensor *X = find_tensor(c, "X"), *M = find_tensor(c, "M");
        double p = *find_tensor(c, "d->p")->before, *right = zeroed(2 * entries(X) * sizeof *right);
        find_tensor(c, "Z")->right = right + entries(X);
        M->right = right;
        for (size_t i = 0; i < entries(M); i++)
            right[i] = M->after[i] == 0 ? 0 : 1 / (1 - p);
        for (size_t i = 0; i < entries(X); i++)
            right[entries(X) + i] = c->training ? X->before[i] * M->after[i] : X->before[i];
    }
}

/* The share of zeros; and neighbours are alike no oftener than independent ones. */
static bool mask_is_random(Case *c, Verdict *v)
{
    const Tensor *M = find_tensor(c, "M");
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

/* Cases 2 and 3 begin with the same generator, 4 with another. */
bool dropout_is_right(Case *c, Verdict *v)
{
    const double *mask = find_tensor(&c[2], "M")->after;
    size_t bytes = entries(find_tensor(&c[2], "M")) * sizeof *mask;
    if (!mask_is_random(&c[1], v))
        return false;
    if (memcmp(mask, find_tensor(&c[3], "M")->after, bytes))
        return blame(v, "rng_uniform", "the same state of d->rng gave two masks: draw from d->rng and nothing else");
    if (!memcmp(mask, find_tensor(&c[4], "M")->after, bytes) || *find_tensor(&c[2], "d->rng")->after == 0)
        return blame(v, "rng_uniform", "the mask doesn't depend on d->rng: draw from it, and not from a copy");
    return true;
}

bool catch_is_right(Part *part, Verdict *v)
{
    static const char *const kinds[KINDS] = {
        "a layer that is right", "a layer whose dW is divided by N", "a layer whose db is from the last row only",
        "a layer whose dX has one entry of the wrong sign", "a layer that adds to the db that was there",
        "a layer whose db is in reversed order"
    };
    size_t believed = 0;
    Case *wrong = NULL;
    for (Case *c = part->cases; c < part->cases + part->count; c++) {
        bool answer = *find_tensor(c, "answer")->after != 0;
        believed += answer;
        wrong = !wrong && answer != (c->kind == 0) ? c : wrong;
    }
    if (believed == part->count)
        return blame(v, "return", "believes every layer, right or wrong");
    if (believed == 0)
        return blame(v, "return", "believes no layer, not even one that is right");
    return !wrong || blame(v, "return", "%s %s (N = %zu, %zu to %zu units)", wrong->kind ? "believes" : "rejects",
                           kinds[wrong->kind], wrong->N, find_tensor(wrong, "l->W")->rows, find_tensor(wrong, "l->W")->cols);
}
