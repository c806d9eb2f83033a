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
static const double p[SHARES] = { 0, 0.1, 0.2, 0.5 };    /* left out */

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

/* a Task: all starts of a share, one share after the other; context: a
   Look for each */
static void run_start(void *context, uint64_t number)
{
    static const size_t width[] = { 2, 64, 32, 1 };
    Look *s = (Look *)context + number;
    uint64_t k = number % STARTS;
    Dataset D = lab_spirals(DROP_POINTS, 1000 + k);
    Recipe r = { .width = width, .count = 4, .activation = "relu",
                 .loss = &bce, .init = INIT_HE, .rate = 0.1,
                 .epochs = DROP_EPOCHS, .batch = DROP_POINTS,
                 .seed = 42 + 100 * k, .dropout = p[number / STARTS] };
    s->fresh = lab_spirals(DROP_FRESH, FRESH_SEED);
    lab_need(recipe_fit(&s->net, &s->scaling, D, &r, look, s, &why));
    s->trained = lab_share(lab_network, &s->net, D);
}

/* starts.tsv: what is right of training points, and of fresh ones early
   and at the end; looks.tsv: of fresh points, means over the starts */
void experiment_dropout(Lab *lab)
{
    static Look start[SHARES][STARTS];
    static double mean[LOOKS][1 + 2 * SHARES];
    FILE *out = lab_open(lab, "starts", "p\ttrained\tearly\tfresh");
    lab_side_by_side(run_start, start, SHARES * STARTS);
    for (int i = 0; i < SHARES; i++)
        for (int k = 0; k < STARTS; k++) {
            const Look *s = &start[i][k];
            ROW(out, p[i], s->trained, s->right[EARLY - 1],
                s->right[LOOKS - 1]);
            for (int m = 0; m < LOOKS; m++) {
                mean[m][0] = (m + 1) * LOOK_EVERY;
                mean[m][1 + i] += s->loss[m] / STARTS;
                mean[m][1 + SHARES + i] += s->right[m] / STARTS;
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
