/* lab-dropout.c: a training set that is too small, and fresh points,
   with the answers.  Figure and table dropout. */
#include "lab.h"

enum {
    SHARES = 4, DROP_POINTS = 20, DROP_EPOCHS = 10000, DROP_FRESH = 500,
    LOOK_EVERY = 100, LOOKS = DROP_EPOCHS / LOOK_EVERY, EARLY = 10
};

/* one start, and the fresh points that it looks at now and then */
typedef struct {
    Network net;
    Scaling scaling;
    Dataset fresh;
    double loss[LOOKS], right[LOOKS];        /* of fresh points */
    double trained;              /* at the end; all in per cent */
} Look;

/* a share of the units is left out */
typedef struct {
    double p;
    Look start[STARTS];
} Share;

/* an Observer; context: a Look */
static bool look(void *context, const Epoch *epoch)
{
    Look *s = context;
    size_t done = epoch->epoch + 1, i = epoch->epoch / LOOK_EVERY;
    if (done == 1)
        scaling_apply(s->fresh.X, s->scaling);
    if (done % LOOK_EVERY == 0) {
        s->loss[i] = network_mean(&s->net, s->fresh, bce.value);
        s->right[i] = lab_share(lab_network, &s->net, s->fresh);
    }
    return true;
}

/* a Task; context: a Share */
static void run_share(void *context, uint64_t k)
{
    static const size_t width[] = { 2, 64, 32, 1 };
    Share *share = context;
    Look *s = &share->start[k];
    Dataset D = lab_spirals(DROP_POINTS, 1000 + k);
    Recipe r = { .width = width, .count = 4, .activation = "relu",
                 .loss = &bce, .init = INIT_HE, .rate = 0.1,
                 .epochs = DROP_EPOCHS, .batch = DROP_POINTS,
                 .seed = 42 + 100 * k, .dropout = share->p };
    s->fresh = lab_spirals(DROP_FRESH, FRESH_SEED);
    lab_need(recipe_fit(&s->net, &s->scaling, D, &r, look, s, &why));
    s->trained = lab_share(lab_network, &s->net, D);
    network_destroy(&s->net);
    scaling_destroy(&s->scaling);
    dataset_destroy(&s->fresh);
    dataset_destroy(&D);
}

/* starts.tsv: what is right of training points, and of fresh ones early
   and at the end; looks.tsv: of fresh points, means over the starts */
void experiment_dropout(const Lab *lab)
{
    static Share share[SHARES] = { { .p = 0 }, { .p = 0.1 },
                                   { .p = 0.2 }, { .p = 0.5 } };
    static double mean[LOOKS][1 + 2 * SHARES];
    FILE *out = lab_open(lab, "starts", "p\tstart\ttrained\tearly\tfresh");
    for (int i = 0; i < SHARES; i++) {
        lab_side_by_side(run_share, &share[i], STARTS);
        for (int k = 0; k < STARTS; k++) {
            const Look *s = &share[i].start[k];
            ROW(out, share[i].p, k, s->trained, s->right[EARLY - 1],
                s->right[LOOKS - 1]);
            for (int m = 0; m < LOOKS; m++) {
                mean[m][0] = (m + 1) * LOOK_EVERY;
                mean[m][1 + i] += s->loss[m] / STARTS;
                mean[m][1 + SHARES + i] += s->right[m] / STARTS;
            }
        }
    }
    lab_close(out);
    out = lab_open(lab, "looks", "epoch\tloss0\tloss1\tloss2\tloss5\t"
                   "right0\tright1\tright2\tright5");
    for (int m = 0; m < LOOKS; m++)
        lab_row(out, 1 + 2 * SHARES, mean[m]);
    lab_close(out);
    lab_value(lab, "dropPoints", 2 * DROP_POINTS);
    lab_value(lab, "dropFresh", 2 * DROP_FRESH);
    lab_value(lab, "dropEpochs", DROP_EPOCHS);
    lab_value(lab, "dropEarly", EARLY * LOOK_EVERY);
}
