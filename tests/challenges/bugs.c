/* bugs.c: a linear layer's backward pass, right and wrong in five ways.  Challenge 4a asks for a check
   that sees through all of them.  Try first without looking. */
#include <string.h>
#include "board.h"
#include "layer.h"

static int bug;

static void linear_or_wrong(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    double *db = l->db.data, old[8], right[8];          /* no layer of the cases is wider */
    size_t d = l->d_out;
    memcpy(old, db, d * sizeof *db);
    linear_backward(dX, l, dZ, X);
    memcpy(right, db, d * sizeof *db);
    for (size_t i = 0; bug == 1 && i < l->dW.rows * l->dW.cols; i++)
        l->dW.data[i] /= (double)X.rows;
    if (bug == 3)
        dX.data[dX.rows * dX.cols - 1] *= -1;
    for (size_t k = 0; k < d; k++)
        db[k] = bug == 2 ? AT(dZ, dZ.rows - 1, k) : bug == 4 ? old[k] + right[k] : bug == 5 ? right[d - 1 - k] : right[k];
}

void put_bug(Layer *l, int kind)
{
    bug = kind;
    l->backward = linear_or_wrong;
}
