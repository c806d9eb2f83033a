/* bugs.c: a linear layer's backward pass, right and wrong in five ways.  Challenge 4a asks for a check
   that sees through all of them.  Try first without looking. */
#include "board.h"
#include "layer.h"

static int bug;

static void linear_or_wrong(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    double *db = l->db.data, old[8];    /* no layer of the cases is wider */
    size_t d = l->d_out;
    for (size_t k = 0; k < d; k++)
        old[k] = db[k];
    linear_backward(dX, l, dZ, X);
    for (size_t i = 0; bug == 1 && i < l->dW.rows * l->dW.cols; i++)
        l->dW.data[i] /= (double)X.rows;
    if (bug == 2)
        matrix_copy(l->db, matrix_rows(dZ, dZ.rows - 1, 1));
    if (bug == 3)
        dX.data[dX.rows * dX.cols - 1] *= -1;
    for (size_t k = 0; bug == 4 && k < d; k++)
        db[k] += old[k];
    for (size_t k = 0; bug == 5 && k < d / 2; k++) {
        double last = db[d - 1 - k];
        db[d - 1 - k] = db[k];
        db[k] = last;
    }
}

void put_bug(Layer *l, int kind)
{
    bug = kind;
    l->backward = linear_or_wrong;
}
