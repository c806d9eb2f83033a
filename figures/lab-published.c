/* lab-published.c: the published runs and the same with the gradient
   divided once.  Figures published, norms, boundary, cover; tables log,
   arch-published, limit. */
#include "lab.h"

typedef struct {
    const Lab *lab;
    bool fault;
    double loss[MAIN_EPOCHS], norm[MAIN_EPOCHS][LAYERS];
    double loss_then[MAIN_LINES], right_then[MAIN_LINES];    /* logged */
    FILE *ends;
} Story;

/* the end of a run, a row of ends.tsv */
static void note_end(Story *s, const Moment *now)
{
    Summary fresh = lab_fresh(lab_network, now->net, s->lab);
    fprintf(s->ends, "%s\t%d\t", now->shape->label, s->fault);
    ROW(s->ends, network_mean(now->net, now->D, accuracy), fresh.mean,
        fresh.deviation, now->epoch->batch_loss);
    if (now->shape == &main_run && !s->fault)
        lab_plane(s->lab, "main", lab_network, now->net);
}

/* a Witness; context: a Story */
static bool note_moment(void *context, const Moment *now)
{
    Story *s = context;
    size_t at = now->epoch->epoch;
    if (now->shape == &main_run) {
        s->loss[at] = now->epoch->batch_loss;
        for (size_t l = 0; l < LAYERS; l++)
            s->norm[at][l] = now->epoch->norm[l];
    }
    if (now->logged) {
        s->loss_then[at / LOG_EVERY] = now->epoch->batch_loss;
        s->right_then[at / LOG_EVERY] =
            network_mean(now->net, now->D, accuracy);
    }
    if (now->last)
        note_end(s, now);
    return true;
}

/* gradient quotients in a whole batch and in the last, and how many
   epochs at full length the short steps are worth */
static void note_factors(const Lab *lab)
{
    enum { WHOLE = 2 * POINTS / BATCH, REST = 2 * POINTS % BATCH };
    double full, part;
    Error e;
    lab_need(published_factor(&full, BATCH, &e)
             && published_factor(&part, REST, &e), &e);
    lab_value(lab, "pubFactorFull", full);
    lab_value(lab, "pubFactorShort", part);
    lab_value(lab, "pubWorth", MAIN_EPOCHS * ((double)WHOLE / BATCH
              + 1.0 / REST) / (WHOLE + 1));
}

/* log.tsv, the published lines; ends.tsv, a row for each run; epochs.tsv,
   losses, and norms of dW of the mended run */
void experiment_published(const Lab *lab)
{
    static Story twice = { .fault = true }, once;
    double check = 0;
    Error e;
    twice.lab = once.lab = lab;
    twice.ends = once.ends = lab_open(lab, "ends", "run\tfault\tright\t"
                                      "fresh\tdeviation\tloss");
    for (int i = 0; i < 2; i++) {
        Rng rng = rng_create(7);
        check = published_check(&rng);
        lab_need(published_runs(!i, &rng, note_moment, i ? &once : &twice,
                                &e), &e);
    }
    lab_close(twice.ends);
    lab_value(lab, "pubCheck", check);
    FILE *out = lab_open(lab, "log", "epoch\tloss2\tright2\tloss\tright");
    for (size_t i = 0; i < MAIN_LINES; i++)
        ROW(out, (double)(i * LOG_EVERY), twice.loss_then[i],
            twice.right_then[i], once.loss_then[i], once.right_then[i]);
    lab_close(out);
    out = lab_open(lab, "epochs", "epoch\tpublished\tmended\tnorm1\tnorm2\t"
                   "norm3\tnorm4");
    for (size_t i = 0; i < MAIN_EPOCHS; i++) {
        const double *norm = once.norm[i];
        ROW(out, (double)i, twice.loss[i], once.loss[i], norm[0], norm[1],
            norm[2], norm[3]);
    }
    lab_close(out);
    note_factors(lab);
    lab_value(lab, "mainSets", FRESH_SETS);
}
