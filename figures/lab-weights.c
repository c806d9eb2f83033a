/* lab-weights.c: first weights of the main run's network: what they make
   of gradients before training, and of the training, without batch norm
   and (with the answers) with it.  Figures and tables init, batchnorm. */
#include <math.h>
#include <string.h>
#include "lab.h"

enum { INITS = 5, WAYS = 4, NETWORKS = 200 };
typedef double Layerwise[LAYERS];

/* sum of the squares of all elements */
static double squares(Matrix A)
{
    double sum = 0;
    for (size_t i = 0; i < A.rows * A.cols; i++)
        sum += A.data[i] * A.data[i];
    return sum;
}

/* Passes D forward and back, and adds to norm[i] a share of the norm of
   dW of linear layer i, so that NETWORKS of them make a mean. */
static void add_norms(double *norm, Network *net, Dataset D)
{
    double gradient[2 * POINTS];
    Matrix dZ = matrix_view(gradient, 2 * POINTS, 1);
    bce.gradient(dZ, network_forward(net, D.X, TRAINING), D.Y);
    network_backward((Matrix){ 0 }, net, dZ);
    for (size_t l = 0, i = 0; l < net->depth; l++)
        if (!strcmp(net->layer[l].name, "linear"))
            norm[i++] += sqrt(squares(net->layer[l].dW)) / NETWORKS;
}

/* Where there is no batch norm, adds the mean squares of the
   pre-activations; ReLU wrote over them, so they are made once more. */
static void add_squares(double *square, const Network *net)
{
    static double room[2 * POINTS * 64];
    for (size_t l = 0; l < LAYERS; l++) {
        const Layer *layer = &net->layer[2 * l];
        Matrix out = matrix_view(room, 2 * POINTS, layer->d_out);
        matmul_plus(out, net->A[2 * l], layer->W, layer->b);
        square[l] += squares(out) / (double)(out.rows * out.cols) / NETWORKS;
    }
}

/* Before training, means over networks; square: or NULL; same_last: the
   last layer's weights, which nothing normalises, have He's deviation
   always. */
static void measure(Layerwise norm, double *square, Init init,
                    bool batchnorm, bool same_last, const Lab *lab)
{
    Recipe r = { .width = main_widths, .count = MAIN_COUNT,
                 .activation = "relu", .loss = &bce, .init = init,
                 .batch = 2 * POINTS, .batchnorm = batchnorm };
    for (uint64_t k = 0; k < NETWORKS; k++) {
        Network net;
        r.seed = 42 + 100 * k;
        lab_recipe(&net, &r, NULL, NULL);
        Layer last = net.layer[net.depth - 1];
        double scale = init_deviation(INIT_HE, last.d_in, 1)
            / init_deviation(r.init, last.d_in, 1);
        for (size_t i = 0; same_last && i < last.d_in; i++)
            last.W.data[i] *= scale;
        add_norms(norm, &net, lab->D);
        if (square)
            add_squares(square, &net);
        network_destroy(&net);
    }
}

/* squares.tsv, norms.tsv by layer; and trials */
void experiment_init(Lab *lab)
{
    static const char *const head = "row\tzeros\tsmall\txavier\the\tlarge";
    static Layerwise square[INITS], norm[INITS];
    for (int i = 0; i < INITS; i++)
        measure(norm[i], square[i], (Init)i, false, false, lab);
    lab_columns(lab, "squares", head, LAYERS, INITS, square[0]);
    lab_columns(lab, "norms", head, LAYERS, INITS, norm[0]);
    lab_value(lab, "initSeeds", NETWORKS);
    lab_trials(lab, false);
}

/* four ways to begin, without batch norm, with it, and with the last
   layer the same: norms.tsv by layer; and trials */
void experiment_batchnorm(Lab *lab)
{
    static Layerwise norm[3 * WAYS];
    for (int i = 0; i < WAYS; i++)
        for (int n = 0; n < 3; n++)
            measure(norm[n * WAYS + i], NULL, (Init)(INIT_SMALL + i), n > 0,
                    n == 2, lab);
    lab_columns(lab, "norms", "row\tsmall-without\txavier-without\t"
        "he-without\tlarge-without\tsmall-with\txavier-with\the-with\t"
        "large-with\tsmall-same\txavier-same\the-same\tlarge-same",
        LAYERS, 3 * WAYS, norm[0]);
    lab_trials(lab, false);
}
