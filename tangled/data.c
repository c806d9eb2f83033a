/* Generated from nn.nw (MIT licence); edit there. data.c: data sets, the two spirals, standardisation */
#include <math.h>
#include "data.h"

bool dataset_create(Dataset *D, size_t rows, size_t cols, Error *e)
{
    Dataset made = { 0 };
    if (!matrix_create(&made.X, rows, cols, e)
        || !matrix_create(&made.Y, rows, 1, e)) {
        dataset_destroy(&made);
        return false;
    }
    *D = made;
    return true;
}

void dataset_destroy(Dataset *D)
{
    matrix_destroy(&D->X);
    matrix_destroy(&D->Y);
}
bool spirals(Dataset *D, size_t points, double noise,
             uint64_t seed, Error *e)
{
    if (!dataset_create(D, 2 * points, 2, e))
        return false;
    Rng rng = rng_create(seed);
    for (size_t c = 0; c < 2; c++)
        for (size_t axis = 0; axis < 2; axis++)
            for (size_t i = 0; i < points; i++)
                {
                    double end = 4 * PI;
                    double t = i + 1 < points ? (double)i * (end / (double)(points - 1))
                             : points > 1 ? end : 0;
                    double angle = t + (double)c * PI;
                    AT(D->X, c * points + i, axis) =
                        t * (axis ? sin(angle) : cos(angle))
                        + (0.0 + noise * rng_normal(&rng));
                    AT(D->Y, c * points + i, 0) = (double)c;
                }
    return true;
}
bool scaling_fit(Scaling *out, Matrix X, Error *e)
{
    Scaling s = { 0 };
    if (!matrix_create(&s.mean, 1, X.cols, e)
        || !matrix_create(&s.std, 1, X.cols, e)) {
        scaling_destroy(&s);
        return false;
    }
    for (size_t j = 0; j < X.cols; j++) {
        double mean = 0, square = 0, n = (double)X.rows;
        bool varies = false;
        for (size_t i = 0; i < X.rows; i++) {
            mean += AT(X, i, j);
            varies |= AT(X, i, j) != AT(X, 0, j);
        }
        mean /= n;
        for (size_t i = 0; i < X.rows; i++)
            square += (AT(X, i, j) - mean) * (AT(X, i, j) - mean);
        double std = sqrt(square / n);
        AT(s.mean, 0, j) = mean;
        AT(s.std, 0, j) = varies && std > 0 ? std : 1;
    }
    *out = s;
    return true;
}
void scaling_apply(Matrix X, Scaling s)
{
    if (X.cols != s.mean.cols)
        stop("scaling_apply: X has %zu columns, the scaling %zu",
             X.cols, s.mean.cols);
    for (size_t i = 0; i < X.rows; i++)
        for (size_t j = 0; j < X.cols; j++)
            AT(X, i, j) = (AT(X, i, j) - AT(s.mean, 0, j))
                        / AT(s.std, 0, j);
}

void scaling_destroy(Scaling *s)
{
    matrix_destroy(&s->mean);
    matrix_destroy(&s->std);
}
static void gather(Matrix to, Matrix from, const size_t *order)
{
    for (size_t i = 0; i < to.rows; i++)
        for (size_t j = 0; j < to.cols; j++)
            AT(to, i, j) = AT(from, order[i], j);
}

void dataset_gather(Dataset batch, Dataset D, const size_t *order)
{
    if (batch.X.cols != D.X.cols || batch.X.rows != batch.Y.rows
        || D.X.rows != D.Y.rows || batch.Y.cols != D.Y.cols)
        stop("dataset_gather: %zux%zu, %zu labels, into %zux%zu, %zu",
             D.X.rows, D.X.cols, D.Y.rows, batch.X.rows,
             batch.X.cols, batch.Y.rows);
    gather(batch.X, D.X, order);
    gather(batch.Y, D.Y, order);
}
