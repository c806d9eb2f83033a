/* bugs.c: five backward passes of a linear layer that are wrong, each in its own way.  Challenge
   4a asks for a check that sees through all of them.  Try first without looking. */
#include "guard.h"

static void dW_divided_by_N(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    linear_backward(dX, l, dZ, X);
    for (size_t i = 0; i < l->dW.rows * l->dW.cols; i++)
        l->dW.data[i] /= (double)X.rows;
}

static void db_from_the_last_row(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    linear_backward(dX, l, dZ, X);
    matrix_copy(l->db, matrix_rows(dZ, dZ.rows - 1, 1));
}

static void one_sign_of_dX(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    linear_backward(dX, l, dZ, X);
    dX.data[dX.rows * dX.cols - 1] *= -1;
}

static void db_added_to(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    double old[8];              /* no layer of the cases is wider */
    for (size_t k = 0; k < l->d_out; k++)
        old[k] = l->db.data[k];
    linear_backward(dX, l, dZ, X);
    for (size_t k = 0; k < l->d_out; k++)
        l->db.data[k] += old[k];
}

static void db_reversed(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    linear_backward(dX, l, dZ, X);
    for (size_t i = 0, j = l->d_out - 1; i < j; i++, j--) {
        double db = l->db.data[i];
        l->db.data[i] = l->db.data[j];
        l->db.data[j] = db;
    }
}

void put_bug(Layer *l, int kind)
{
    void (*bugs[])(Matrix, Layer *, Matrix, Matrix) = {
        linear_backward, dW_divided_by_N, db_from_the_last_row, one_sign_of_dX, db_added_to, db_reversed
    };
    l->backward = bugs[kind];
}
