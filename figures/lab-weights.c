/* lab-weights.c: first weights of the main run's network: what they make
   of gradients before training, and of the training, without batch norm
   and (with the answers) with it.  Figures and tables init, batchnorm. */
#include <math.h>
#include <string.h>
#include "lab.h"

enum { INITS = 5, WAYS = 4, RATES = 4, NETWORKS = 200 };
enum { NORM_EPOCHS = 1000, NORM_STARTS = 10 };
typedef double Norms[LAYERS];

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

/* squares.tsv, norms.tsv by layer; then starts of each are trained:
   trained.tsv, and of the one in the middle loss.tsv */
void experiment_init(const Lab *lab)
{
    static const char *const head = "row\tzeros\tsmall\txavier\the\tlarge";
    static double square[INITS][LAYERS], loss[INITS][SHORT_RUN];
    static Norms norm[INITS];
    static Start start[STARTS];
    FILE *out = lab_open(lab, "trained", "init\tstart\tright\tdead");
    for (int i = 0; i < INITS; i++) {
        double right[STARTS];
        Recipe r = lab_main;
        r.init = (Init)i;
        measure_signals(square[i], norm[i], r.init, lab);
        lab_starts(start, STARTS, r, lab);
        for (int k = 0; k < STARTS; k++) {
            const Start *s = &start[k];
            right[k] = s->right;
            ROW(out, i, k, s->right, s->dead);
        }
        memcpy(loss[i], start[lab_middle(right, STARTS)].loss,
               sizeof loss[i]);
    }
    lab_close(out);
    lab_columns(lab, "squares", head, LAYERS, INITS, square[0]);
    lab_columns(lab, "norms", head, LAYERS, INITS, norm[0]);
    lab_columns(lab, "loss", head, SHORT_RUN, INITS, loss[0]);
    lab_value(lab, "initSeeds", NETWORKS);
}

/* Before training, means over networks; same_last: the last layer's
   weights, which nothing normalises, have He's deviation always. */
static void measure_norms(Norms norm, Recipe r, bool same_last,
                          const Lab *lab)
{
    r.epochs = 0;
    r.batch = 2 * POINTS;
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
        network_destroy(&net);
    }
}

/* One recipe, without batch norm and with: rows of trained.tsv. */
static void train_both(FILE *out, Recipe r, const Lab *lab)
{
    static Start start[NORM_STARTS];
    for (int with = 0; with < 2; with++) {
        r.batchnorm = with;
        lab_starts(start, NORM_STARTS, r, lab);
        for (int k = 0; k < NORM_STARTS; k++)
            ROW(out, r.init, r.rate, with, k, start[k].fresh,
                start[k].end_loss, start[k].loss[NORM_EPOCHS - 1]);
    }
}

/* four ways to begin, without batch norm, with it, and with the last
   layer the same: norms.tsv by layer; then they are trained, and He's
   at larger rates: trained.tsv */
void experiment_batchnorm(const Lab *lab)
{
    static const double rate[RATES] = { 0.2, 0.5, 1, 2 };
    static Norms norm[3 * WAYS];
    FILE *out = lab_open(lab, "trained", "init\trate\twith\tstart\t"
                         "fresh\tloss\ttraining");
    Recipe r = lab_main;
    r.epochs = NORM_EPOCHS;
    for (int i = 0; i < WAYS; i++) {
        r.init = (Init)(INIT_SMALL + i);
        train_both(out, r, lab);
        for (int n = 0; n < 3; n++) {
            r.batchnorm = n > 0;
            measure_norms(norm[n * WAYS + i], r, n == 2, lab);
        }
    }
    r.init = INIT_HE;
    for (int i = 0; i < RATES; i++) {
        r.rate = rate[i];
        train_both(out, r, lab);
    }
    lab_close(out);
    lab_columns(lab, "norms", "row\tsmall-without\txavier-without\t"
        "he-without\tlarge-without\tsmall-with\txavier-with\the-with\t"
        "large-with\tsmall-same\txavier-same\the-same\tlarge-same",
        LAYERS, 3 * WAYS, norm[0]);
    lab_value(lab, "normEpochs", NORM_EPOCHS);
    lab_value(lab, "normStarts", NORM_STARTS);
}
