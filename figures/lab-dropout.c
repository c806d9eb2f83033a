/* lab-dropout.c: a training set that is too small, and fresh points,
   with the answers.  Figure and table dropout. */
#include "lab.h"

enum {
    SHARES = 4, DROP_POINTS = 20, DROP_EPOCHS = 1000, DROP_STARTS = 20,
    DROP_FRESH = 500, LOOK_EVERY = 50, LOOKS = DROP_EPOCHS / LOOK_EVERY
};

/* one start, and the fresh points that it looks at now and then */
typedef struct {
    Network net;
    Scaling scaling;
    Dataset fresh;
    double right, right_fresh, loss[LOOKS];
} Look;

/* a share of the units is left out */
typedef struct {
    double p;
    Look start[DROP_STARTS];
} Share;

/* an Observer; context: a Look */
static bool look(void *context, const Epoch *epoch)
{
    Look *s = context;
    if (epoch->epoch == 0)
        scaling_apply(s->fresh.X, s->scaling);
    if ((epoch->epoch + 1) % LOOK_EVERY == 0)
        s->loss[epoch->epoch / LOOK_EVERY] =
            network_mean(&s->net, s->fresh, bce.value);
    return true;
}

/* a Task; context: a Share */
static void run_share(void *context, uint64_t k)
{
    static const size_t width[] = { 2, 64, 32, 1 };
    Share *share = context;
    Look *s = &share->start[k];
    Dataset D = lab_spirals(DROP_POINTS, 1000 + k);
    Error e;
    Recipe r = { .width = width, .count = 4, .activation = "relu",
                 .loss = &bce, .init = INIT_HE, .rate = 0.1,
                 .epochs = DROP_EPOCHS, .batch = DROP_POINTS,
                 .seed = 42 + 100 * k, .dropout = share->p };
    s->fresh = lab_spirals(DROP_FRESH, FRESH_SEED);
    lab_need(recipe_fit(&s->net, &s->scaling, D, &r, look, s, &e), &e);
    s->right = lab_share(lab_network, &s->net, D);
    s->right_fresh = lab_share(lab_network, &s->net, s->fresh);
    network_destroy(&s->net);
    scaling_destroy(&s->scaling);
    dataset_destroy(&s->fresh);
    dataset_destroy(&D);
}

/* starts.tsv, a row for each; loss.tsv: the loss on fresh points, a
   mean over the starts, as they learn */
void experiment_dropout(const Lab *lab)
{
    static Share share[SHARES] = { { .p = 0 }, { .p = 0.1 },
                                   { .p = 0.2 }, { .p = 0.5 } };
    static double sum[SHARES][LOOKS];
    FILE *out = lab_open(lab, "starts", "p\tstart\tright\tfresh");
    for (int i = 0; i < SHARES; i++) {
        lab_side_by_side(run_share, &share[i], DROP_STARTS);
        for (int k = 0; k < DROP_STARTS; k++) {
            const Look *s = &share[i].start[k];
            ROW(out, share[i].p, k, s->right, s->right_fresh);
            for (int m = 0; m < LOOKS; m++)
                sum[i][m] += s->loss[m];
        }
    }
    lab_close(out);
    out = lab_open(lab, "loss", "epoch\t0\t0.1\t0.2\t0.5");
    for (int m = 0; m < LOOKS; m++)
        ROW(out, (m + 1) * LOOK_EVERY, sum[0][m] / DROP_STARTS,
            sum[1][m] / DROP_STARTS, sum[2][m] / DROP_STARTS,
            sum[3][m] / DROP_STARTS);
    lab_close(out);
    lab_value(lab, "dropPoints", 2 * DROP_POINTS);
    lab_value(lab, "dropFresh", 2 * DROP_FRESH);
    lab_value(lab, "dropStarts", DROP_STARTS);
    lab_value(lab, "dropEpochs", DROP_EPOCHS);
}
