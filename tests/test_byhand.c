#include "check.h"

#include "loss.h"

/* The network that the text works by hand, 2 -> 2 -> 1: each number that is printed there. */
enum { PARAMS = 9 };
typedef struct {
    double params[PARAMS], grads[PARAMS], scratch[4];
    double z1[4], a[4], z[2], dz[2], da[4], dz1[4], dx[4];
    Layer first, relu, second;
    Matrix X, Y, dX, Z1, A, Z;
    double loss;
} Hand;

/* X: one or two examples.  Forward, loss, backward. */
static void work(Hand *h, Matrix X, Matrix Y)
{
    size_t rows = X.rows;
    h->first = linear_layer(2, 2);
    h->relu = relu_layer(2);
    h->second = linear_layer(2, 1);
    layer_bind(&h->first, h->params, h->grads, h->scratch);
    layer_bind(&h->second, h->params + 6, h->grads + 6, h->scratch);
    h->Z1 = matrix_view(h->z1, rows, 2);
    h->A = matrix_view(h->a, rows, 2);
    h->Z = matrix_view(h->z, rows, 1);
    h->first.forward(h->Z1, &h->first, X, TRAINING);
    h->relu.forward(h->A, &h->relu, h->Z1, TRAINING);
    h->second.forward(h->Z, &h->second, h->A, TRAINING);
    Matrix dZ = matrix_view(h->dz, rows, 1), dA = matrix_view(h->da, rows, 2),
           dZ1 = matrix_view(h->dz1, rows, 2), dX = matrix_view(h->dx, rows, 2);
    h->loss = bce.both(dZ, h->Z, Y);
    h->second.backward(dA, &h->second, dZ, h->A);
    h->relu.backward(dZ1, &h->relu, dA, h->Z1);
    h->first.backward(dX, &h->first, dZ1, X);
}

static void begin(Hand *h)
{
    static const double params[PARAMS] = { 2, -1, -0.5, 1, /* W1 */ 1, -0.5, /* b1 */
                                           0.5, -1, /* W2 */ -0.5 /* b2 */ };
    memcpy(h->params, params, sizeof params);
}

#define IS(got, ...)                                                           \
    do {                                                                       \
        const double right[] = { __VA_ARGS__ };                                \
        for (size_t k = 0; k < sizeof right / sizeof *right; k++) {            \
            cr_assert((got)[k] == right[k], "%s: number %zu is %.17g, not %.17g", #got, k, (got)[k], \
                      right[k]);                                               \
        }                                                                      \
    } while (0)

Test(byhand, numbers_of_the_text, .timeout = 5)
{
    Hand h;
    MATRIX_OF(X, 1, 2, 1, 2);
    MATRIX_OF(Y, 1, 1, 1);
    begin(&h);
    work(&h, X, Y);
    IS(h.z1, 2, 0.5);
    IS(h.a, 2, 0.5);
    IS(h.z, 0);
    cr_assert(sigmoid(h.z[0]) == 0.5);
    cr_assert_float_eq(h.loss, 0.6931, 5e-5, "the loss is %g", h.loss);
    IS(h.dz, -0.5);
    IS(h.grads + 6, -1, -0.25, -0.5);
    IS(h.da, -0.25, 0.5);
    IS(h.dz1, -0.25, 0.5);
    IS(h.grads, -0.25, 0.5, -0.5, 1, -0.25, 0.5);
    IS(h.dx, -1, 5.0 / 8);

    h.params[3] += 0.01; /* the quotient in the text */
    double before = h.loss, grads[PARAMS];
    memcpy(grads, h.grads, sizeof grads);
    work(&h, X, Y);
    cr_assert_float_eq(h.loss, 0.7032, 5e-5, "with 1.01 the loss is %g", h.loss);
    cr_assert_float_eq((h.loss - before) / 0.01, 1.005, 5e-4);

    begin(&h); /* a step */
    for (size_t k = 0; k < PARAMS; k++) {
        h.params[k] -= 0.5 * grads[k];
    }
    IS(h.params, 17.0 / 8, -5.0 / 4, -0.25, 0.5, 9.0 / 8, -0.75, 1, -7.0 / 8, -0.25);
    work(&h, X, Y);
    IS(h.z1, 11.0 / 4, -1);
    IS(h.a, 11.0 / 4, 0);
    IS(h.z, 2.5);
    cr_assert_float_eq(sigmoid(h.z[0]), 0.9241, 5e-5);
    cr_assert_float_eq(h.loss, 0.0789, 5e-5, "after the step the loss is %g", h.loss);
    cr_assert_float_eq(h.dz[0], -0.0759, 5e-5);
    cr_assert(h.dz1[0] != 0 && h.dz1[1] == 0 && h.grads[1] == 0 && h.grads[3] == 0 && h.grads[5] == 0,
              "the second unit is off, and its weights have gradients");
}

Test(byhand, two_examples_of_the_exercise, .timeout = 5)
{
    Hand h;
    MATRIX_OF(alone, 1, 2, -1, -4);
    MATRIX_OF(zero, 1, 1, 0);
    begin(&h);
    work(&h, alone, zero);
    IS(h.z1, 1, -3.5);
    IS(h.a, 1, 0);
    IS(h.z, 0);
    IS(h.dz, 0.5);
    IS(h.grads, -0.25, 0, -1, 0, 0.25, 0, 0.5, 0, 0.5);
    IS(h.dx, 0.5, -1.0 / 8);

    MATRIX_OF(X, 2, 2, 1, 2, -1, -4);
    MATRIX_OF(Y, 2, 1, 1, 0);
    work(&h, X, Y);
    IS(h.grads, -0.25, 0.25, -0.75, 0.5, 0, 0.25, -0.25, -0.125, 0);
    cr_assert_float_eq(h.loss, log(2), 1e-15);
}
