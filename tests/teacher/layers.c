/* layers.c: where marks are made, the layers of challenge 4a are in a process of their own: a student's runner can ask what
   they do, but can't look up which of them is right.
     layers SALT      sends the numbers of 4a, then answers, by a socket that is its standard input and output
   It's compiled a second time, with ASKS, for the runner, in the place of bugs.c; there the socket is standard input. */
#include <stdlib.h>
#include <sys/socket.h>
#include "board.h"
#include "layer.h"

enum { MOST = 32, W = 0, B, DW, DB, X, Z, DZ, DX, MATRICES };    /* no matrix of the cases has more entries */
typedef struct {
    size_t number;              /* of the case */
    size_t rows;                /* of its batch */
    bool back;
    double of[MATRICES][MOST];
} Call;

#ifdef ASKS
static Seen *seen;

static void ask(Call c, Matrix *matrices)
{
    for (size_t i = 0; i < MATRICES; i++)
        matrix_copy(matrix_view(c.of[i], matrices[i].rows, matrices[i].cols), matrices[i]);
    if (send(0, &c, sizeof c, MSG_NOSIGNAL) != sizeof c || recv(0, &c, sizeof c, MSG_WAITALL) != sizeof c)
        abort();
    for (size_t i = 0; i < MATRICES; i++)
        matrix_copy(matrices[i], matrix_view(c.of[i], matrices[i].rows, matrices[i].cols));
}

static void forward(Matrix to, Layer *l, Matrix from, Mode mode)
{
    *seen->forward += 1;
    *seen->other += mode != TRAINING;
    ask((Call){ .number = guarded->number, .rows = from.rows },
        (Matrix[MATRICES]){ [W] = l->W, [B] = l->b, [X] = from, [Z] = to });
}

static void backward(Matrix to, Layer *l, Matrix dZ, Matrix from)
{
    *seen->backward += 1;
    ask((Call){ .number = guarded->number, .rows = from.rows, .back = true },
        (Matrix[MATRICES]){ [W] = l->W, [B] = l->b, [DW] = l->dW, [DB] = l->db, [X] = from, [DZ] = dZ, [DX] = to });
}

void put_bug(Layer *l, Kind kind, Seen *what)
{
    seen = what;                /* the process that is asked knows the kind */
    *seen->step = 1e-5;         /* isn't looked at */
    l->forward = forward;
    l->backward = backward;
}
#else
int main(int argc, char **argv)
{
    static Part part;
    double counts[4] = { 0 }, scratch[MOST];
    if (argc < 2 || !make_cases(&part, "4a", strtoull(argv[1], NULL, 10)))
        return 1;
    for (Tensor *t = part.tensor; t < part.tensor + part.tensors; t++)
        send(1, t->before, entries(t) * sizeof(double), 0);
    for (Call c; recv(0, &c, sizeof c, MSG_WAITALL) == sizeof c; send(1, &c, sizeof c, MSG_NOSIGNAL)) {
        if (c.number >= part.count || c.rows > part.cases[c.number].N)
            return 1;
        size_t d = find_tensor(&part.cases[c.number], "l->W")->rows, e = find_tensor(&part.cases[c.number], "l->W")->cols;
        Layer l = linear_layer(d, e);
        l.W = matrix_view(c.of[W], d, e);
        l.b = matrix_view(c.of[B], 1, e);
        l.dW = matrix_view(c.of[DW], d, e);
        l.db = matrix_view(c.of[DB], 1, e);
        l.scratch = matrix_view(scratch, e, d);
        put_bug(&l, part.cases[c.number].kind, &(Seen){ counts, counts + 1, counts + 2, counts + 3 });
        if (c.back)
            l.backward(matrix_view(c.of[DX], c.rows, d), &l, matrix_view(c.of[DZ], c.rows, e), matrix_view(c.of[X], c.rows, d));
        else
            l.forward(matrix_view(c.of[Z], c.rows, e), &l, matrix_view(c.of[X], c.rows, d), TRAINING);
    }
    return 0;
}
#endif
