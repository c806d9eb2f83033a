/* lab-optimizers.c: three methods at four rates, from many starts, with
   the answers to the challenges.  Figure optimizers. */
#include <float.h>
#include <math.h>
#include <string.h>
#include "lab.h"

enum { RATES = 4, METHODS = 3, METHOD_EPOCHS = 1000 };

/* first epoch with 99 % of its examples right, or INFINITY */
static double arrival(const Start *s)
{
    for (int i = 0; i < METHOD_EPOCHS; i++)
        if (s->share[i] >= 0.99)
            return i;
    return INFINITY;
}

/* a row of starts.tsv for each start; their arrivals */
static void write_starts(FILE *out, double when[STARTS],
                         const Start *start, const Recipe *r)
{
    for (int k = 0; k < STARTS; k++) {
        double lost = 0;
        when[k] = arrival(&start[k]);
        for (int i = 0; i < METHOD_EPOCHS; i++)
            lost += i > when[k] && start[k].share[i] < 0.95;
        ROW(out, r->method, r->rate, k, isinf(when[k]) ? -1 : when[k],
            lost, start[k].dead);
    }
}

/* The starts again, at a rate that differs in its last bit: how many
   epochs until a loss differs by a hundredth, and the arrivals. */
static void nudge(const Lab *lab, const Start *start, Recipe r)
{
    static Start again[STARTS];
    FILE *out = lab_open(lab, "nudged", "start\tapart\tepoch");
    r.rate *= 1 + DBL_EPSILON;
    lab_starts(again, STARTS, r, lab);
    for (int k = 0; k < STARTS; k++) {
        const double *a = start[k].loss, *b = again[k].loss;
        int i = 0;
        while (i < METHOD_EPOCHS && fabs(b[i] - a[i]) < 0.01 * a[i])
            i++;
        ROW(out, k, i, arrival(&again[k]));
    }
    lab_close(out);
}

/* starts.tsv: all of them, with an epoch of -1 if 99 % were never
   reached; loss.tsv: of each method at the rate with the earliest
   median, the start in the middle */
void experiment_optimizers(const Lab *lab)
{
    static const size_t width[] = { 2, 32, 16, 1 };
    static Start start[STARTS], best[STARTS];
    static double loss[METHODS][METHOD_EPOCHS];
    static const double rate[METHODS][RATES] = {
        [SGD] = { 0.1, 0.2, 0.5, 1 },
        [MOMENTUM] = { 0.2, 0.5, 1, 2 },
        [ADAM] = { 0.003, 0.01, 0.03, 0.1 },
    };
    FILE *out = lab_open(lab, "starts", "method\trate\tstart\tepoch\tlost\t"
                         "dead");
    Recipe r = lab_main, chosen = r;
    r.width = width;
    r.count = 4;
    r.epochs = METHOD_EPOCHS;
    for (int m = 0; m < METHODS; m++) {
        double earliest = INFINITY;
        r.method = (Method)m;
        for (int i = 0; i < RATES; i++) {
            double when[STARTS];
            r.rate = rate[m][i];
            lab_starts(start, STARTS, r, lab);
            write_starts(out, when, start, &r);
            if (lab_median(when, STARTS) >= earliest)
                continue;
            earliest = lab_median(when, STARTS);
            chosen = r;
            memcpy(best, start, sizeof start);
            memcpy(loss[m], start[lab_middle(when, STARTS)].loss,
                   sizeof loss[m]);
        }
    }
    lab_close(out);
    nudge(lab, best, chosen);
    lab_columns(lab, "loss", "epoch\tsgd\tmomentum\tadam",
                METHOD_EPOCHS, METHODS, loss[0]);
    lab_value(lab, "optEpochs", METHOD_EPOCHS);
}
