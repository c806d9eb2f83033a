/* Dropout by its properties: any right way to draw a mask passes. */
#include "room.h"

#include "dropout.h"

enum { WIDTH = 4, MOST = 6 }; /* room for six rows */

typedef struct {
    Room room;
    Rng rng;
    Dropout drop;
    Layer l;
    Matrix X, Z, dZ, dX;
    double *kept;
} Fixture;

static void begin(Fixture *f, size_t rows, double p)
{
    room_begin(&f->room);
    f->rng = rng_create(11);
    f->drop = (Dropout){ p, &f->rng };
    f->l = dropout_layer(WIDTH, &f->drop);
    cr_assert(layer_room(&f->l, MOST) == MOST * WIDTH, "dropout keeps a mask and nothing else");
    f->kept = room_take(&f->room, MOST * WIDTH);
    layer_keep(&f->l, f->kept, MOST, room_take(&f->room, 1));
    f->X = room_matrix(&f->room, rows, WIDTH);
    f->Z = room_matrix(&f->room, rows, WIDTH);
    f->dZ = room_matrix(&f->room, rows, WIDTH);
    f->dX = room_matrix(&f->room, rows, WIDTH);
    fill(f->X, 1);
    fill(f->dZ, 2);
}

static void forward(Fixture *f, Mode mode)
{
    f->l.forward(f->Z, &f->l, f->X, mode);
    check_untouched(f->X.data, f->X.rows * WIDTH, 1, "X");
    check_gaps(&f->room, "forward");
}

static void backward(Fixture *f)
{
    f->l.backward(f->dX, &f->l, f->dZ, f->X);
    check_untouched(f->dZ.data, f->X.rows * WIDTH, 2, "dZ");
    check_gaps(&f->room, "backward");
}

static bool same_state(const Rng *a, const Rng *b)
{
    return a->state.low == b->state.low && a->state.high == b->state.high
        && a->has_half == b->has_half;
}

/* ---- many draws: 500 batches of 20 x 20 -------------------------------- */

enum { SIDE = 20, BATCHES = 500, DRAWS = SIDE * SIDE * BATCHES };

/* Zeros, pairs of zeros side by side and one above the other, and the sum. */
typedef struct { double zeros, beside, above, sum; } Count;

static Count count_zeros(double p)
{
    static double x[SIDE * SIDE], z[SIDE * SIDE], mask[SIDE * SIDE];
    Rng rng = rng_create(5);
    Dropout drop = { p, &rng };
    Layer l = dropout_layer(SIDE, &drop);
    Matrix X = matrix_view(x, SIDE, SIDE), Z = matrix_view(z, SIDE, SIDE);
    Count c = { 0 };
    layer_keep(&l, mask, SIDE, NULL);
    fill_with(x, SIDE * SIDE, 1);
    for (size_t batch = 0; batch < BATCHES; batch++) {
        l.forward(Z, &l, X, TRAINING);
        for (size_t k = 0; k < SIDE * SIDE; k++) {
            bool zero = z[k] == 0;
            cr_assert(zero || fabs(z[k] - 1 / (1 - p)) < 1e-14,
                      "p = %g: of 1 comes %g; it should be 0 or 1/(1-p), which is %g", p, z[k],
                      1 / (1 - p));
            c.zeros += zero;
            c.sum += z[k];
            c.beside += zero && z[k % SIDE + 1 < SIDE ? k + 1 : k + 1 - SIDE] == 0;
            c.above += zero && z[(k + SIDE) % (SIDE * SIDE)] == 0;
        }
    }
    return c;
}

static const double shares[] = { 0.1, 0.5, 0.8 };

Test(dropout, mean_and_share_of_zeros, .timeout = 10)
{
    for (size_t i = 0; i < 3; i++) {
        double p = shares[i], sigma = sqrt(p * (1 - p) / DRAWS);
        Count c = count_zeros(p);
        cr_assert_float_eq(c.zeros / DRAWS, p, 5 * sigma,
                           "p = %g: %g of %d are dropped (5 sigma: %g)", p, c.zeros / DRAWS,
                           DRAWS, 5 * sigma);
        cr_assert_float_eq(c.sum / DRAWS, 1, 5 * sigma / (1 - p),
                           "p = %g: the mean of ones is %g afterwards (5 sigma: %g)", p,
                           c.sum / DRAWS, 5 * sigma / (1 - p));
    }
}

Test(dropout, entries_are_drawn_alone, .timeout = 10)
{
    for (size_t i = 0; i < 3; i++) {
        double p = shares[i], pair = p * p, sigma = 2 * sqrt(pair * (1 - pair) / DRAWS);
        Count c = count_zeros(p);
        cr_assert_float_eq(c.beside / DRAWS, pair, 5 * sigma,
                           "p = %g: two in a row fall together in %g, not in %g", p,
                           c.beside / DRAWS, pair);
        cr_assert_float_eq(c.above / DRAWS, pair, 5 * sigma,
                           "p = %g: two in a column fall together in %g, not in %g", p,
                           c.above / DRAWS, pair);
    }
}

/* ---- one batch ----------------------------------------------------------- */

Test(dropout, mask_is_kept_and_used_backward, .timeout = 5)
{
    Fixture f;
    begin(&f, 5, 0.4);
    for (int round = 0; round < 3; round++) {
        size_t zeros = 0;
        forward(&f, TRAINING);
        Rng before = f.rng;
        double mask[MOST * WIDTH];
        memcpy(mask, f.kept, sizeof mask);
        fill_with(f.dX.data, 5 * WIDTH, NAN); /* must be overwritten */
        backward(&f);
        cr_assert(same_state(&before, &f.rng), "going backward draws nothing");
        check_bits(f.kept, mask, MOST * WIDTH, "the mask, after backward");
        for (size_t k = 0; k < 5 * WIDTH; k++) {
            double m = f.Z.data[k] / f.X.data[k];
            cr_assert_float_eq(f.kept[k], m, 1e-14, "entry %zu: Z is X times %g, M holds %g", k, m,
                               f.kept[k]);
            cr_assert_float_eq(f.dX.data[k], m * f.dZ.data[k], 1e-14,
                               "entry %zu: forward multiplied by %g, backward by %g", k, m,
                               f.dX.data[k] / f.dZ.data[k]);
            zeros += m == 0;
        }
        cr_assert(zeros > 0 && zeros < 5 * WIDTH, "%zu of 20 dropped: nothing was seen", zeros);
    }
    for (size_t k = 5 * WIDTH; k < MOST * WIDTH; k++) {
        cr_assert(f.kept[k] == SENTINEL, "five rows of room for six: the sixth was written");
    }
}

Test(dropout, same_seed_same_mask, .timeout = 5)
{
    Fixture f;
    double first[5 * WIDTH];
    begin(&f, 5, 0.5);
    forward(&f, TRAINING);
    memcpy(first, f.Z.data, sizeof first);
    f.rng = rng_create(11);
    forward(&f, TRAINING);
    check_bits(f.Z.data, first, 5 * WIDTH, "Z from the same state of the generator");
    forward(&f, TRAINING);
    cr_assert(memcmp(f.Z.data, first, sizeof first) != 0, "the second mask is the first one");
    f.rng = rng_create(12);
    forward(&f, TRAINING);
    cr_assert(memcmp(f.Z.data, first, sizeof first) != 0, "another seed gives the same mask");
}

Test(dropout, evaluation_is_the_identity, .timeout = 5)
{
    Fixture f;
    begin(&f, 5, 0.5);
    forward(&f, TRAINING);
    double mask[MOST * WIDTH];
    memcpy(mask, f.kept, sizeof mask);
    Rng before = f.rng;
    fill_with(f.Z.data, 5 * WIDTH, NAN);
    forward(&f, EVALUATION);
    check_bits(f.Z.data, f.X.data, 5 * WIDTH, "Z in evaluation, which is X");
    check_bits(f.kept, mask, MOST * WIDTH, "the mask, after evaluation");
    cr_assert(same_state(&before, &f.rng), "evaluation draws nothing");
    f.l.own = NULL;
    forward(&f, EVALUATION);
    check_bits(f.Z.data, f.X.data, 5 * WIDTH, "Z in evaluation, without a generator");
}

Test(dropout, nothing_dropped_at_0, .timeout = 5)
{
    Fixture f;
    begin(&f, 5, 0);
    forward(&f, TRAINING);
    backward(&f);
    check_bits(f.Z.data, f.X.data, 5 * WIDTH, "p = 0: Z, which is X");
    check_bits(f.dX.data, f.dZ.data, 5 * WIDTH, "p = 0: dX, which is dZ");
}

Test(dropout, shapes_that_do_not_fit_stop, .timeout = 10)
{
    Fixture f;
    begin(&f, 5, 0.5);
    Layer *l = &f.l;
    Matrix few = matrix_view(f.Z.data, 4, WIDTH), thin = matrix_view(f.Z.data, 5, WIDTH - 1);
    for (int training = 0; training < 2; training++) {
        Mode mode = training ? TRAINING : EVALUATION;
        CHECK_STOPS(l->forward(few, l, f.X, mode), "dropout", "4x4", "5x4");
        CHECK_STOPS(l->forward(thin, l, f.X, mode), "dropout", "5x3", "5x4");
    }
    forward(&f, TRAINING);
    CHECK_STOPS(l->backward(few, l, f.dZ, f.X), "dropout", "4x4", "5x4");
    CHECK_STOPS(l->backward(thin, l, f.dZ, f.X), "dropout", "5x3", "5x4");
    CHECK_STOPS(l->backward(f.dX, l, few, f.X), "dropout", "4x4", "5x4");
    CHECK_STOPS(l->backward(f.dX, l, thin, f.X), "dropout", "5x3", "5x4");
}

Test(dropout, training_needs_a_generator, .timeout = 5)
{
    Fixture f;
    begin(&f, 5, 0.5);
    f.l.own = NULL;
    CHECK_STOPS(f.l.forward(f.Z, &f.l, f.X, TRAINING), "dropout", "generator");
}

Test(dropout, without_a_generator_drops_nothing, .timeout = 5)
{
    double lasting[1] = { 7 };
    Layer l = dropout_layer(3, NULL);
    l.lasting.data = lasting;
    cr_assert(l.start(&l, INIT_HE, 5) == 5, "a start without draws hands the seed on");
    cr_assert(lasting[0] == 0, "nothing is dropped, and %g is kept", lasting[0]);
}

Test(dropout, only_training_needs_room_for_its_mask, .timeout = 10)
{
    Fixture f;
    begin(&f, 5, 0.5);
    MATRIX(X, 7, 4);
    MATRIX(Z, 7, 4);
    fill(X, 3);
    CHECK_STOPS(f.l.forward(Z, &f.l, X, TRAINING), "matrix_rows");
    f.l.forward(Z, &f.l, X, EVALUATION);
    check_bits(Z.data, X.data, 28, "evaluation of more rows than are kept");
}
