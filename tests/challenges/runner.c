/* runner.c: runner PART runs one part of the challenges on numbers from standard input, and sends to standard output what
   came of it; runner PART CASE, for a debugger, one case alone, and nobody looks at the clock.  It holds the student's
   code, so it judges nothing. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "batchnorm.h"
#include "board.h"
#include "catch.h"
#include "dropout.h"
#include "optimizers.h"
#include "softmax.h"

Case *guarded;
bool watching;

void tell_fault(const char *format, ...)
{
    char text[300];
    va_list arguments;
    watching = false;
    snprintf(text, sizeof text, "fault %2zu", guarded ? guarded->number : 0);
    va_start(arguments, format);
    vsnprintf(text + WORD, sizeof text - WORD, format, arguments);
    va_end(arguments);
    tell(text, strlen(text));
}

/* Which tensor's neighbourhood is it?  There are at least 16 bytes between two blocks.  Behind one is likelier than
   before one; and the last tensors of a case may have no rows, and stand behind others. */
bool tell_outside(const char *at, bool writes)
{
    for (size_t i = guarded ? 2 * guarded->tensors : 0; i--;) {
        Tensor *T = &guarded->tensor[i % guarded->tensors];
        char *first = (char *)T->before - (i < guarded->tensors ? 16 : 0), *end = (char *)(T->before + entries(T)) + 16;
        if (at >= first && at < end) {
            tell_fault("%s outside %s, which is %zu x %zu%s", writes ? "writes" : "reads", T->name, T->rows, T->cols,
                       entries(T) ? "" : ": it has no rows in evaluation");
            return true;
        }
    }
    return false;
}

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
    double *params = matrix("params").data, *grads = matrix("grads").data;
    size_t count = matrix("o->v").cols;
    Optimizer o = {
        .rate = *at("o->rate"), .beta = *at("o->beta"), .beta2 = *at("o->beta2"),
        .epsilon = *at("o->epsilon"), .m = matrix("o->m").data, .v = at("o->v"), .t = (size_t)*at("o->t")
    };
    watching = true;
    switch (part[1]) {
    case 'a': momentum_step(&o, params, grads, count); break;
    case 'b': adam_moments(&o, grads, count); break;
    case 'c': adam_apply(&o, params, count); break;
    }
    watching = false;
    if (o.v != at("o->v") || o.m != matrix("o->m").data)
        stop_here("moves a pointer of the optimizer; its numbers are o->v[i] and o->m[i]");
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

static void normalise(const char *part)
{
    Matrix X = matrix("X");
    Layer l = batchnorm_layer(X.cols);
    l.W = matrix("n.gamma");
    l.b = matrix("n.beta");
    l.dW = matrix("n.dgamma");
    l.db = matrix("n.dbeta");
    l.kept = matrix_view(at("n.inverse"), matrix("n.Xhat").rows + 1, X.cols);
    l.lasting = matrix_view(at("n.mean"), 2, X.cols);
    go(part, &l, X);
}

static void drop(const char *part)
{
    Matrix X = matrix("X");
    Rng first = rng_create((uint64_t)*at("d->rng")), *rng = zeroed(sizeof *rng);
    Dropout d = { *at("d->p"), rng };
    Layer l = dropout_layer(X.cols, &d);
    *rng = first;
    l.kept = matrix("M");
    go(part, &l, X);
    *at("d->rng") += memcmp(&first.state, &rng->state, sizeof rng->state) != 0;
    *at("d->p") = d.p;
}

static void catch(const char *part)
{
    Matrix X = matrix("X"), G = matrix("G");
    Layer l = linear_layer(X.cols, G.cols);
    l.W = matrix("l->W");
    l.b = matrix("l->b");
    l.dW = matrix("l->dW");
    l.db = matrix("l->db");
    l.scratch = matrix_view(zeroed(X.cols * G.cols * sizeof(double)), G.cols, X.cols);
    put_bug(&l, guarded->kind, &(Seen){ at("forward"), at("backward"), at("step"), at("other") });
    watching = true;
    bool right = backward_is_right(&l, X, G, matrix("Z"), matrix("dX"));
    watching = false;
    *at("answer") = right;
}

static void classify(const char *part)
{
    watching = true;
    switch (part[1]) {
    case 'a': *at("loss") = softmax_loss(matrix("P"), matrix("Z"), matrix("Y")); break;
    case 'b': softmax_gradient(matrix("dZ"), matrix(guarded->in_place ? "dZ" : "P"), matrix("Y")); break;
    case 'c': one_hot(matrix("Y"), matrix("c")); break;
    case 'd': decide(matrix("c"), matrix("Z")); break;
    }
    watching = false;
}

int main(int argc, char **argv)
{
    static Part part;
    void (*run[])(const char *) = { optimize, normalise, drop, catch, classify };
    if (argc < 2 || !make_cases(&part, argv[1], 0))
        return 1;
    for (size_t t = 0; t < part.tensors; t++)
        if (fread(part.tensor[t].before, sizeof(double), entries(&part.tensor[t]), stdin) != entries(&part.tensor[t]))
            return 1;
    guard_begin(argc == 2);
    for (guarded = part.cases; guarded < part.cases + part.count; guarded++)
        if (argc == 2 || guarded->number == strtoul(argv[2], NULL, 10))
            run[part.name[0] - '1'](part.name);
    size_t blocks = guard_end();
    if (blocks)
        tell_fault("does not free what it allocates: %zu block%s", blocks, blocks == 1 ? "" : "s");
    else
        tell(part_not_begun() ? "stub    " : "numbers ", WORD);
    for (size_t t = 0; t < part.tensors && !blocks && !part_not_begun(); t++)
        tell(part.tensor[t].before, entries(&part.tensor[t]) * sizeof(double));
    return 0;
}
