/* lab-digits.c: ten digits, in ten folds; which are misread, and what
   the units of the first layer look for.  Table and figure digits. */
#include <stdlib.h>
#include "lab.h"
#include "softmax.h"

enum { DIGITS = 10, PIXELS = 64, UNITS = 128, MISREAD = 32 };
static const Architecture shape[] = {
    { "one layer", 2, { PIXELS, DIGITS } },
    { "half", 3, { PIXELS, UNITS / 2, DIGITS } },
    { "two", 3, { PIXELS, UNITS, DIGITS } }
};

/* what is said of a row by a network that was not trained on it */
typedef struct {
    size_t truth, said;
    double sure;                 /* the probability of what is said */
    const double *ink;
} Reading;

/* which of a row's numbers is the largest */
static size_t decision(Matrix row)
{
    double class;
    decide(matrix_view(&class, 1, 1), row);
    return (size_t)class;
}

/* a reading of each row of D; returns how many are right, in per cent */
static double read_all(Reading *reading, Dataset D, Recipe r)
{
    double share[FOLDS], p[DIGITS], right = 0;
    Matrix Z;
    lab_need(matrix_create(&Z, D.X.rows, DIGITS, &why)
             && recipe_validate(share, Z, FOLDS, D, &r, NULL, NULL, &why));
    for (size_t i = 0; i < D.X.rows; i++) {
        Reading *it = &reading[i];
        it->truth = decision(matrix_rows(D.Y, i, 1));
        it->said = decision(matrix_rows(Z, i, 1));
        softmax_probabilities(matrix_view(p, 1, DIGITS), matrix_rows(Z, i, 1));
        it->sure = p[it->said];
        it->ink = &AT(D.X, i, 0);
        right += it->said == it->truth;
    }
    matrix_destroy(&Z);
    return 100 * right / (double)D.X.rows;
}

/* for qsort: what was misread comes first, the surest before others */
static int misread_first(const void *a, const void *b)
{
    const Reading *p = a, *q = b;
    double x = p->said != p->truth ? p->sure : -p->sure;
    double y = q->said != q->truth ? q->sure : -q->sure;
    return (x < y) - (x > y);
}

/* confused.tsv: how often each digit is taken for which; misread.tsv:
   of which the network was surest */
static void show_readings(const Lab *lab, Reading *reading, size_t n)
{
    double confused[DIGITS][DIGITS] = { { 0 } };
    for (size_t i = 0; i < n; i++)
        confused[reading[i].said][reading[i].truth]++;
    lab_columns(lab, "confused", "is\t0\t1\t2\t3\t4\t5\t6\t7\t8\t9", DIGITS,
                DIGITS, confused[0]);
    qsort(reading, n, sizeof *reading, misread_first);
    FILE *out = lab_open(lab, "misread", "truth\tsaid\tink");
    for (size_t i = 0; i < MISREAD; i++) {
        fprintf(out, "%zu\t%zu\t", reading[i].truth, reading[i].said);
        lab_row(out, PIXELS, reading[i].ink);
    }
    lab_close(out);
}

/* NAME.tsv, a row for each unit: what training added to the weights of
   the first layer */
static void show_weights(const Lab *lab, const char *name, Dataset D,
                         Recipe r)
{
    Network net, fresh;
    Scaling scaling;
    lab_need(network_create(&fresh, r.width, r.count, r.batch, &why)
             && recipe_fit(&net, &scaling, D, &r, NULL, NULL, &why));
    network_init(&fresh, r.init, r.seed);
    Matrix W = net.layer[0].W;
    for (size_t i = 0; i < W.rows * W.cols; i++)
        W.data[i] -= fresh.layer[0].W.data[i];
    lab_columns(lab, name, "unit\tweights", W.cols, W.rows, W.data);
}

/* three kinds of flowers, by the straightest of networks */
static double iris(Recipe r)
{
    const size_t width[] = { 4, 3 };
    double right[SHUFFLES];
    Dataset D = lab_table("tests/data/iris.csv");
    lab_need(dataset_one_hot(&D, width[1], &why));
    r.width = width;
    r.count = 2;
    r.epochs = 100;
    return lab_validate(right, r, D);
}

void experiment_digits(Lab *lab)
{
    Dataset D = lab_table("tests/data/digits.csv");
    Reading *reading = calloc(D.X.rows, sizeof *reading);
    lab_need(reading && dataset_one_hot(&D, DIGITS, &why));
    Recipe r = { .activation = "relu", .loss = &softmax,
                 .init = INIT_HE, .rate = 0.1, .epochs = 40,
                 .batch = 32, .method = SGD };
    FILE *out = lab_open(lab, "accuracy", "network\tright");
    for (size_t s = 0; s < sizeof shape / sizeof *shape; s++) {
        r.width = shape[s].width;
        r.count = shape[s].count;
        for (uint64_t k = SHUFFLES; k-- > 0;) {
            r.seed = 10 * k;
            ROW(out, (double)s, read_all(reading, D, r));
        }
    }
    lab_close(out);
    show_readings(lab, reading, D.X.rows);       /* the first deal's */
    show_weights(lab, "units", D, r);            /* standardises D */
    r.width = shape[0].width;
    r.count = shape[0].count;
    r.init = INIT_ZEROS;
    show_weights(lab, "ten", D, r);
    lab_value(lab, "irisRight", iris(r));
    lab_value(lab, "digitsRows", (double)D.X.rows);
    lab_value(lab, "digitsUnits", UNITS);
    lab_value(lab, "digitsEpochs", (double)r.epochs);
    lab_value(lab, "digitsBatch", (double)r.batch);
    lab_value(lab, "digitsShuffles", SHUFFLES);
}
