/* lab-architectures.c: four of them, from many starts.  Figures spread
   and architectures, table spread. */
#include "lab.h"

/* starts.tsv, a row for each; of the one in the middle by fresh points
   field-A.png, line-A.tsv, and a column of loss.tsv */
void experiment_architectures(const Lab *lab)
{
    static Start start[STARTS];
    static double loss[ARCHITECTURES][SHORT_RUN];
    FILE *out = lab_open(lab, "starts", "arch\tstart\tparameters\ttrain\t"
                         "fresh");
    for (int a = 0; a < ARCHITECTURES; a++) {
        double fresh[STARTS];
        Recipe r = lab_main;
        r.width = architectures[a].width;
        r.count = architectures[a].count;
        lab_starts(start, STARTS, r, lab);
        for (int k = 0; k < STARTS; k++) {
            const Start *s = &start[k];
            fresh[k] = s->fresh;
            ROW(out, a, k, (double)s->net.param_count, s->right, s->fresh);
        }
        Start *shown = &start[lab_middle(fresh, STARTS)];
        for (size_t i = 0; i < SHORT_RUN; i++)
            loss[a][i] = shown->loss[i];
        lab_plane(lab, (char[]){ (char)('0' + a), 0 }, lab_network,
                  &shown->net);
    }
    lab_close(out);
    lab_value(lab, "starts", STARTS);
    lab_columns(lab, "loss", "epoch\t0\t1\t2\t3", SHORT_RUN,
                ARCHITECTURES, loss[0]);
}
