/* runner.c: runs one part of the challenges on numbers from standard input, and sends to standard output what
   came of it.  It holds the student's code, so it judges nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "batchnorm.h"
#include "board.h"
#include "catch.h"
#include "dropout.h"
#include "guard.h"
#include "optimizers.h"

static Case cases[MAX_CASES];

static double *at(const char *name)
{
    return find_tensor(guarded, name)->before;
}

static Matrix matrix(const char *name)
{
    Tensor *t = find_tensor(guarded, name);
    return t ? matrix_view(t->before, t->rows, t->cols) : (Matrix){ 0 };
}

static void optimize(const char *part)
{
    Tensor *v = find_tensor(guarded, "o->v");
    Optimizer o = {
        .rate = *at("o->rate"), .beta = *at("o->beta"), .beta2 = *at("o->beta2"),
        .epsilon = *at("o->epsilon"), .m = matrix("o->m").data, .v = v->before, .t = (size_t)*at("o->t")
    };
    double *params = matrix("params").data, *grads = matrix("grads").data;
    watching = true;
    switch (part[1]) {
    case 'a': momentum_step(&o, params, grads, v->cols); break;
    case 'b': adam_moments(&o, grads, v->cols); break;
    case 'c': adam_apply(&o, params, v->cols); break;
    }
    watching = false;
    *at("o->rate") = o.rate;
    *at("o->beta") = o.beta;
    *at("o->beta2") = o.beta2;
    *at("o->epsilon") = o.epsilon;
    *at("o->t") = (double)o.t;
}

/* The student's code: the layer's way back, or its way forward. */
static void go(const char *part, Layer *l, Matrix X)
{
    watching = true;
    if (part[1] == 'b')
        l->backward(matrix("dX"), l, matrix("dZ"), X);
    else
        l->forward(matrix("Z"), l, X, guarded->training ? TRAINING : EVALUATION);
    watching = false;
}

/* From now on these two tensors stand in one block, as in the layer. */
static double *join(const char *first, const char *second)
{
    Tensor *a = find_tensor(guarded, first), *b = find_tensor(guarded, second);
    double *both = malloc((entries(a) + entries(b)) * sizeof *both);
    memcpy(both, a->before, entries(a) * sizeof *both);
    memcpy(both + entries(a), b->before, entries(b) * sizeof *both);
    b->before = both + entries(a);
    return a->before = both;
}

static void normalise(const char *part)
{
    Matrix X = matrix("X");
    Layer l = batchnorm_layer(X.cols);
    l.W = matrix("n.gamma");
    l.b = matrix("n.beta");
    l.dW = matrix("n.dgamma");
    l.db = matrix("n.dbeta");
    l.kept = matrix_view(join("n.inverse", "n.Xhat"), matrix("n.Xhat").rows + 1, X.cols);
    l.lasting = matrix_view(join("n.mean", "n.var"), 2, X.cols);
    go(part, &l, X);
}

static void drop(const char *part)
{
    Matrix X = matrix("X");
    Rng rng = rng_create(guarded->seed), *r = malloc(sizeof *r);
    Dropout d = { *at("d->p"), r };
    Layer l = dropout_layer(X.cols, &d);
    *r = rng;
    l.kept = matrix("M");
    go(part, &l, X);
    *at("d->rng") = memcmp(&rng.state, &r->state, sizeof r->state) != 0;
    *at("d->p") = d.p;
}

static void catch(const char *part)
{
    Matrix X = matrix("X"), G = matrix("G");
    Layer l = linear_layer(X.cols, G.cols);
    (void)part;
    l.W = matrix("l->W");
    l.b = matrix("l->b");
    l.dW = matrix("l->dW");
    l.db = matrix("l->db");
    l.scratch = matrix_view(malloc(X.cols * G.cols * sizeof(double)), G.cols, X.cols);
    put_bug(&l, guarded->kind);
    watching = true;
    bool right = backward_is_right(&l, X, G, matrix("Z"), matrix("dX"));
    watching = false;
    *at("answer") = right;
}

int main(int argc, char **argv)
{
    void (*run[])(const char *) = { optimize, normalise, drop, catch };
    const char *part = argc > 1 ? argv[1] : "";
    size_t count = make_cases(part, cases);
    guard_begin();
    for (size_t i = 0; i < count; i++) {
        guarded = &cases[i];
        for (size_t t = 0; t < guarded->tensors; t++)
            if (fread(guarded->tensor[t].before, sizeof(double), entries(&guarded->tensor[t]), stdin) != entries(&guarded->tensor[t]))
                return 1;
        run[part[0] - '1'](part);
        tell((char[]){ 'C', part_not_begun() != NULL }, 2);
        for (size_t t = 0; t < guarded->tensors; t++)
            tell(guarded->tensor[t].before, entries(&guarded->tensor[t]) * sizeof(double));
    }
    guard_end();
    return 0;
}
