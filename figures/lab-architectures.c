/* lab-architectures.c: four of them, ten starts each.  Figures spread
   and architectures, table spread. */
#include "lab.h"

typedef struct {
    Network net;
    double loss[SHORT_RUN];
    double right, fresh;         /* per cent, training and fresh */
} Start;

typedef struct {
    const Lab *lab;
    const Architecture *shape;
    Start start[STARTS];
} Starts;

/* a Task; context: Starts */
static void run_start(void *context, uint64_t k)
{
    Starts *all = context;
    Start *s = &all->start[k];
    lab_start(&s->net, s->loss, all->shape, INIT_XAVIER, k, all->lab);
    s->right = lab_share(lab_network, &s->net, all->lab->D);
    s->fresh = lab_fresh(lab_network, &s->net, all->lab).mean;
}

/* The start in the middle by accuracy on fresh points: of the two
   there the lower one, of equals the earlier. */
static Start *typical(Start *start)
{
    for (int i = 0; i < STARTS; i++) {
        int below = 0;
        for (int k = 0; k < STARTS; k++)
            below += start[k].fresh < start[i].fresh
                || (start[k].fresh == start[i].fresh && k < i);
        if (below == (STARTS - 1) / 2)
            return &start[i];
    }
    stop("typical: an accuracy is not a number");
}

/* starts.tsv, a row for each; of the typical one field-A.png, line-A.tsv,
   and a column of loss.tsv */
void experiment_architectures(const Lab *lab)
{
    static Starts all;
    static double loss[ARCHITECTURES][SHORT_RUN];
    FILE *out = lab_open(lab, "starts", "arch\tstart\tparameters\ttrain\t"
                         "fresh");
    all.lab = lab;
    for (int a = 0; a < ARCHITECTURES; a++) {
        char name[] = { (char)('0' + a), 0 };
        all.shape = &architectures[a];
        lab_side_by_side(run_start, &all, STARTS);
        Start *shown = typical(all.start);
        for (size_t i = 0; i < SHORT_RUN; i++)
            loss[a][i] = shown->loss[i];
        lab_plane(lab, name, lab_network, &shown->net);
        for (int k = 0; k < STARTS; k++) {
            Start *s = &all.start[k];
            ROW(out, a, k, (double)s->net.param_count, s->right, s->fresh);
            network_destroy(&s->net);
        }
    }
    lab_close(out);
    lab_value(lab, "archStarts", STARTS);
    lab_columns(lab, "loss", "epoch\t0\t1\t2\t3", SHORT_RUN,
                ARCHITECTURES, loss[0]);
}
