/* lab-weights.c: the first weights of the main run's network: what they
   make of the gradients before training, and of the training, without
   batch norm and (with the answers) with it.  Figures and tables init
   and batchnorm. */
#include <math.h>
#include <string.h>
#include "lab.h"

enum { INITS = 5, NETWORKS = 200, WAYS = 4, NORM_EPOCHS = 1000 };

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

/* Means over networks without training: norm, of dW, and square, of the
   pre-activations; all zero at first. */
static void measure_signals(double *square, double *norm, Init init,
                            const Lab *lab)
{
    static double room[2 * POINTS * 64];
    Network net;
    Error e;
    lab_need(network_create(&net, main_widths, MAIN_COUNT, 2 * POINTS,
                            &e), &e);
    for (uint64_t k = 0; k < NETWORKS; k++) {
        network_init(&net, init, 42 + 100 * k);
        add_norms(norm, &net, lab->D);
        /* ReLU wrote over what came out of the layer: again, aside */
        for (size_t l = 0; l < LAYERS; l++) {
            const Layer *layer = &net.layer[2 * l];
            Matrix out = matrix_view(room, 2 * POINTS, layer->d_out);
            matmul_plus(out, net.A[2 * l], layer->W, layer->b);
            square[l] += squares(out) / (double)(out.rows * out.cols)
                / NETWORKS;
        }
    }
    network_destroy(&net);
}

/* squares.tsv, norms.tsv by layer; then one network of each is trained:
   loss.tsv and trained.tsv */
void experiment_init(const Lab *lab)
{
    static const char *const head = "row\tzeros\tsmall\txavier\the\tlarge";
    static double square[INITS][LAYERS], norm[INITS][LAYERS];
    static double loss[INITS][SHORT_RUN];
    FILE *out = lab_open(lab, "trained", "loss\tright");
    for (int i = 0; i < INITS; i++) {
        Network net;
        measure_signals(square[i], norm[i], (Init)i, lab);
        lab_start(&net, loss[i], &main_run, (Init)i, 0, lab);
        ROW(out, loss[i][SHORT_RUN - 1], lab_share(lab_network, &net, lab->D));
        network_destroy(&net);
    }
    lab_close(out);
    lab_columns(lab, "squares", head, LAYERS, INITS, square[0]);
    lab_columns(lab, "norms", head, LAYERS, INITS, norm[0]);
    lab_columns(lab, "loss", head, SHORT_RUN, INITS, loss[0]);
    lab_value(lab, "initSeeds", NETWORKS);
}

/* four ways to begin without batch norm, then with: norms.tsv by layer,
   loss.tsv, trained.tsv */
void experiment_batchnorm(const Lab *lab)
{
    static const Init init[WAYS] = { INIT_SMALL, INIT_XAVIER, INIT_HE,
                                     INIT_LARGE };
    static const char *const head = "row\tsmall-without\txavier-without\t"
        "he-without\tlarge-without\tsmall-with\txavier-with\the-with\t"
        "large-with";
    static double norm[2 * WAYS][LAYERS], loss[2 * WAYS][NORM_EPOCHS];
    FILE *out = lab_open(lab, "trained", "right\tloss");
    for (int i = 0; i < 2 * WAYS; i++) {
        Recipe r = { .width = main_widths, .count = MAIN_COUNT,
                     .activation = "relu", .loss = &bce,
                     .init = init[i % WAYS], .batchnorm = i >= WAYS,
                     .rate = 0.05, .epochs = NORM_EPOCHS, .batch = BATCH,
                     .seed = 42 }, first = r;
        Network net;
        first.epochs = 0;
        first.batch = 2 * POINTS;
        for (uint64_t k = 0; k < NETWORKS; k++) {
            first.seed = 42 + 100 * k;
            lab_recipe(&net, &first, NULL, NULL);
            add_norms(norm[i], &net, lab->D);
            network_destroy(&net);
        }
        lab_recipe(&net, &r, lab_note_loss, loss[i]);
        ROW(out, lab_share(lab_network, &net, lab->D),
            network_mean(&net, lab->D, bce.value));
        network_destroy(&net);
    }
    lab_close(out);
    lab_columns(lab, "norms", head, LAYERS, 2 * WAYS, norm[0]);
    lab_columns(lab, "loss", head, NORM_EPOCHS, 2 * WAYS, loss[0]);
    lab_value(lab, "normEpochs", NORM_EPOCHS);
}
