/* lab-init.c: five ways to choose the first weights.  Figure and table
   init. */
#include "lab.h"

enum { INITS = 5 };
typedef double ByLayer[INITS][LAYERS];

/* Before any training: square, mean squares of the pre-activations, and
   norm, norms of dW; all zero at first. */
static void measure_signals(double *square, double *norm, Init init,
                            const Lab *lab)
{
    static double room[2 * POINTS * 64];
    Network net;
    Error e;
    lab_need(network_create(&net, main_widths, MAIN_COUNT, 2 * POINTS, &e),
         &e);
    for (uint64_t seed = 0; seed < NETWORKS; seed++) {
        network_init(&net, init, 42 + 100 * seed);
        lab_add_norms(norm, &net, lab);
        /* ReLU wrote over what came out of the layer: once more, aside */
        for (size_t l = 0; l < LAYERS; l++) {
            const Layer *layer = &net.layer[2 * l];
            Matrix out = matrix_view(room, 2 * POINTS, layer->d_out);
            matmul_plus(out, net.A[2 * l], layer->W, layer->b);
            square[l] += lab_squares(out)
                / (double)(out.rows * out.cols) / NETWORKS;
        }
    }
    network_destroy(&net);
}

/* squares.tsv, norms.tsv by layer; then one network of each is trained:
   loss.tsv and trained.tsv */
void experiment_init(const Lab *lab)
{
    static const char *const head = "\tzeros\tsmall\txavier\the\tlarge";
    static ByLayer square, norm;
    static double loss[INITS][SHORT_RUN];
    char line[60];
    FILE *out = lab_open(lab, "trained", "loss\tright");
    for (int i = 0; i < INITS; i++) {
        Network net;
        measure_signals(square[i], norm[i], (Init)i, lab);
        lab_start(&net, loss[i], &main_run, (Init)i, 0, lab);
        ROW(out, loss[i][SHORT_RUN - 1], lab_right(&net, lab->D));
        network_destroy(&net);
    }
    lab_close(out);
    snprintf(line, sizeof line, "layer%s", head);
    lab_columns(lab, "squares", line, 1, 1, LAYERS, INITS, square[0]);
    lab_columns(lab, "norms", line, 1, 1, LAYERS, INITS, norm[0]);
    snprintf(line, sizeof line, "epoch%s", head);
    lab_columns(lab, "loss", line, 0, 1, SHORT_RUN, INITS, loss[0]);
    lab_value(lab, "initSeeds", NETWORKS);
}
