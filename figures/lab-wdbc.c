/* lab-wdbc.c: real data, in ten folds, shuffled five times.  Table
   wdbc. */
#include "lab.h"

/* accuracy.tsv: a column for each network; read where make runs */
void experiment_wdbc(Lab *lab)
{
    static const Architecture shape[3] = {
        { "none", 2, { 30, 1 } }, { "one", 3, { 30, 16, 1 } },
        { "two", 4, { 30, 32, 16, 1 } }
    };
    double right[3][SHUFFLES];
    Dataset D = lab_table("tests/data/wdbc.csv");
    size_t ones = 0;
    for (size_t i = 0; i < D.Y.rows; i++)
        ones += AT(D.Y, i, 0) == 1;
    Recipe r = { .activation = "relu", .loss = &bce, .init = INIT_HE,
                 .rate = 0.05, .epochs = 40, .batch = 32, .method = SGD };
    for (size_t i = 0; i < 3; i++) {
        r.width = shape[i].width;
        r.count = shape[i].count;
        lab_validate(right[i], r, D);
    }
    lab_columns(lab, "accuracy", "deal\tnone\tone\ttwo", SHUFFLES, 3,
                right[0]);
    lab_value(lab, "wdbcRows", (double)D.Y.rows);
    lab_value(lab, "wdbcOnes", (double)ones);
    lab_value(lab, "wdbcZeros", (double)(D.Y.rows - ones));
    lab_value(lab, "wdbcEpochs", (double)r.epochs);
    lab_value(lab, "wdbcBatch", (double)r.batch);
    lab_value(lab, "wdbcShuffles", SHUFFLES);
}
