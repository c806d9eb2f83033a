/* lab-published.c: the published runs, and the same with the gradient
   divided once.  Figures published, norms, boundary, cover; tables log,
   arch-published, limit. */
#include "lab.h"

/* what is noted of the runs, divided twice (fault) or once */
typedef struct {
    Log log;                     /* which of the runs, and its log */
    Lab *lab;
    bool fault;
    FILE *epochs, *ends;
} Notes;

/* an Observer; context: Notes */
static bool note_epoch(void *context, const Epoch *now)
{
    Notes *notes = context;
    const Architecture *shape = notes->log.shape;
    double loss = now->batch_loss, at = (double)now->epoch;
    const double *norm = now->norm;
    if (shape == &main_run)
        ROW(notes->epochs, at, loss, norm[0], norm[1], norm[2], norm[3]);
    if (shape == &main_run && now->epoch % LOG_EVERY == 0)
        ROW(notes->log.out, notes->fault, at, loss,
            network_mean(now->net, now->D, accuracy));
    if (now->epoch + 1 == now->epochs) {
        double right[2][FRESH_SETS];
        double fresh = lab_fresh(right[0], lab_network, now->net, notes->lab);
        fprintf(notes->ends, "%s\t", shape->label);
        ROW(notes->ends, notes->fault,
            network_mean(now->net, now->D, accuracy), fresh, loss);
        if (shape == &main_run && !notes->fault) {
            lab_fresh(right[1], lab_bayes, notes->lab, notes->lab);
            lab_columns(notes->lab, "fresh", "set\tours\tbest", FRESH_SETS,
                        2, right[0]);
            lab_plane(notes->lab, "main", lab_network, now->net);
        }
    }
    return true;
}

/* gradient quotients in a whole batch and in the last, and how many
   epochs at full length the short steps are worth */
static void note_factors(const Lab *lab)
{
    enum { WHOLE = 2 * POINTS / BATCH, REST = 2 * POINTS % BATCH };
    double full = 0, part = 0;
    lab_need(published_factor(&full, BATCH, &why)
             && published_factor(&part, REST, &why));
    lab_value(lab, "pubFactorFull", full);
    lab_value(lab, "pubFactorShort", part);
    lab_value(lab, "pubWorth", MAIN_EPOCHS * ((double)WHOLE / BATCH
              + 1.0 / REST) / (WHOLE + 1));
}

/* twice.tsv and once.tsv, the main runs: losses, and norms of dW of the
   layers; log.tsv, what is printed of them; ends.tsv, a row for each of
   all runs; fresh.tsv, the main run's sets of fresh points; widths.tsv,
   of its network */
void experiment_published(Lab *lab)
{
    Notes notes = {
        .lab = lab,
        .log.out = lab_open(lab, "log", "fault\tepoch\tloss\tright"),
        .ends = lab_open(lab, "ends", "run\tfault\tright\tfresh\tloss"),
    };
    double check = 0;
    for (int times = 2; times > 0; times--) {
        Rng rng = rng_create(7);
        check = published_check(&rng);
        notes.fault = times == 2;
        notes.epochs = lab_open(lab, times == 2 ? "twice" : "once",
                                "epoch\tloss\tnorm1\tnorm2\tnorm3\t"
                                "norm4");
        lab_need(published_runs(times == 2, &rng, note_epoch, &notes.log,
                                &why));
        lab_close(notes.epochs);
    }
    lab_close(notes.log.out);
    lab_close(notes.ends);
    FILE *out = lab_open(lab, "widths", "width");
    for (size_t i = 0; i < main_run.count; i++)
        ROW(out, (double)main_run.width[i]);
    lab_close(out);
    lab_value(lab, "mainEpochs", MAIN_EPOCHS);
    lab_value(lab, "mainPoints", (double)lab->D.X.rows);
    note_factors(lab);
    lab_value(lab, "pubCheck", check);
}
