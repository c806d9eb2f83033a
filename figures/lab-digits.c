/* lab-digits.c: ten digits, in ten folds; which are misread, and what
   the units of the first layer look for.  Table and figure digits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "lab.h"
#include "softmax.h"
#include "table.h"

enum {
    FOLDS = 10, SHUFFLES = 5, DIGITS = 10, PIXELS = 8,
    ACROSS = 16, CELL = PIXELS + 1,      /* pictures, with a gap */
    UNITS = 128, ZOOM = 5
};
static const size_t one_layer[] = { 64, 10 }, half[] = { 64, 64, 10 },
    two[] = { 64, UNITS, 10 };
static const Ramp paper = {
    { 255, 255, 255 }, { 143, 148, 161 }, { 31, 42, 68 }
}, weights = {                   /* rust, bone, blue, as in pre.tex */
    { 154, 58, 16 }, { 244, 241, 234 }, { 23, 64, 109 }
};

/* a class for each row, by a network that was not trained on it, and
   its probability; the folds are those of recipe_validate */
static void read_all(double *said, double *sure, Dataset D, Recipe r)
{
    size_t n = D.X.rows, *order = calloc(2 * n, sizeof *order);
    Dataset dealt;
    Error e;
    Rng rng = rng_create(r.seed + 2000);
    lab_need(order && matrix_create(&dealt.X, n, D.X.cols, &e)
             && matrix_create(&dealt.Y, n, DIGITS, &e), &e);
    rng_permutation(order, n, &rng);
    memcpy(order + n, order, n * sizeof *order);
    for (size_t k = 0; k < FOLDS; k++) {
        size_t first = k * n / FOLDS, count = (k + 1) * n / FOLDS - first;
        dataset_gather(dealt, D, order + first);
        Dataset rest = { matrix_rows(dealt.X, count, n - count),
                         matrix_rows(dealt.Y, count, n - count) };
        Matrix X = matrix_rows(dealt.X, 0, count), Z;
        Network net;
        Scaling scaling;
        lab_need(recipe_fit(&net, &scaling, rest, &r, NULL, NULL, &e)
                 && matrix_create(&Z, count, DIGITS, &e), &e);
        scaling_apply(X, scaling);
        network_predict(Z, &net, X);
        for (size_t i = 0; i < count; i++) {
            double p[DIGITS], *class = &said[order[first + i]];
            Matrix z = matrix_rows(Z, i, 1);
            decide(matrix_view(class, 1, 1), z);
            softmax_probabilities(matrix_view(p, 1, DIGITS), z);
            sure[order[first + i]] = p[(size_t)*class];
        }
        matrix_destroy(&Z);
        network_destroy(&net);
        scaling_destroy(&scaling);
    }
    dataset_destroy(&dealt);
    free(order);
}

/* pixel p of picture number k, in rows of ACROSS, the first above */
static double *pixel(Matrix A, size_t k, size_t p, size_t zoom)
{
    size_t row = k / ACROSS * CELL + p / PIXELS;
    size_t col = k % ACROSS * CELL + p % PIXELS;
    return &AT(A, A.rows - zoom - row * zoom, col * zoom);
}

static void put(Matrix A, size_t k, size_t p, double level)
{
    double *corner = pixel(A, k, p, ZOOM);
    for (size_t i = 0; i < ZOOM; i++)
        for (size_t j = 0; j < ZOOM; j++)
            corner[i * A.cols + j] = level;
}

static Matrix canvas(size_t count, double level)
{
    Matrix A;
    Error e;
    size_t rows = (count + ACROSS - 1) / ACROSS;
    size_t cols = count < ACROSS ? count : ACROSS;
    lab_need(matrix_create(&A, ZOOM * (rows * CELL - 1),
                           ZOOM * (cols * CELL - 1), &e), &e);
    for (size_t i = 0; i < A.rows * A.cols; i++)
        A.data[i] = level;
    return A;
}

/* misread.tsv, misread-1.png and -2: of the rows that were misread,
   those of which the network was surest */
static void show_misread(const Lab *lab, Dataset D, const double *truth,
                         const double *said, double *sure)
{
    FILE *out = lab_open(lab, "misread", "truth\tsaid\tsure");
    Matrix A[2] = { canvas(ACROSS, 0), canvas(ACROSS, 0) };
    for (size_t k = 0; k < 2 * ACROSS; k++) {
        size_t worst = D.X.rows;
        for (size_t i = 0; i < D.X.rows; i++)
            if (said[i] != truth[i]
                && (worst == D.X.rows || sure[i] > sure[worst]))
                worst = i;
        if (worst == D.X.rows)
            break;
        ROW(out, truth[worst], said[worst], sure[worst]);
        for (size_t p = 0; p < D.X.cols; p++)
            put(A[k / ACROSS], k % ACROSS, p, AT(D.X, worst, p) / 16);
        sure[worst] = -1;
    }
    lab_close(out);
    for (int k = 0; k < 2; k++) {
        lab_picture(lab, k ? "misread-2" : "misread-1", A[k], paper);
        matrix_destroy(&A[k]);
    }
}

/* ten.png: the weights of each class without a hidden layer, from
   zeros; units.png: what training added to those of the first units */
static void show_weights(const Lab *lab, const char *name, size_t count,
                         Dataset D, Recipe r)
{
    Network net, fresh;
    Scaling scaling;
    Error e;
    Matrix A = canvas(count, 0.5);
    lab_need(network_create(&fresh, r.width, r.count, r.batch, &e)
             && recipe_fit(&net, &scaling, D, &r, NULL, NULL, &e), &e);
    network_init(&fresh, r.init, r.seed);
    Matrix W = net.layer[0].W, first = fresh.layer[0].W;
    for (size_t k = 0; k < count; k++) {
        double most = 0;
        for (size_t p = 0; p < W.rows; p++)
            most = fmax(most, fabs(AT(W, p, k) - AT(first, p, k)));
        for (size_t p = 0; p < W.rows; p++)
            put(A, k, p, 0.5
                + (AT(W, p, k) - AT(first, p, k)) / most / 2);
    }
    lab_picture(lab, name, A, weights);
    matrix_destroy(&A);
    network_destroy(&net);
    network_destroy(&fresh);
    scaling_destroy(&scaling);
}

/* three kinds of flowers, by the straightest of networks */
static double iris(Recipe r)
{
    const size_t width[] = { 4, 3 };
    double right[SHUFFLES * FOLDS];
    Dataset D;
    Labels kinds;
    Error e;
    lab_need(dataset_read(&D, &kinds, "tests/data/iris.csv",
                          &(Dialect){ 0 }, 0, NULL, &e)
             && dataset_one_hot(&D, width[1], &e), &e);
    r.width = width;
    r.count = 2;
    r.epochs = 100;
    for (uint64_t k = 0; k < SHUFFLES; k++) {
        r.seed = 10 * k;
        lab_need(recipe_validate(right + k * FOLDS, FOLDS, D, &r, NULL,
                                 NULL, &e), &e);
    }
    dataset_destroy(&D);
    return 100 * lab_summary(right, SHUFFLES * FOLDS).mean;
}

void experiment_digits(const Lab *lab)
{
    const struct { const size_t *width; size_t count; } shape[] = {
        { one_layer, 2 }, { half, 3 }, { two, 3 }
    };
    Dataset D;
    Labels labels;
    Error e;
    Matrix truth;
    lab_need(dataset_read(&D, &labels, "tests/data/digits.csv",
                          &(Dialect){ 0 }, 0, NULL, &e), &e);
    size_t n = D.X.rows;
    double *said = calloc(2 * n, sizeof *said), *sure = said + n;
    size_t confused[DIGITS][DIGITS] = { 0 }, misread = 0;
    lab_need(said && matrix_create(&truth, n, 1, &e), &e);
    matrix_copy(truth, D.Y);
    lab_need(dataset_one_hot(&D, DIGITS, &e), &e);
    Recipe r = { .activation = "relu", .loss = &softmax,
                 .init = INIT_HE, .rate = 0.1, .epochs = 40,
                 .batch = 32, .method = SGD };
    FILE *out = lab_open(lab, "accuracy", "mean\tdeviation\tleast\tmost");
    for (size_t s = 0; s < sizeof shape / sizeof *shape; s++) {
        double right[SHUFFLES] = { 0 }, least = 100, most = 0;
        r.width = shape[s].width;
        r.count = shape[s].count;
        for (uint64_t k = SHUFFLES; k-- > 0;) {
            r.seed = 10 * k;
            read_all(said, sure, D, r);
            for (size_t i = 0; i < n; i++)
                right[k] += said[i] == truth.data[i];
            right[k] *= 100 / (double)n;
            least = fmin(least, right[k]);
            most = fmax(most, right[k]);
        }
        Summary all = lab_summary(right, SHUFFLES);
        ROW(out, all.mean, all.deviation, least, most);
        if (r.width != two)
            continue;
        for (size_t i = 0; i < n; i++) { /* of the first deal */
            misread += said[i] != truth.data[i];
            confused[(size_t)truth.data[i]][(size_t)said[i]]++;
        }
        show_misread(lab, D, truth.data, said, sure);
    }
    lab_close(out);
    out = lab_open(lab, "confused", "0\t1\t2\t3\t4\t5\t6\t7\t8\t9");
    for (size_t i = 0; i < DIGITS; i++) {
        double row[DIGITS];
        for (size_t k = 0; k < DIGITS; k++)
            row[k] = (double)confused[i][k];
        lab_row(out, DIGITS, row);
    }
    lab_close(out);
    r.width = two;
    r.count = 3;
    r.seed = 0;
    show_weights(lab, "units", 3 * ACROSS, D, r); /* standardises D */
    r.width = one_layer;
    r.count = 2;
    r.init = INIT_ZEROS;
    show_weights(lab, "ten", DIGITS, D, r);
    lab_value(lab, "irisRight", iris(r));
    lab_value(lab, "digitsRows", (double)n);
    lab_value(lab, "digitsMisread", (double)misread);
    lab_value(lab, "digitsUnits", UNITS);
    lab_value(lab, "digitsEpochs", (double)r.epochs);
    lab_value(lab, "digitsBatch", (double)r.batch);
    lab_value(lab, "digitsShuffles", SHUFFLES);
    free(said);
    matrix_destroy(&truth);
    dataset_destroy(&D);
}
