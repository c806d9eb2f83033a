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
    const Tensor *rng = find_tensor(&c[2], "d->rng");
    if (!memcmp(mask, find_tensor(&c[4], "M")->after, bytes) || *rng->after == *rng->before)
        return blame(v, "rng_uniform", "the mask doesn't depend on d->rng: draw from it, and not from a copy");
    return true;
}

/* What the layers of 4a are, and what a check may need that takes one for another */
static const char kinds[KINDS][2][64] = {
    [LINEAR] = { "a layer that is right, a linear one" },
    [CURVED] = { "a layer that is right, with a tanh behind the linear map", ": is the difference taken on both sides?" },
    [SQUARED] = { "a layer that is right, with a square behind the linear map", ": is the difference taken on both sides?" },
    [MEANS] = { "a layer whose dW is divided by N" },
    [LAST_ROW] = { "a layer whose db is from the last row only" },
    [SIGN] = { "a layer whose dX has one entry of the wrong sign" },
    [ADDS] = { "a layer that adds to the db that was there" },
    [REVERSED] = { "a layer whose db is in reversed order" },
    [NO_NUMBER] = { "a layer whose dW has a NaN", ": no comparison with a NaN is true" },
    [FLAT] = { "a layer with a tanh that its way back forgets" },
    [SATURATED] = { "a layer that is right only where its sums are within 1 of 0" },
    [NEARLY] = { "a layer whose dW is too large by a ten-thousandth", ": is the limit too wide?" },
    [DOUBLED] = { "a layer whose gradients are double", ": is the difference divided by 2h?" },
    [NEGATED] = { "a layer whose gradients are the negative", ": f(w+h) comes first, f(w-h) is taken away" },
};

/* of a check that isn't right: what it never does; what it believes in place of what is right; or the first mistake */
static void name_mistake(Verdict *v, const bool *believed, const Seen *seen, const char *mistake)
{
    if (*seen->backward == 0 || *seen->forward == 0)
        blame(v, "return", "never calls l->%s, so it can't know %s", *seen->backward == 0 ? "backward" : "forward",
              *seen->backward == 0 ? "what the layer does" : "what the derivatives are");
    else if (*seen->step == 0)
        blame(v, "return", "%s; it never changes an entry of l->W, as a difference quotient must: is the step 0, as 1/100000 is, where int is divided by int?", mistake);
    else if (*seen->step > 1e-2 || (*seen->step > 0 && *seen->step < 1e-9))
        blame(v, "return", "%s; its steps of %.2g are too %s", mistake, *seen->step, *seen->step > 1e-2 ?
              "long: the curve bends on the way" : "short: the difference is lost in rounding");
    else if (!believed[LINEAR] && (believed[DOUBLED] || believed[NEGATED]))
        blame(v, "return", "believes %s, and none that is right%s", kinds[believed[DOUBLED] ? DOUBLED : NEGATED][0],
              kinds[believed[DOUBLED] ? DOUBLED : NEGATED][1]);
    else
        blame(v, "return", "%s%s", mistake, strstr(mistake, "no layer") ? ": is the limit below the error of rounding, or the sum not that of G times Z?" : "");
}

bool catch_is_right(Part *part, Verdict *v)
{
    bool believed[KINDS] = { false }, right = true;
    char mistake[300] = "";
    size_t yes = 0, no = 0;
    double forward = 0, backward = 0, step = 0, other = 0;
    for (Case *c = part->cases; c < part->cases + part->count; c++) {
        bool answer = *find_tensor(c, "answer")->after != 0;
        forward += *find_tensor(c, "forward")->after;
        backward += *find_tensor(c, "backward")->after;
        other += *find_tensor(c, "other")->after;
        step = fmax(step, *find_tensor(c, "step")->after);
        believed[c->kind] |= answer;
        *(answer ? &yes : &no) += 1;
        if (answer == (c->kind < MEANS))
            continue;
        if (right)
            v->number = c->number;
        add_text(right ? mistake : v->details, right ? sizeof mistake : sizeof v->details, "%s%s %s%s (N = %zu, %zu to %zu units)%s",
                 right ? "" : "\t", answer ? "believes" : "rejects", kinds[c->kind][0], kinds[c->kind][1],
                 c->N, find_tensor(c, "l->W")->rows, find_tensor(c, "l->W")->cols, right ? "" : "\n");
        right = false;
    }
    if (!right)
        name_mistake(v, believed, &(Seen){ &forward, &backward, &step, &other }, !no ? "believes every layer, right or wrong"
                     : !yes ? "believes no layer, not even one that is right" : mistake);
    return right && (other == 0 || blame(v, "forward", "calls l->forward in evaluation mode; the derivatives are asked for in training mode"));
}
