/* lab-trials.c: what is trained from many starts, as trials.tsv says.
   Figures spread, architectures and optimizers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "lab.h"
#include "options.h"

/* what is measured of a start, a column each: per cent right in the end,
   of the training points and of fresh ones; per cent of the hidden units
   that are dead; the loss of the training points in evaluation, and in
   the last epoch; the first epoch with 99 % of its examples right, or
   -1; how many after it had less than 95 %; and the first in which the
   loss is off by a hundredth from that of the trial before */
enum { RIGHT, FRESH, DEAD, LOSS, LAST_LOSS, ARRIVAL, LOST, APART, MEASURES };
static const char *const names[MEASURES] = {
    "right", "fresh", "dead", "loss", "training", "epoch", "lost", "apart"
};
typedef struct {
    Network net;
    double loss[SHORT_RUN];      /* of each epoch, in training, */
    double share[SHORT_RUN];     /* and how much was right in it */
    double is[MEASURES];
} Start;

typedef struct {
    const Lab *lab;
    Recipe recipe;
    Start *start, *before;       /* of this trial, and of the last */
} Trial;

/* an Observer; context: a Start */
static bool note_epoch(void *context, const Epoch *epoch)
{
    Start *s = context;
    s->loss[epoch->epoch] = epoch->loss;
    s->share[epoch->epoch] = epoch->accuracy;
    return true;
}

/* the hidden units, in per cent, that no row of D switches on */
static double dead_units(Network *net, Dataset D)
{
    int on[2 * BATCH] = { 0 };
    size_t units = 0;
    double dead = 0;
    for (size_t i = 0; i < D.X.rows; i++) {
        network_forward(net, matrix_rows(D.X, i, 1), EVALUATION);
        units = 0;
        for (size_t l = 0; l < net->depth; l++)
            for (size_t k = 0; l % 2 && k < net->layer[l].d_out; k++)
                on[units++] += AT(net->A[l + 1], 0, k) > 0;
    }
    for (size_t u = 0; u < units; u++)
        dead += !on[u];
    return 100 * dead / (double)units;
}

static void measure_course(Start *s, const Start *before, size_t epochs)
{
    size_t arrival = 0, lost = 0, apart = 0;
    while (arrival < epochs && s->share[arrival] < 0.99)
        arrival++;
    for (size_t i = arrival; i < epochs; i++)
        lost += s->share[i] < 0.95;
    while (apart < epochs && fabs(s->loss[apart] - before->loss[apart])
           < 0.01 * before->loss[apart])
        apart++;
    s->is[LAST_LOSS] = s->loss[epochs - 1];
    s->is[ARRIVAL] = arrival < epochs ? (double)arrival : INFINITY;
    s->is[LOST] = (double)lost;
    s->is[APART] = (double)apart;
}

/* a Task; context: a Trial */
static void run_start(void *context, uint64_t k)
{
    const Trial *t = context;
    const Lab *lab = t->lab;
    Start *s = &t->start[k];
    Recipe r = t->recipe;
    network_destroy(&s->net);
    r.seed += 100 * k;
    lab_recipe(&s->net, &r, note_epoch, s);
    s->is[RIGHT] = lab_share(lab_network, &s->net, lab->D);
    s->is[FRESH] = lab_fresh(NULL, lab_network, &s->net, lab);
    s->is[DEAD] = r.batchnorm ? NAN : dead_units(&s->net, lab->D);
    s->is[LOSS] = network_mean(&s->net, lab->D, bce.value);
    measure_course(s, &t->before[k], r.epochs);
}

/* for qsort */
static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* the first start that is nearest to the median */
static Start *middle(Start *start, int count, const char *by)
{
    double sorted[STARTS];
    Start *found = start;
    size_t m = 0;
    while (m < MEASURES - 1 && strcmp(names[m], by))
        m++;
    for (int k = 0; k < count; k++)
        sorted[k] = start[k].is[m];
    qsort(sorted, (size_t)count, sizeof *sorted, ascending);
    double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    for (Start *s = start; s < start + count; s++)
        if (fabs(s->is[m] - median) < fabs(found->is[m] - median))
            found = s;
    return found;
}

/* rows of starts.tsv; returns the start in the middle */
static Start *run_trial(FILE *out, Trial *t, size_t number, int count,
                        const char *by)
{
    const Recipe *r = &t->recipe;
    lab_side_by_side(run_start, t, count);
    Start *shown = middle(t->start, count, by);
    for (int k = 0; k < count; k++) {
        double *is = t->start[k].is;
        is[ARRIVAL] = isinf(is[ARRIVAL]) ? -1 : is[ARRIVAL];
        fprintf(out, "%zu\t%d\t%zu\t%d\t%d\t%.17g\t%d\t", number, k,
                (size_t)r->epochs, (int)r->init, (int)r->method, r->rate,
                r->batchnorm);
        lab_row(out, MEASURES, is);
    }
    return shown;
}

/* starts.tsv, a row for each start; of those in the middle that have a
   name columns of loss.tsv and, if wished, planes */
void lab_trials(const Lab *lab, bool planes)
{
    enum { CURVES = 5, WORDS = 40 };
    static Start start[2][STARTS];
    static double curves[CURVES * SHORT_RUN];
    char line[300], head[100] = "epoch";
    size_t number = 0, drawn = 0, epochs = 0;
    FILE *list = fopen("figures/trials.tsv", "r");
    lab_need(list || fail(&why, "cannot read figures/trials.tsv"));
    FILE *out = lab_open(lab, "starts", "trial\tstart\tepochs\tinit\tmethod\t"
        "rate\twith\tright\tfresh\tdead\tloss\ttraining\tepoch\tlost\tapart");
    while (fgets(line, sizeof line, list)) {
        char *word[WORDS] = { strtok(line, "\t \n") };
        for (size_t i = 1; i < WORDS - 1 && word[i - 1]; i++)
            word[i] = strtok(NULL, "\t \n");
        if (!word[0] || strcmp(word[0], lab->name))
            continue;
        Options o = { .recipe = { .activation = "relu", .loss = &bce } };
        lab_need(options_read(&o, 't', word + 4, &why));
        o.width[0] = 2;
        o.recipe.width = o.width;
        epochs = o.recipe.epochs;
        int count = atoi(word[1]);
        lab_need((count > 0 && count <= STARTS && epochs <= SHORT_RUN)
                 || fail(&why, "a trial has 1 to %d starts, and %d epochs at "
                         "most", STARTS, SHORT_RUN));
        Trial t = { lab, o.recipe, start[number % 2], start[1 - number % 2] };
        Start *shown = run_trial(out, &t, number++, count, word[3]);
        if (!strcmp(word[2], "-"))
            continue;
        memcpy(curves + drawn++ * epochs, shown->loss, epochs * sizeof *curves);
        snprintf(head + strlen(head), sizeof head - strlen(head), "\t%s",
                 word[2]);
        if (planes)
            lab_plane(lab, word[2], lab_network, &shown->net);
    }
    lab_close(out);
    if (drawn)
        lab_columns(lab, "loss", head, epochs, drawn, curves);
}

void experiment_architectures(Lab *lab) { lab_trials(lab, true); }
void experiment_optimizers(Lab *lab) { lab_trials(lab, false); }
void experiment_nudged(Lab *lab) { lab_trials(lab, false); }
void experiment_single(Lab *lab) { lab_trials(lab, false); }
