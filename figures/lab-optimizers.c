/* lab-optimizers.c: three methods at four rates, ten starts each, with
   the answers to the challenges.  Figure and table optimizers. */
#include <math.h>
#include <stdlib.h>
#include "lab.h"

enum { RATES = 4, METHODS = 3, METHOD_EPOCHS = 1000 };

/* how one start went; an epoch's accuracy is that of its batches */
typedef struct {
    double loss[METHOD_EPOCHS];
    double reached;              /* first epoch with 99 %, or INFINITY */
    double lost;                 /* epochs below 95 % after that */
} Course;

/* one method at one rate */
typedef struct {
    Method method;
    double rate;
    Course start[STARTS];
    double median;               /* epoch with 99 % */
} Trial;

/* an Observer; context: a Course */
static bool follow(void *context, const Epoch *epoch)
{
    Course *c = context;
    if (epoch->epoch == 0)
        *c = (Course){ .reached = INFINITY };
    c->loss[epoch->epoch] = epoch->loss;
    if (isinf(c->reached) && epoch->accuracy >= 0.99)
        c->reached = (double)epoch->epoch;
    c->lost += !isinf(c->reached) && epoch->accuracy < 0.95;
    return true;
}

/* a Task; context: a Trial */
static void follow_start(void *context, uint64_t k)
{
    static const size_t width[] = { 2, 32, 16, 1 };
    Trial *t = context;
    Network net;
    Recipe r = { .width = width, .count = 4, .activation = "relu",
                 .loss = &bce, .init = INIT_XAVIER,
                 .rate = t->rate, .epochs = METHOD_EPOCHS, .batch = BATCH,
                 .seed = 42 + 100 * k, .method = t->method, .beta = 0.9 };
    lab_recipe(&net, &r, follow, &t->start[k]);
    network_destroy(&net);
}

/* for qsort */
static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* all starts of a trial, rows of starts.tsv */
static void run_trial(Trial *t, FILE *out)
{
    double when[STARTS];
    lab_side_by_side(follow_start, t, STARTS);
    for (int k = 0; k < STARTS; k++) {
        const Course *c = &t->start[k];
        when[k] = c->reached;
        ROW(out, t->method, t->rate, k, isinf(when[k]) ? -1 : when[k],
            c->lost);
    }
    qsort(when, STARTS, sizeof *when, ascending);
    t->median = (when[(STARTS - 1) / 2] + when[STARTS / 2]) / 2;
}

/* Of the rate at which the start in the middle is the earliest, that
   start. */
static const Course *best_course(const Trial trial[RATES])
{
    const Trial *best = &trial[0];
    for (int i = 1; i < RATES; i++)
        if (trial[i].median < best->median)
            best = &trial[i];
    const Course *middle = &best->start[0];
    for (int k = 1; k < STARTS; k++)
        if (fabs(best->start[k].reached - best->median)
            < fabs(middle->reached - best->median))
            middle = &best->start[k];
    return middle;
}

/* starts.tsv: all of them, with an epoch of -1 if 99 % were never
   reached; loss.tsv: that of the best start of each method */
void experiment_optimizers(const Lab *lab)
{
    static Trial trial[METHODS][RATES];
    static double loss[METHODS][METHOD_EPOCHS];
    static const double rate[METHODS][RATES] = {
        [SGD] = { 0.1, 0.2, 0.5, 1 },
        [MOMENTUM] = { 0.2, 0.5, 1, 2 },
        [ADAM] = { 0.003, 0.01, 0.03, 0.1 },
    };
    FILE *out = lab_open(lab, "starts", "method\trate\tstart\tepoch\tlost");
    for (int m = 0; m < METHODS; m++) {
        for (int i = 0; i < RATES; i++) {
            trial[m][i].method = (Method)m;
            trial[m][i].rate = rate[m][i];
            run_trial(&trial[m][i], out);
        }
        const Course *best = best_course(trial[m]);
        for (size_t i = 0; i < METHOD_EPOCHS; i++)
            loss[m][i] = best->loss[i];
    }
    lab_close(out);
    lab_columns(lab, "loss", "epoch\tsgd\tmomentum\tadam",
                METHOD_EPOCHS, METHODS, loss[0]);
    lab_value(lab, "optEpochs", METHOD_EPOCHS);
}
