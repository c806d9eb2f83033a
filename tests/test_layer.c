#include "check.h"

#include "batchnorm.h"
#include "dropout.h"

/* ---- the linear layer ------------------------------------------------- */

Test(linear, forward_by_hand, .timeout = 5)
{
    MATRIX_OF(X, 3, 2, 1, 2, 3, 4, 5, 6);
    MATRIX_OF(expected, 3, 4, 11.5, 13, 17.25, 22, 23.5, 29, 37.25, 46, 35.5,
              45, 57.25, 70);
    double params[] = { 1, 2, 3, 4, 5, 6, 7, 8, 0.5, -1, 0.25, 2 };
    double grads[12] = { 0 }, scratch[8] = { 0 };
    Layer l = linear_layer(2, 4);
    layer_bind(&l, params, grads, scratch);
    MATRIX(Z, 3, 4);
    fill_with(Z.data, 12, NAN); /* forward must not read what was there */
    l.forward(Z, &l, X, TRAINING);
    check_matrix(Z, expected, 0.0, "Z = XW + 1b, Z");
    fill_with(Z.data, 12, NAN);
    l.forward(Z, &l, X, EVALUATION);
    check_matrix(Z, expected, 0.0, "in evaluation, Z");
}

Test(linear, parameters_lie_in_one_block, .timeout = 5)
{
    double params[20], grads[20], scratch[12];
    Layer l = linear_layer(3, 4);
    cr_assert(layer_params(&l) == 16, "3x4 weights and 4 biases are 16, not %zu",
              layer_params(&l));
    cr_assert(l.d_in == 3 && l.d_out == 4);
    cr_assert(l.W.data == NULL, "a new layer's parameters are unbound");
    layer_bind(&l, params, grads, scratch);
    cr_assert(l.W.data == params && l.W.rows == 3 && l.W.cols == 4,
              "W is d_in x d_out, 3x4, not %zux%zu, and comes first", l.W.rows,
              l.W.cols);
    cr_assert(l.b.data == params + 12 && l.b.rows == 1 && l.b.cols == 4,
              "b is 1x4 and follows the 12 weights");
    cr_assert(l.dW.data == grads && l.dW.rows == 3 && l.dW.cols == 4,
              "dW has the shape of W and lies first among the gradients");
    cr_assert(l.db.data == grads + 12 && l.db.rows == 1 && l.db.cols == 4,
              "db has the shape of b and follows dW");
    Layer r = relu_layer(4);
    cr_assert(layer_params(&r) == 0, "a ReLU learns nothing, not %zu numbers",
              layer_params(&r));
    cr_assert(r.d_in == 4 && r.d_out == 4);
}

Test(linear, gradients_match_differences, .timeout = 5)
{
    check_layer(linear_layer(3, 4), 5, 10);
    check_layer(linear_layer(4, 3), 2, 20);
    check_layer(linear_layer(2, 7), 6, 30);
    check_layer(linear_layer(5, 1), 3, 40);
    check_layer(linear_layer(1, 4), 1, 50);
}

Test(linear, backward_is_the_adjoint, .timeout = 5)
{
    /* forward is linear in X, in W and in b; backward is its adjoint in each:
       <G, VW> = <dX, V>,  <G, XU> = <dW, U>,  <G, 1c> = <db, c> */
    double params[16], grads[16], scratch[12];
    Layer l = linear_layer(3, 4);
    layer_bind(&l, params, grads, scratch);
    fill_numbers(params, 16, 1);
    MATRIX(X, 5, 3);
    MATRIX(G, 5, 4);
    MATRIX(dX, 5, 3);
    fill(X, 2);
    fill(G, 3);
    l.backward(dX, &l, G, X);

    MATRIX(V, 5, 3);
    MATRIX(U, 3, 4);
    MATRIX(c, 1, 4);
    MATRIX(Z, 5, 4);
    fill(V, 4);
    fill(U, 5);
    fill(c, 6);
    double no_bias[16];
    memcpy(no_bias, params, sizeof no_bias);
    fill_with(no_bias + 12, 4, 0.0);
    layer_bind(&l, no_bias, grads, scratch);
    l.forward(Z, &l, V, TRAINING);
    double forward = inner(G, Z), backward = inner(dX, V);
    cr_assert(relative_error(forward, backward, 1.0) < 1e-14,
              "<G, VW> = %.17g but <dX, V> = %.17g", forward, backward);
    memcpy(no_bias, U.data, 12 * sizeof no_bias[0]);
    l.forward(Z, &l, X, TRAINING);
    forward = inner(G, Z), backward = inner(l.dW, U);
    cr_assert(relative_error(forward, backward, 1.0) < 1e-14,
              "<G, XU> = %.17g but <dW, U> = %.17g", forward, backward);
    fill_with(no_bias, 12, 0.0);
    memcpy(no_bias + 12, c.data, 4 * sizeof no_bias[0]);
    l.forward(Z, &l, X, TRAINING);
    forward = inner(G, Z), backward = inner(l.db, c);
    cr_assert(relative_error(forward, backward, 1.0) < 1e-14,
              "<G, 1c> = %.17g but <db, c> = %.17g", forward, backward);
}

Test(linear, gradients_are_overwritten, .timeout = 5)
{
    double params[16], grads[16], first[16], scratch[12];
    Layer l = linear_layer(3, 4);
    layer_bind(&l, params, grads, scratch);
    fill_numbers(params, 16, 1);
    MATRIX(X, 5, 3);
    MATRIX(G, 5, 4);
    MATRIX(dX, 5, 3);
    MATRIX(dX_first, 5, 3);
    fill(X, 2);
    fill(G, 3);
    fill_with(grads, 16, NAN); /* NaN + anything stays NaN */
    fill_with(dX.data, 15, NAN);
    l.backward(dX, &l, G, X);
    memcpy(first, grads, sizeof first);
    memcpy(dX_first.data, dX.data, 15 * sizeof(double));
    for (size_t k = 0; k < 16; k++) {
        cr_assert(isfinite(first[k]), "gradient %zu wasn't written", k);
    }
    l.backward(dX, &l, G, X);
    check_bits(grads, first, 16, "the gradient of a second backward");
    check_bits(dX.data, dX_first.data, 15, "dX of a second backward");
}

Test(linear, backward_changes_only_gradients, .timeout = 5)
{
    double params[16], grads[16], with_dx[16], scratch[12];
    Layer l = linear_layer(3, 4);
    layer_bind(&l, params, grads, scratch);
    fill_numbers(params, 16, 1);
    MATRIX(X, 5, 3);
    MATRIX(G, 5, 4);
    MATRIX(dX, 5, 3);
    fill(X, 2);
    fill(G, 3);
    l.backward(dX, &l, G, X);
    memcpy(with_dx, grads, sizeof with_dx);
    for (size_t k = 0; k < 20; k++) {
        cr_assert(G.data[k] == number(3, k), "backward changed dZ at %zu", k);
        cr_assert(k >= 16 || params[k] == number(1, k),
                  "backward changed parameter %zu", k);
        cr_assert(k >= 15 || X.data[k] == number(2, k),
                  "backward changed X at %zu", k);
    }
    /* dX not wanted: the rest comes out the same */
    fill_with(grads, 16, NAN);
    l.backward(matrix_view(NULL, 0, 0), &l, G, X);
    check_bits(grads, with_dx, 16, "the gradient where dX is not wanted");
}

Test(linear, shapes_that_do_not_fit_stop, .timeout = 10)
{
    double params[16] = { 0 }, grads[16] = { 0 }, scratch[12] = { 0 };
    Layer l = linear_layer(3, 4);
    layer_bind(&l, params, grads, scratch);
    MATRIX(X, 5, 3);
    MATRIX(Z, 5, 4);
    MATRIX(dX, 5, 3);
    CHECK_STOPS(linear_forward(Z, &l, matrix_view(X.data, 3, 5), TRAINING), "3x5");
    CHECK_STOPS(linear_forward(matrix_view(Z.data, 4, 4), &l, X, TRAINING), "4x4");
    CHECK_STOPS(linear_forward(matrix_view(Z.data, 5, 3), &l, X, TRAINING), "5x3");
    CHECK_STOPS(linear_backward(dX, &l, matrix_view(Z.data, 4, 4), X), "4x4");
    CHECK_STOPS(linear_backward(dX, &l, matrix_view(Z.data, 5, 3), X), "5x3");
    CHECK_STOPS(linear_backward(dX, &l, Z, matrix_view(X.data, 5, 2)), "5x2");
    CHECK_STOPS(linear_backward(matrix_view(dX.data, 4, 3), &l, Z, X), "4x3");
    CHECK_STOPS(linear_backward(matrix_view(dX.data, 5, 2), &l, Z, X), "5x2");
}

/* The sums over the rows, for each width up to 40, and no number behind them. */
Test(linear, sums_of_any_width, .timeout = 5)
{
    enum { ROWS = 3, WIDEST = 40 };
    double params[2 * WIDEST] = { 0 }, grads[2 * WIDEST + 1], scratch[WIDEST] = { 0 };
    MATRIX(X, ROWS, 1);
    for (size_t width = 1; width <= WIDEST; width++) {
        Layer l = linear_layer(1, width);
        double storage[ROWS * WIDEST + 1];
        Matrix dZ = matrix_view(storage, ROWS, width);
        fill_with(grads, 2 * width + 1, 77);
        layer_bind(&l, params, grads, scratch);
        for (size_t i = 0; i < ROWS * width; i++)
            storage[i] = (double)(i * i % 19);
        linear_backward((Matrix){ 0 }, &l, dZ, X);
        for (size_t k = 0; k < width; k++) {
            double sum = AT(dZ, 0, k) + AT(dZ, 1, k) + AT(dZ, 2, k);
            cr_assert(l.db.data[k] == sum, "width %zu, column %zu: the sum is %g, not %g", width,
                      k, l.db.data[k], sum);
        }
        cr_assert(grads[2 * width] == 77, "width %zu: a number behind the sums is written", width);
    }
}

/* ---- ReLU -------------------------------------------------------------- */

Test(relu, exact_around_the_kink, .timeout = 5)
{
    /* inputs -2, -1e-3, 0, 1e-3, 2 with upstream of both signs */
    MATRIX_OF(X, 2, 5, -2, -1e-3, 0, 1e-3, 2, -2, -1e-3, 0, 1e-3, 2);
    MATRIX_OF(G, 2, 5, 3, 4, 5, 6, 7, -3, -4, -5, -6, -7);
    MATRIX_OF(Z_expected, 2, 5, 0, 0, 0, 1e-3, 2, 0, 0, 0, 1e-3, 2);
    MATRIX_OF(dX_expected, 2, 5, 0, 0, 0, 6, 7, 0, 0, 0, -6, -7);
    Layer l = relu_layer(5);
    double z[11], dx[11];   /* and one behind */
    Matrix Z = matrix_view(z, 2, 5), dX = matrix_view(dx, 2, 5);
    fill_with(z, 11, 1e3);
    fill_with(dx, 11, 1e3);
    l.forward(Z, &l, X, TRAINING);
    l.backward(dX, &l, G, X);
    cr_assert(z[10] == 1e3 && dx[10] == 1e3, "a ReLU wrote behind its result");
    for (size_t k = 0; k < 10; k++) {
        cr_assert(Z.data[k] == Z_expected.data[k], "relu(%g) is %g, not %g",
                  X.data[k], Z_expected.data[k], Z.data[k]);
        cr_assert(dX.data[k] == dX_expected.data[k],
                  "at z = %g an upstream of %g goes on as %g, not %g", X.data[k],
                  G.data[k], dX_expected.data[k], dX.data[k]);
    }
    fill_with(Z.data, 10, NAN);
    l.forward(Z, &l, X, EVALUATION);
    check_matrix(Z, Z_expected, 0.0, "in evaluation, relu");
    X.data[2] = -0.0;
    l.forward(Z, &l, X, EVALUATION);
    cr_assert(!signbit(Z.data[2]), "relu(-0) is 0, not -0");
}

Test(relu, gradient_matches_differences, .timeout = 5)
{
    check_layer(relu_layer(7), 5, 60); /* no input within 1e-5 of the kink */
    check_layer(relu_layer(1), 9, 70);
}

Test(relu, nan_stays_nan, .timeout = 5)
{
    /* a ReLU that turns NaN into 0 would hide a run that diverged */
    MATRIX_OF(X, 1, 2, NAN, 1.0);
    MATRIX(Z, 1, 2);
    Layer l = relu_layer(2);
    l.forward(Z, &l, X, TRAINING);
    cr_assert(isnan(Z.data[0]), "relu(NaN) must stay NaN, not %g", Z.data[0]);
}

Test(relu, shapes_that_do_not_fit_stop, .timeout = 10)
{
    Layer l = relu_layer(3);
    MATRIX(X, 5, 3);
    MATRIX(Z, 5, 3);
    MATRIX(dX, 5, 3);
    CHECK_STOPS(l.forward(Z, &l, matrix_view(X.data, 5, 2), TRAINING), "5x2");
    CHECK_STOPS(l.forward(matrix_view(Z.data, 4, 3), &l, X, TRAINING), "4x3");
    CHECK_STOPS(l.backward(dX, &l, matrix_view(Z.data, 4, 3), X), "4x3");
    CHECK_STOPS(l.backward(matrix_view(dX.data, 4, 3), &l, Z, X), "4x3");
}

/* ---- what a layer keeps ------------------------------------------------- */

/* One that keeps three numbers a row, and two rows of four that last. */
static Layer hoarder(void)
{
    return (Layer) { .name = "hoarder", .d_in = 3, .d_out = 3,
                     .kept = { 0, 3, NULL }, .lasting = { 2, 4, NULL } };
}

Test(kept, room_by_hand, .timeout = 5)
{
    const Layer h = hoarder(), linear = linear_layer(3, 4), relu = relu_layer(3),
                norm = batchnorm_layer(4), drop = dropout_layer(4, NULL);
    const struct {
        const Layer *l;
        size_t rows, room;
    } at[] = { { &h, 5, 5 * 3 },       { &h, 1, 3 },        { &h, 0, 0 },
               { &norm, 6, 6 * 4 + 4 }, { &norm, 0, 4 },    /* and the inverse */
               { &drop, 6, 6 * 4 },    { &drop, 0, 0 },
               { &linear, 6, 0 },      { &relu, 6, 0 } };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        size_t room = layer_room(at[i].l, at[i].rows);
        cr_assert(room == at[i].room, "%s, %zu rows: room for %zu numbers, not %zu",
                  at[i].l->name, at[i].rows, at[i].room, room);
    }
}

Test(kept, views_are_where_they_were_put, .timeout = 5)
{
    double kept[6 * 3], lasting[8];
    Layer l = hoarder();
    layer_keep(&l, kept, 5, lasting);
    cr_assert(l.kept.rows == 5 && l.kept.cols == 3 && l.kept.data == kept,
              "what is kept is 5x3, not %zux%zu", l.kept.rows, l.kept.cols);
    cr_assert(l.lasting.rows == 2 && l.lasting.cols == 4 && l.lasting.data == lasting,
              "what lasts is 2x4, not %zux%zu", l.lasting.rows, l.lasting.cols);
    Layer more = hoarder();
    more.kept.rows = 1;
    cr_assert(layer_room(&more, 5) == 6 * 3, "one row more than there are examples");
    layer_keep(&more, kept, 5, lasting);
    cr_assert(more.kept.rows == 6 && more.kept.cols == 3, "what is kept is 6x3, not %zux%zu",
              more.kept.rows, more.kept.cols);
}

Test(kept, nothing_for_a_layer_that_keeps_nothing, .timeout = 5)
{
    double params[16], grads[16], scratch[12], none[1];
    Layer l = linear_layer(3, 4);
    layer_bind(&l, params, grads, scratch);
    layer_keep(&l, none, 5, none);
    cr_assert(l.kept.rows * l.kept.cols == 0 && l.lasting.rows * l.lasting.cols == 0,
              "a linear layer keeps %zux%zu and %zux%zu numbers", l.kept.rows, l.kept.cols,
              l.lasting.rows, l.lasting.cols);
    cr_assert(l.W.data == params && l.db.data == grads + 12, "what was bound has moved");
}

Test(layer, activations_are_found_by_name, .timeout = 5)
{
    Layer relu = activation_layer("relu", 7);
    cr_assert_str_eq(relu.name, "relu");
    cr_assert(relu.d_in == 7 && relu.d_out == 7 && relu.kink && relu.in_place
              && layer_params(&relu) == 0, "relu is 7 wide, has a kink and learns nothing");
    cr_assert(activation_layer("reluu", 7).name == NULL && activation_layer("rel", 7).name == NULL
              && activation_layer("linear", 7).name == NULL, "there is no such activation");
}

Test(layer, first_values_hand_the_seed_on, .timeout = 5)
{
    double params[16], grads[16], scratch[12], lasting[8] = { 0 };
    Layer l = linear_layer(3, 4), norm = batchnorm_layer(4), relu = relu_layer(4);
    layer_bind(&l, params, grads, scratch);
    cr_assert(l.start(&l, INIT_HE, 5) == 6, "a linear layer takes one seed");
    Rng rng = rng_create(5);
    for (size_t k = 0; k < 12; k++) {
        double right = sqrt(2.0 / 3) * rng_normal(&rng);
        cr_assert(params[k] == right, "weight %zu is %g, not %g", k, params[k], right);
    }
    layer_bind(&norm, params, grads, scratch);
    layer_keep(&norm, scratch, 0, lasting);
    cr_assert(norm.start(&norm, INIT_HE, 5) == 5, "batch norm takes none");
    cr_assert(relu.start == NULL, "a ReLU has no values");
}
