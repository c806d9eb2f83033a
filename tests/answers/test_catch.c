/* The check of a layer must pass what is right and catch what is wrong. */
#include "room.h"

#include "batchnorm.h"
#include "catch.h"

enum { N = 4, D_IN = 3, D_OUT = 3 };

typedef struct {
    Room room;
    Layer l;
    Matrix X, G, Z, dX;
    double *params;
} Fixture;

static void begin(Fixture *f, Layer l, size_t rows)
{
    room_begin(&f->room);
    f->l = l;
    size_t count = layer_params(&l);
    f->params = room_take(&f->room, count);
    double *grads = room_take(&f->room, count), *scratch = room_take(&f->room, l.d_in * l.d_out);
    layer_bind(&f->l, f->params, grads, scratch);
    layer_keep(&f->l, room_take(&f->room, layer_room(&l, rows)), rows,
               room_take(&f->room, l.lasting.rows * l.lasting.cols));
    if (l.start) {
        l.start(&f->l, INIT_XAVIER, 1);
    }
    fill_numbers(f->params, count, 1);
    f->X = room_matrix(&f->room, rows, l.d_in);
    f->G = room_matrix(&f->room, rows, l.d_out);
    f->Z = room_matrix(&f->room, rows, l.d_out);
    f->dX = room_matrix(&f->room, rows, l.d_in);
    fill(f->X, 2);
    fill(f->G, 3);
}

static bool judge(Fixture *f)
{
    bool right = backward_is_right(&f->l, f->X, f->G, f->Z, f->dX);
    check_untouched(f->params, layer_params(&f->l), 1, "W or b");
    check_untouched(f->X.data, f->X.rows * f->X.cols, 2, "X");
    check_untouched(f->G.data, f->G.rows * f->G.cols, 3, "G");
    check_gaps(&f->room, "the check");
    return right;
}

Test(catch, right_layers_pass, .timeout = 5)
{
    const Layer layers[] = { linear_layer(3, 4), linear_layer(4, 2), linear_layer(1, 1),
                             relu_layer(3), batchnorm_layer(3) };
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        Fixture f;
        begin(&f, layers[i], 5);
        cr_assert(judge(&f), "%s layer %zu: right, but called wrong", layers[i].name, i);
        begin(&f, layers[i], 2);
        cr_assert(layers[i].start || judge(&f), "%s layer %zu, two rows: right, but called wrong",
                  layers[i].name, i);
    }
}

/* Each spoils what the right backward made. */
static void spoil(Layer *l, Matrix dX, Matrix dZ, Matrix X, size_t how)
{
    double old_b = AT(l->db, 0, 0);
    linear_backward(dX, l, dZ, X);
    switch (how) {
    case 0: AT(l->dW, 0, 0) += 1e-4; break;
    case 1: AT(l->dW, D_IN - 1, D_OUT - 1) *= -1; break;
    case 2: AT(l->db, 0, 0) += old_b; break;
    case 3: AT(l->db, 0, D_OUT - 1) = 0; break;
    case 4: AT(dX, 0, 0) *= 1.01; break;
    case 5: AT(dX, N - 1, D_IN - 1) -= 1e-4; break;
    case 6: AT(dX, 1, 1) = SENTINEL; break;
    case 7: l->dW.data[1] = fabs(l->dW.data[1]), l->dW.data[2] = fabs(l->dW.data[2]),
            l->dW.data[0] = fabs(l->dW.data[0]), l->dW.data[3] = fabs(l->dW.data[3]); break;
    case 8: AT(dX, 2, 1) = (double)NAN; break;
    default: for (size_t k = 0; k < N * D_IN; k++) { dX.data[k] /= N; }
    }
}

enum { WRONG = 10 };
#define WRONG_BACKWARD(n) static void wrong##n(Matrix dX, Layer *l, Matrix dZ, Matrix X) \
    { spoil(l, dX, dZ, X, n); }
WRONG_BACKWARD(0) WRONG_BACKWARD(1) WRONG_BACKWARD(2) WRONG_BACKWARD(3) WRONG_BACKWARD(4)
WRONG_BACKWARD(5) WRONG_BACKWARD(6) WRONG_BACKWARD(7) WRONG_BACKWARD(8) WRONG_BACKWARD(9)

Test(catch, wrong_layers_are_caught, .timeout = 5)
{
    static void (*const wrong[WRONG])(Matrix, Layer *, Matrix, Matrix) = {
        wrong0, wrong1, wrong2, wrong3, wrong4, wrong5, wrong6, wrong7, wrong8,
        wrong9 };
    static const char *const what[WRONG] = {
        "the first entry of dW too large", "the last entry of dW with another sign",
        "db[0] added to what was there", "the last entry of db zero", "dX[0][0] 1 % too large",
        "the last entry of dX too small", "one entry of dX unset", "dW without signs",
        "one entry of dX no number", "dX divided by N" };
    for (size_t i = 0; i < WRONG; i++) {
        Fixture f;
        begin(&f, linear_layer(D_IN, D_OUT), N);
        f.l.backward = wrong[i];
        cr_assert(!judge(&f), "not caught: %s", what[i]);
    }
}
