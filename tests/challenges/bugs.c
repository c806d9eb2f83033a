/* bugs.c: layers for challenge 4a: right and wrong ones, and not all of them linear.  Challenge 4a asks for a check that
   tells them apart.  Try first without looking. */
#include <math.h>
#include <string.h>
#include "board.h"
#include "layer.h"

enum { MOST = 32 };             /* no matrix of the cases is larger */
static Kind kind;
static double first[MOST];      /* weights */
static Seen *seen;

/* What stands behind the linear map, unit by unit; and its slope, or what a wrong layer takes for it */
static double curve(double z)
{
    bool curved = kind == CURVED || kind == FLAT || kind == SATURATED;
    return kind == SQUARED ? z * z : curved ? tanh(z) : z;
}

static double slope(double z)
{
    double t = tanh(z);
    switch (kind) {
    case SQUARED: return 2 * z;
    case CURVED: return 1 - t * t;
    case SATURATED: return fabs(z) < 1 ? 1 - t * t : 0;
    default: return 1;
    }
}

static void forward(Matrix Z, Layer *l, Matrix X, Mode mode)
{
    *seen->forward += 1;
    *seen->other += mode != TRAINING;
    for (size_t i = 0; i < l->W.rows * l->W.cols; i++)
        *seen->step = fmax(*seen->step, fabs(l->W.data[i] - first[i]));
    linear_forward(Z, l, X, mode);
    for (size_t i = 0; i < Z.rows * Z.cols; i++)
        Z.data[i] = curve(Z.data[i]);
}

static void scale(Matrix A, double factor)
{
    for (size_t i = 0; i < A.rows * A.cols; i++)
        A.data[i] *= factor;
}

static void spoil(Matrix dX, Layer *l, Matrix dZ, const double *old)
{
    double *db = l->db.data, right[MOST], all = kind == DOUBLED ? 2 : kind == NEGATED ? -1 : 1;
    size_t d = l->d_out;
    memcpy(right, db, d * sizeof *db);
    for (size_t k = 0; k < d; k++)
        db[k] = kind == LAST_ROW ? AT(dZ, dZ.rows - 1, k) : kind == ADDS ? old[k] + right[k]
              : kind == REVERSED ? right[d - 1 - k] : right[k];
    if (kind == SIGN)
        dX.data[dX.rows * dX.cols - 1] *= -1;
    if (kind == NO_NUMBER)
        l->dW.data[1] = NAN;
    scale(l->dW, kind == MEANS ? 1 / (double)dZ.rows : kind == NEARLY ? 1.0001 : all);
    scale(l->db, all);
    scale(dX, all);
}

static void backward(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    double old[MOST], room[2][MOST];
    Matrix Z = matrix_view(room[0], dZ.rows, dZ.cols), dY = matrix_view(room[1], dZ.rows, dZ.cols);
    *seen->backward += 1;
    memcpy(old, l->db.data, l->d_out * sizeof *old);
    linear_forward(Z, l, X, TRAINING);
    for (size_t i = 0; i < Z.rows * Z.cols; i++)
        dY.data[i] = dZ.data[i] * slope(Z.data[i]);
    linear_backward(dX, l, dY, X);
    spoil(dX, l, dY, old);
}

void put_bug(Layer *l, Kind which, Seen *what)
{
    kind = which;
    seen = what;
    memcpy(first, l->W.data, l->W.rows * l->W.cols * sizeof *first);
    l->forward = forward;
    l->backward = backward;
}
