/* lab-plate.c: what each unit of the main run's network says over the
   plane, and its weights.  Figures plate and weights. */
#include <math.h>
#include "lab.h"

static const Ramp one_unit = {   /* from bone, where it is off, to ink */
    { 0xF4, 0xF1, 0xEA }, { 0x8B, 0xA3, 0xBD }, { 0x1F, 0x2A, 0x44 }
};
enum { HIDDEN = LAYERS - 1, LARGEST = 240 * 240 };
static const size_t sides[HIDDEN] = { 60, 120, 240 };    /* in pixels */

/* a row for each pixel, and one for each training point: what the units
   of hidden layer h say there */
static void ask_layer(Matrix says, Network *net, size_t h, Matrix points)
{
    size_t side = sides[h], pixels = side * side;
    for (size_t i = 0; i < says.rows; i++) {
        double x[2] = { lab_at((double)(i % side), side, 2.3),
                        lab_at((double)(i / side), side, 2.3) };
        network_forward(net, i < pixels ? matrix_view(x, 1, 2)
                        : matrix_rows(points, i - pixels, 1), EVALUATION);
        matrix_copy(matrix_rows(says, i, 1), net->A[2 * h + 2]);
    }
}

/* unit-H-J.png: the darker the more it says, up to the most of a training
   point; in the colour of its vote, the weight to the output, if that
   isn't 0.  Returns the most that it says. */
static double show_unit(const Lab *lab, Matrix says, size_t h, size_t j,
                        double vote)
{
    static double levels[LARGEST];
    double most[2] = { 0, 0 };   /* of pixels, and of points */
    size_t pixels = sides[h] * sides[h];
    char name[60];
    for (size_t i = 0; i < says.rows; i++)
        most[i >= pixels] = fmax(most[i >= pixels], AT(says, i, j));
    for (size_t i = 0; i < pixels; i++) {
        double it = AT(says, i, j);
        double dark = it > 0 ? 0.15 + 0.85 * fmin(it / most[1], 1) : 0;
        levels[i] = vote != 0 ? 0.5 + copysign(dark / 2, vote) : dark;
    }
    snprintf(name, sizeof name, "unit-%zu-%zu", h + 1, j);
    lab_picture(lab, name, matrix_view(levels, sides[h], sides[h]),
                vote != 0 ? two_labels : one_unit);
    return most[0];
}

/* params.tsv; units.tsv: the most that each unit says, by layer */
void experiment_plate(Lab *lab)
{
    static double room[16 * (LARGEST + 2 * POINTS)], most[HIDDEN][64];
    double dead = 0;
    Network net;
    Rng rng = rng_create(7);
    published_check(&rng);
    lab_need(published_run(&net, &main_run, MAIN_EPOCHS, false, &rng, NULL,
                           NULL, &why));
    const double *votes = net.layer[2 * HIDDEN].W.data;
    for (size_t h = 0; h < HIDDEN; h++) {
        Matrix says = matrix_view(room, sides[h] * sides[h] + 2 * POINTS,
                                  main_widths[h + 1]);
        ask_layer(says, &net, h, lab->D.X);
        for (size_t j = 0; j < says.cols; j++) {
            most[h][j] = show_unit(lab, says, h, j, h < 2 ? 0 : votes[j]);
            dead += most[h][j] <= 0;
        }
    }
    lab_columns(lab, "params", "number\tparam", net.param_count, 1, net.params);
    lab_columns(lab, "units", "unit\tone\ttwo\tthree", 64, HIDDEN, most[0]);
    lab_value(lab, "plateDead", dead);
}
