/* lab-wdbc.c: real data, in ten folds, shuffled five times.  Table
   wdbc. */
#include "lab.h"
#include "table.h"

enum { FOLDS = 10, SHUFFLES = 5 };

/* per cent right, over the shuffles */
static Summary validate_often(Recipe r, Dataset D)
{
    double total[SHUFFLES] = { 0 };
    for (uint64_t k = 0; k < SHUFFLES; k++) {
        double share[FOLDS];
        Error e;
        r.seed = 10 * k;
        lab_need(recipe_validate(share, FOLDS, D, &r, NULL, NULL, &e), &e);
        for (int i = 0; i < FOLDS; i++)
            total[k] += 100 * share[i] / FOLDS;
    }
    return lab_summary(total, SHUFFLES);
}

/* accuracy.tsv: a row for each network; read where make runs */
void experiment_wdbc(const Lab *lab)
{
    static const struct {
        size_t count, width[4];
    } shape[] = {
        { 2, { 30, 1 } }, { 3, { 30, 16, 1 } }, { 4, { 30, 32, 16, 1 } }
    };
    Dataset D;
    Labels labels;
    Error e;
    size_t ones = 0;
    lab_need(dataset_read(&D, &labels, "tests/data/wdbc.csv",
                          &(Dialect){ 0 }, 0, NULL, &e), &e);
    for (size_t i = 0; i < D.Y.rows; i++)
        ones += AT(D.Y, i, 0) == 1;
    Recipe r = { .activation = "relu", .loss = &bce, .init = INIT_HE,
                 .rate = 0.05, .epochs = 40, .batch = 32, .method = SGD };
    FILE *out = lab_open(lab, "accuracy", "mean\tdeviation");
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++) {
        r.width = shape[i].width;
        r.count = shape[i].count;
        Summary s = validate_often(r, D);
        ROW(out, s.mean, s.deviation);
    }
    lab_close(out);
    lab_value(lab, "wdbcRows", (double)D.Y.rows);
    lab_value(lab, "wdbcOnes", (double)ones);
    lab_value(lab, "wdbcZeros", (double)(D.Y.rows - ones));
    lab_value(lab, "wdbcEpochs", (double)r.epochs);
    lab_value(lab, "wdbcBatch", (double)r.batch);
    lab_value(lab, "wdbcShuffles", SHUFFLES);
    dataset_destroy(&D);
}
