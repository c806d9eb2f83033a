/* Generated from nn.nw (MIT licence); edit there. softmax.c: more than two classes */
#include <math.h>
#include <stdio.h>
#include "layer.h"
#include "softmax.h"

double softmax_loss(Matrix P, Matrix Z, Matrix Y)
{
    double loss = 0;
    same_shape("softmax_loss", P, Z);
    same_shape("softmax_loss", Y, Z);
    not_begun("5a");
    return loss;
}

void softmax_gradient(Matrix dZ, Matrix P, Matrix Y)
{
    same_shape("softmax_gradient", dZ, P);
    same_shape("softmax_gradient", Y, P);
    not_begun("5b");
}

void one_hot(Matrix Y, Matrix c)
{
    if (c.rows != Y.rows || c.cols != 1)
        stop("one_hot: %zux%zu labels for %zux%zu", c.rows, c.cols,
             Y.rows, Y.cols);
    not_begun("5c");
}

void decide(Matrix c, Matrix Z)
{
    if (c.rows != Z.rows || c.cols != 1)
        stop("decide: %zux%zu logits for %zux%zu classes", Z.rows,
             Z.cols, c.rows, c.cols);
    not_begun("5d");
}

static double softmax_both(Matrix dZ, Matrix Z, Matrix Y)
{
    double loss = softmax_loss(dZ, Z, Y);
    softmax_gradient(dZ, dZ, Y);
    return loss;
}

static void softmax_backward(Matrix dZ, Matrix Z, Matrix Y)
{
    softmax_both(dZ, Z, Y);
}

static double softmax_value(Matrix Z, Matrix Y)
{
    double sum = 0, p[CLASSES];
    if (Z.cols > CLASSES)
        stop("softmax: %zu classes, %d are possible", Z.cols, CLASSES);
    for (size_t i = 0; i < Z.rows; i++)
        sum += softmax_loss(matrix_view(p, 1, Z.cols),
                            matrix_rows(Z, i, 1), matrix_rows(Y, i, 1));
    return sum / (double)Z.rows;
}

static double softmax_accuracy(Matrix Z, Matrix Y)
{
    size_t right = 0;
    same_shape("softmax_accuracy", Y, Z);
    for (size_t i = 0; i < Z.rows; i++) {
        double class = 0;
        decide(matrix_view(&class, 1, 1), matrix_rows(Z, i, 1));
        right += AT(Y, i, (size_t)class) == 1;
    }
    return (double)right / (double)Z.rows;
}

const Loss softmax = {
    .name = "softmax", .value = softmax_value,
    .gradient = softmax_backward, .both = softmax_both,
    .accuracy = softmax_accuracy
};

void softmax_probabilities(Matrix P, Matrix Z)
{
    double first[CLASSES] = { 1 };
    for (size_t i = 0; i < Z.rows; i++)
        softmax_loss(matrix_rows(P, i, 1), matrix_rows(Z, i, 1),
                     matrix_view(first, 1, Z.cols));
}

bool dataset_one_hot(Dataset *D, size_t classes, Error *e)
{
    Matrix Y;
    if (classes < 3 || !D->Y.data)
        return true;
    if (!matrix_create(&Y, D->Y.rows, classes, e))
        return false;
    one_hot(Y, D->Y);
    matrix_destroy(&D->Y);
    D->Y = Y;
    return true;
}
