/* lab-batchnorm.c: the gradients of the layers with batch norm and
   without, with the answers.  Figure and table batchnorm. */
#include "lab.h"

enum { WAYS = 4, NORM_EPOCHS = 1000 };

/* the main run's network; with: with batch norm */
static Recipe plan(Init init, bool with)
{
    return (Recipe){ .width = main_widths, .count = MAIN_COUNT,
                     .init = init, .rate = 0.05, .epochs = NORM_EPOCHS,
                     .batch = BATCH, .seed = 42, .batchnorm = with };
}

/* norms of dW before training, added to norm */
static void first_norms(double *norm, Init init, bool with,
                        const Lab *lab)
{
    Recipe r = plan(init, with);
    r.epochs = 0;
    r.batch = 2 * POINTS;
    for (uint64_t k = 0; k < NETWORKS; k++) {
        Network net;
        r.seed = 42 + 100 * k;
        lab_recipe(&net, &r, NULL, NULL);
        lab_add_norms(norm, &net, lab);
        network_destroy(&net);
    }
}

/* four ways to begin without batch norm, then with: norms.tsv by layer,
   loss.tsv, trained.tsv */
void experiment_batchnorm(const Lab *lab)
{
    static const Init init[WAYS] = { INIT_SMALL, INIT_XAVIER, INIT_HE,
                                     INIT_LARGE };
    static const char *const head = "\tsmall-without\txavier-without\t"
        "he-without\tlarge-without\tsmall-with\txavier-with\the-with\t"
        "large-with";
    static double norm[2 * WAYS][LAYERS], loss[2 * WAYS][NORM_EPOCHS];
    char line[160];
    FILE *out = lab_open(lab, "trained", "right\tloss");
    for (int i = 0; i < 2 * WAYS; i++) {
        Network net;
        Recipe r = plan(init[i % WAYS], i >= WAYS);
        first_norms(norm[i], init[i % WAYS], i >= WAYS, lab);
        lab_recipe(&net, &r, lab_note_loss, loss[i]);
        ROW(out, lab_right(&net, lab->D), network_mean(&net, lab->D, bce.value));
        network_destroy(&net);
    }
    lab_close(out);
    snprintf(line, sizeof line, "layer%s", head);
    lab_columns(lab, "norms", line, 1, 1, LAYERS, 2 * WAYS, norm[0]);
    snprintf(line, sizeof line, "epoch%s", head);
    lab_columns(lab, "loss", line, 0, 1, NORM_EPOCHS, 2 * WAYS, loss[0]);
    lab_value(lab, "normEpochs", NORM_EPOCHS);
}
