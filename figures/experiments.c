/* experiments.c: the data of all figures, tables and numbers of the
   chapter.  It computes nothing that the chapter doesn't explain: it
   runs networks, and prints.  nn experiments --out DIR [NAME...] */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "bayes.h"
#include "complexstep.h"
#include "experiments.h"
#include "files.h"
#include "picture.h"
#include "published.h"
#include "recipe.h"

typedef struct {
    const char *dir;
    Dataset D;                   /* the main run's data */
    Scaling scaling;
    Matrix Z;                    /* 400 x 1, for anybody */
    Output macros;
    Error *e;
} Lab;
static bool lab_open(Output *out, const Lab *lab, const char *format,
                     ...)
{
    char name[64], path[PATH_MAX];
    va_list list;
    va_start(list, format);
    vsnprintf(name, sizeof name, format, list);
    va_end(list);
    int length = snprintf(path, sizeof path, "%s/%s", lab->dir, name);
    if (length < 0 || (size_t)length >= sizeof path)
        return fail(lab->e, "the folder name %.40s... is too long; "
                    "choose a shorter one", lab->dir);
    return output_open(out, path, lab->e);
}
static void macro(Lab *lab, const char *name, const char *format, ...)
{
    va_list list;
    fprintf(lab->macros.file, "\\newcommand\\%s{", name);
    va_start(list, format);
    vfprintf(lab->macros.file, format, list);
    va_end(list);
    fprintf(lab->macros.file, "}\n");
}

static void table_begin(Lab *lab, const char *name, const char *columns)
{
    fprintf(lab->macros.file, "\\newcommand\\%s{\\begin{tabular}"
            "{@{}%s@{}}\n\\toprule\n", name, columns);
}

static void table_end(Lab *lab)
{
    fprintf(lab->macros.file, "\\bottomrule\n\\end{tabular}}\n");
}

static void tex_number(char out[40], double x)
{
    int power = x == 0 ? 0 : (int)floor(log10(fabs(x)));
    if (power < -3 || power > 4)
        snprintf(out, 40, "$%.1f\\cdot10^{%d}$", x / pow(10, power),
                 power);
    else
        snprintf(out, 40, "%.*f", power < 0 ? 2 - power
                 : power < 2 ? 2 : 0, x);
}
static bool write_losses(Lab *lab, const char *name, const double *loss,
                         size_t count)
{
    Output raw = { 0 }, smooth = { 0 };
    if (!lab_open(&raw, lab, "loss-%s.dat", name)
        || !lab_open(&smooth, lab, "smooth-%s.dat", name))
        return false;
    for (size_t i = 0; i < count; i++) {
        fprintf(raw.file, "%zu %.6g\n", i, loss[i]);
        size_t half = i < 12 ? i : 12;
        if (count - 1 - i < half)
            half = count - 1 - i;
        double sum = 0;
        for (size_t k = i - half; k <= i + half; k++)
            sum += log(loss[k]);
        if (i % 5 == 0)
            fprintf(smooth.file, "%zu %.6g\n", i,
                    exp(sum / (double)(2 * half + 1)));
    }
    return output_close(&raw, lab->e) && output_close(&smooth, lab->e);
}
static bool draw(Lab *lab, const char *name, Rule *rule, void *context)
{
    char png[PATH_MAX], line[PATH_MAX];
    snprintf(png, sizeof png, "%s/field-%s.png", lab->dir, name);
    snprintf(line, sizeof line, "%s/half-%s.dat", lab->dir, name);
    return draw_rule(png, line, rule, context, lab->e);
}
typedef struct {
    double *loss;                /* one for each epoch, or NULL */
    double *norm;                /* four for each epoch, or NULL */
} History;

static bool remember(void *context, const Epoch *epoch)
{
    History *h = context;
    if (h->loss)
        h->loss[epoch->epoch] = epoch->loss;
    for (size_t i = 0; h->norm && i < epoch->norms; i++)
        h->norm[epoch->norms * epoch->epoch + i] = epoch->norm[i];
    return true;
}
typedef struct {
    Dataset centres;
    Scaling scaling;
} Bayes;

static void bayes_rule(Matrix Z, void *context, Matrix X)
{
    const Bayes *b = context;
    Matrix mean = b->scaling.mean, std = b->scaling.std;
    for (size_t i = 0; i < X.rows; i++)
        AT(Z, i, 0) = bayes_logit(b->centres, 0.25,
            AT(mean, 0, 0) + AT(std, 0, 0) * AT(X, i, 0),
            AT(mean, 0, 1) + AT(std, 0, 1) * AT(X, i, 1));
}

static void network_rule(Matrix Z, void *context, Matrix X)
{
    network_predict(Z, context, X);
}
enum { SETS = 50, FIRST_SEED = 100000 };

static bool fresh_accuracy(double *mean, double *spread, Rule *rule,
                           void *context, Lab *lab)
{
    double sum = 0, squares = 0;
    Dataset D;
    for (uint64_t k = 0; k < SETS; k++) {
        if (!spirals(&D, 200, 0.25, FIRST_SEED + k, lab->e))
            return false;
        scaling_apply(D.X, lab->scaling);
        rule(lab->Z, context, D.X);
        double share = 100 * accuracy(lab->Z, D.Y);
        sum += share;
        squares += share * share;
        dataset_destroy(&D);
    }
    *mean = sum / SETS;
    *spread = sqrt(fmax(0, squares / SETS - *mean * *mean));
    return true;
}
static bool write_norms(Lab *lab, const double *norm, size_t epochs)
{
    enum { SPAN = 20 };
    Output out = { 0 };
    if (!lab_open(&out, lab, "norms-mended.dat"))
        return false;
    fprintf(out.file, "epoch n1 n2 n3 n4\n");
    for (size_t i = 0; i + SPAN <= epochs; i += SPAN) {
        fprintf(out.file, "%zu", i + SPAN / 2);
        for (size_t l = 0; l < 4; l++) {
            double sum = 0;
            for (size_t k = i; k < i + SPAN; k++)
                sum += norm[4 * k + l];
            fprintf(out.file, " %.6g", sum / SPAN);
        }
        fputc('\n', out.file);
    }
    return output_close(&out, lab->e);
}
static bool report_main(Lab *lab, Network *net)
{
    double mean, spread, train = 100 * network_accuracy(net, lab->D);
    Output out = { 0 };
    if (!fresh_accuracy(&mean, &spread, network_rule, net, lab)
        || !lab_open(&out, lab, "result.txt"))
        return false;
    macro(lab, "mainFresh", "%.2f", mean);
    macro(lab, "mainFreshSpread", "%.2f", spread);
    macro(lab, "mainSets", "%d", SETS);
    fprintf(out.file, "The network of the main run is right on %.2f %% "
            "of its training points\nand on %.2f %% of fresh ones.\n",
            train, mean);
    return output_close(&out, lab->e);
}
static bool do_main(Lab *lab)
{
    enum { EPOCHS = 3000 };
    static double loss[EPOCHS], norm[4 * EPOCHS];
    History h = { loss, norm };
    Network net;
    Optimizer o = sgd(0.05);
    Rng rng = rng_create(7);
    published_check(&rng);
    if (!network_create(&net, main_widths, MAIN_COUNT, 64, lab->e))
        return false;
    network_init(&net, INIT_XAVIER, 42);
    bool ok = train(&net, lab->D, &o, EPOCHS, 64, &rng, remember, &h,
                    lab->e)
        && write_norms(lab, norm, EPOCHS)
        && draw(lab, "mended", network_rule, &net)
        && report_main(lab, &net);
    network_destroy(&net);
    return ok;
}
/* The published run, or the same with the gradient divided once. */
typedef struct {
    double loss[3000], accuracy[7];
    Network *net;
    Dataset D;
} Logged;

static bool log_run(void *context, const Epoch *epoch)
{
    Logged *run = context;
    run->loss[epoch->epoch] = epoch->batch_loss;
    if (epoch->epoch % 500 == 0)
        run->accuracy[epoch->epoch / 500] =
            network_accuracy(run->net, run->D);
    return true;
}

static bool logged_run(Logged *run, Network *net, bool fault, Rng *rng,
                       Lab *lab)
{
    Optimizer o = sgd(0.05);
    run->net = net;
    run->D = lab->D;
    if (!network_create(net, main_widths, MAIN_COUNT, 64, lab->e))
        return false;
    network_init(net, INIT_XAVIER, 42);
    if (fault)
        published_fault(net);
    if (!train(net, lab->D, &o, 3000, 64, rng, log_run, run, lab->e)) {
        network_destroy(net);
        return false;
    }
    run->accuracy[6] = network_accuracy(net, lab->D);
    return true;
}

static void log_table(Lab *lab, const Logged *twice, const Logged *once)
{
    static const char *const printed[] = {
        "0.6983 & 0.505", "0.6848 & 0.560", "0.6800 & 0.608",
        "0.6787 & 0.615", "0.6701 & 0.613", "0.6762 & 0.610",
        " & 0.6225"
    };
    FILE *out = lab->macros.file;
    table_begin(lab, "logTable", "r@{\\qquad}rr@{\\qquad}rr"
                "@{\\qquad}rr");
    fprintf(out, "&\\multicolumn{2}{c@{\\qquad}}{published}&"
            "\\multicolumn{2}{c@{\\qquad}}{ours, divided twice}&"
            "\\multicolumn{2}{c}{divided once}\\\\\nepoch & loss & acc "
            "& loss & acc & loss & acc\\\\\n\\midrule\n");
    for (size_t i = 0; i < 6; i++)
        fprintf(out, "%zu & %s & %.4f & %.3f & %.4f & %.3f\\\\\n",
                500 * i, printed[i], twice->loss[500 * i],
                twice->accuracy[i], once->loss[500 * i],
                once->accuracy[i]);
    fprintf(out, "end & %s & & %.4f & & %.4f\\\\\n", printed[6],
            twice->accuracy[6], once->accuracy[6]);
    table_end(lab);
}
typedef struct {
    double train, fresh, loss;
} Ended;

static bool four_runs(Ended *end, bool fault, Rng *rng, Lab *lab)
{
    double ignored;
    for (int i = 0; i < ARCHITECTURES; i++) {
        Network net;
        if (!published_run(&net, &end[i].loss, &architectures[i], 1500,
                           fault, rng, NULL, lab->e))
            return false;
        end[i].train = 100 * network_accuracy(&net, lab->D);
        bool ok = fresh_accuracy(&end[i].fresh, &ignored, network_rule,
                                 &net, lab);
        network_destroy(&net);
        if (!ok)
            return false;
    }
    return true;
}

static void four_table(Lab *lab, Ended end[2][ARCHITECTURES])
{
    FILE *out = lab->macros.file;
    table_begin(lab, "archPublishedTable", "lrrrrrr");
    fprintf(out, "&\\multicolumn{3}{c}{divided twice}&"
            "\\multicolumn{3}{c}{divided once}\\\\\n & training & fresh"
            " & loss & training & fresh & loss\\\\\n\\midrule\n");
    for (int i = 0; i < ARCHITECTURES; i++) {
        fputs(architectures[i].label, out);
        for (int k = 0; k < 2; k++)
            fprintf(out, " & %.2f & %.2f & %.4f", end[k][i].train,
                    end[k][i].fresh, end[k][i].loss);
        fprintf(out, "\\\\\n");
    }
    table_end(lab);
}
static bool do_published(Lab *lab)
{
    static Logged run[2];
    static const char *const name[] = { "published", "mended" };
    Ended end[2][ARCHITECTURES];
    double fresh[2], ignored, error = 0;
    for (int k = 0; k < 2; k++) {
        Network net;
        Rng rng = rng_create(7);
        error = published_check(&rng);
        if (!logged_run(&run[k], &net, k == 0, &rng, lab))
            return false;
        bool ok = fresh_accuracy(&fresh[k], &ignored, network_rule,
                                 &net, lab)
            && write_losses(lab, name[k], run[k].loss, 3000)
            && (k == 1 || draw(lab, "published", network_rule, &net))
            && four_runs(end[k], k == 0, &rng, lab);
        network_destroy(&net);
        if (!ok)
            return false;
    }
    log_table(lab, &run[0], &run[1]);
    four_table(lab, end);
    double full, part;
    if (!published_factor(&full, 64, lab->e)
        || !published_factor(&part, 16, lab->e))
        return false;
    macro(lab, "pubCheck", "$%.2f\\cdot10^{-11}$", error * 1e11);
    macro(lab, "pubFactorFull", "%.3f", full);
    macro(lab, "pubFactorShort", "%.3f", part);
    macro(lab, "pubAccuracy", "%.4f", run[0].accuracy[6]);
    macro(lab, "pubPercent", "%.2f", 100 * run[0].accuracy[6]);
    macro(lab, "pubFresh", "%.2f", fresh[0]);
    macro(lab, "mendAccuracy", "%.4f", run[1].accuracy[6]);
    macro(lab, "mendPercent", "%.2f", 100 * run[1].accuracy[6]);
    return true;
}
static void line_rule(Matrix Z, void *context, Matrix X)
{
    const double *line = context;
    for (size_t i = 0; i < X.rows; i++)
        AT(Z, i, 0) = cos(line[0]) * AT(X, i, 0)
                    + sin(line[0]) * AT(X, i, 1) - line[1];
}

static double best_line(double *found, Lab *lab)
{
    double best = found[0] = found[1] = 0;
    for (int degree = 0; degree < 360; degree++) {
        double a = degree * PI / 180;
        for (size_t i = 0; i < lab->D.X.rows; i++) {
            double line[] = { a, cos(a) * AT(lab->D.X, i, 0)
                               + sin(a) * AT(lab->D.X, i, 1) };
            line_rule(lab->Z, line, lab->D.X);
            double share = accuracy(lab->Z, lab->D.Y);
            if (share <= best)
                continue;
            best = share;
            found[0] = line[0];
            found[1] = line[1];
        }
    }
    return best;
}
static bool write_points(Lab *lab)
{
    Dataset raw;
    if (!spirals(&raw, 200, 0.25, 7, lab->e))
        return false;
    bool ok = true;
    for (int k = 0; ok && k < 4; k++) {
        Output out = { 0 };
        Matrix X = k < 2 ? raw.X : lab->D.X;
        ok = lab_open(&out, lab, "%s%d.dat", k < 2 ? "spirals"
                      : "points", k % 2);
        for (size_t i = 0; ok && i < X.rows; i++)
            if (AT(raw.Y, i, 0) == k % 2)
                fprintf(out.file, "%.5f %.5f\n", AT(X, i, 0),
                        AT(X, i, 1));
        ok = ok && output_close(&out, lab->e);
    }
    dataset_destroy(&raw);
    return ok;
}
static bool do_bayes(Lab *lab)
{
    Bayes b = { .scaling = lab->scaling };
    double mean = 0, spread = 0, line[2];
    if (!spirals(&b.centres, 200, 0, 0, lab->e))
        return false;
    bayes_rule(lab->Z, &b, lab->D.X);
    macro(lab, "bayesTrain", "%.2f", 100 * accuracy(lab->Z, lab->D.Y));
    bool ok = fresh_accuracy(&mean, &spread, bayes_rule, &b, lab)
        && draw(lab, "bayes", bayes_rule, &b);
    macro(lab, "bayesFresh", "%.2f", mean);
    macro(lab, "bayesLine", "%.2f", 100 * best_line(line, lab));
    ok = ok && fresh_accuracy(&mean, &spread, line_rule, line, lab);
    macro(lab, "bayesLineFresh", "%.2f", mean);
    dataset_destroy(&b.centres);
    return ok && write_points(lab);
}
static double relative(double value, double exact)
{
    return fmax(fabs(value - exact) / fabs(exact), 1e-17);
}
static bool do_vcurve(Lab *lab)
{
    static const size_t width[] = { 2, 8, 6, 4, 1 };
    Network net;
    Output out = { 0 };
    Dataset D = { matrix_rows(lab->D.X, 192, 16),
                  matrix_rows(lab->D.Y, 192, 16) };
    Matrix dZ = matrix_rows(lab->Z, 0, 16);
    if (!network_create(&net, width, 5, 16, lab->e))
        return false;
    network_init(&net, INIT_XAVIER, 42);
    Matrix Z = network_forward(&net, D.X, TRAINING);
    bce_with_logits_backward(dZ, Z, D.Y);
    network_backward((Matrix){ 0 }, &net, dZ);
    double g = net.grads[net.param_count - 4];
    double *x = &net.params[net.param_count - 4];
    bool ok = lab_open(&out, lab, "vcurve.dat");
    if (ok)
        fprintf(out.file, "h forward central complex\n");
    for (int k = 4; ok && k <= 64; k++)
        {
            double h = pow(10, -k / 4.0), old = *x, f = network_loss(&net, D);
            Matrix dX = { 0 }, all = { 0 };
            *x = old + h;
            double up = network_loss(&net, D);
            *x = old - h;
            double down = network_loss(&net, D);
            *x = old;
            ok = matrix_create(&dX, D.X.rows, 2, lab->e)
                && matrix_create(&all, 1, net.param_count, lab->e)
                && complex_gradient_by(h, all.data, dX, &net, D.X, D.Y,
                                       lab->e);
            if (ok)
                fprintf(out.file, "%.6g %.4g %.4g %.4g\n", h,
                        relative((up - f) / h, g),
                        relative((up - down) / (2 * h), g),
                        relative(all.data[net.param_count - 4], g));
            matrix_destroy(&dX);
            matrix_destroy(&all);
        }
    network_destroy(&net);
    return ok && output_close(&out, lab->e);
}
static bool do_loss(Lab *lab)
{
    static const double logit[] = { -800, -40, -2, 0, 2, 40, 800 };
    FILE *out = lab->macros.file;
    table_begin(lab, "lossTable", "rrrr");
    fprintf(out, "logit $z$ & $-\\ln(1-p)$ & $p$ clipped & "
            "$\\operatorname{softplus}(z)$\\\\\n\\midrule\n");
    for (int i = 0; i < 7; i++) {
        double z = logit[i], p = sigmoid(z), naive = -log(1 - p);
        double kept = -log(1 - fmin(fmax(p, 1e-7), 1 - 1e-7));
        char text[3][40];
        tex_number(text[0], naive == 0 ? 0 : naive);
        tex_number(text[1], kept);
        tex_number(text[2], softplus(z));
        fprintf(out, "$%.0f$ & %s & %s & %s\\\\\n", z,
                isinf(naive) ? "$\\infty$" : text[0], text[1], text[2]);
    }
    table_end(lab);
    return true;
}
static bool one_start(Network *net, double *loss, const size_t *width,
                      size_t count, Init init, uint64_t start, Lab *lab)
{
    History h = { .loss = loss };
    Optimizer o = sgd(0.05);
    Rng rng = rng_create(7 + start);
    if (!network_create(net, width, count, 64, lab->e))
        return false;
    network_init(net, init, 42 + 100 * start);
    if (train(net, lab->D, &o, 1500, 64, &rng, remember, &h, lab->e))
        return true;
    network_destroy(net);
    return false;
}
enum { STARTS = 10 };
typedef struct {
    double train[STARTS], fresh[STARTS];
    size_t params;
} Spread;

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_range(FILE *out, double *value)
{
    qsort(value, STARTS, sizeof *value, ascending);
    fprintf(out, " & %.2f\\enspace(%.2f to %.2f)",
            (value[(STARTS - 1) / 2] + value[STARTS / 2]) / 2, value[0],
            value[STARTS - 1]);
}

static void spread_row(Lab *lab, int a, Spread *all)
{
    FILE *out = lab->macros.file;
    const Architecture *arch = &architectures[a];
    for (size_t i = 1; i + 1 < arch->count; i++)
        fprintf(out, "%s%zu", i > 1 ? ", " : "", arch->width[i]);
    fprintf(out, " & %zu", all->params);
    print_range(out, all->train);
    print_range(out, all->fresh);
    fprintf(out, "\\\\\n");
}
static bool do_architectures(Lab *lab)
{
    Output spread = { 0 };
    double loss[1500];
    bool ok = lab_open(&spread, lab, "spread.dat");
    if (ok)
        fprintf(spread.file, "arch start train fresh\n");
    macro(lab, "archStarts", "%d", STARTS);
    table_begin(lab, "spreadTable", "lrrr");
    fprintf(lab->macros.file, "hidden units & parameters & training & "
            "fresh points\\\\\n\\midrule\n");
    for (int a = 0; ok && a < ARCHITECTURES; a++) {
        Spread all = { 0 };
        for (int k = 0; ok && k < STARTS; k++)
            {
                Network net = { 0 };
                double ignored;
                char name[32];
                snprintf(name, sizeof name, "arch%d", a);
                ok = one_start(&net, loss, architectures[a].width,
                               architectures[a].count, INIT_XAVIER, (uint64_t)k,
                               lab)
                    && fresh_accuracy(&all.fresh[k], &ignored, network_rule, &net,
                                      lab)
                    && (k > 0 || (draw(lab, name, network_rule, &net)
                                  && write_losses(lab, name, loss, 1500)));
                if (ok) {
                    all.train[k] = 100 * network_accuracy(&net, lab->D);
                    all.params = net.param_count;
                    fprintf(spread.file, "%d %d %.2f %.3f\n", a, k, all.train[k],
                            all.fresh[k]);
                }
                network_destroy(&net);
            }
        spread_row(lab, a, &all);
    }
    table_end(lab);
    return ok && output_close(&spread, lab->e);
}
enum { SIGNAL_SEEDS = 200 };

static double sum_of_squares(Matrix A)
{
    double sum = 0;
    for (size_t i = 0; i < A.rows * A.cols; i++)
        sum += A.data[i] * A.data[i];
    return sum;
}
/* Mean square of the pre-activations and norm of the gradient of each
   layer before training, averaged over networks from many seeds. */
static bool measure_signal(double *square, double *norm, Init init,
                           Lab *lab)
{
    Network net;
    if (!network_create(&net, main_widths, MAIN_COUNT, 400, lab->e))
        return false;
    for (uint64_t seed = 0; seed < SIGNAL_SEEDS; seed++) {
        network_init(&net, init, 42 + 100 * seed);
        Matrix Z = network_forward(&net, lab->D.X, TRAINING);
        bce_with_logits_backward(lab->Z, Z, lab->D.Y);
        network_backward((Matrix){ 0 }, &net, lab->Z);
        for (size_t l = 0; l < net.depth; l += 2) {
            Matrix out = net.A[l + 1], dW = net.layer[l].dW;
            square[l / 2] += sum_of_squares(out)
                / (double)(out.rows * out.cols) / SIGNAL_SEEDS;
            norm[l / 2] += sqrt(sum_of_squares(dW)) / SIGNAL_SEEDS;
        }
    }
    network_destroy(&net);
    return true;
}

static bool write_by_layer(Lab *lab, const char *name,
                           double value[5][4])
{
    Output out = { 0 };
    if (!lab_open(&out, lab, "%s", name))
        return false;
    fprintf(out.file, "layer zeros small xavier he large\n");
    for (int l = 0; l < 4; l++) {
        fprintf(out.file, "%d", l + 1);
        for (int i = 0; i < 5; i++)
            fprintf(out.file, " %.6g", value[i][l]);
        fputc('\n', out.file);
    }
    return output_close(&out, lab->e);
}
static bool do_init(Lab *lab)
{
    static const char *const name[] = { "init-zeros", "init-small",
        "init-xavier", "init-he", "init-large" };
    double square[5][4] = { 0 }, norm[5][4] = { 0 }, loss[1500];
    bool ok = true;
    table_begin(lab, "initTable", "lrrrrrr");
    fprintf(lab->macros.file, " & \\multicolumn{2}{c}{mean square} & "
            "\\multicolumn{2}{c}{gradient} & loss & accuracy\\\\\n"
            "first weights & first & last & first & last & & (\\%%)"
            "\\\\\n\\midrule\n");
    for (int i = 0; ok && i < 5; i++) {
        Network net = { 0 };
        ok = measure_signal(square[i], norm[i], (Init)i, lab)
            && one_start(&net, loss, main_widths, MAIN_COUNT, (Init)i,
                         0, lab)
            && write_losses(lab, name[i], loss, 1500);
        static const char *const label[] = { "zeros", "0.01", "Xavier", "He",
                                             "2" };
        char text[4][40];
        tex_number(text[0], square[i][0]);
        tex_number(text[1], square[i][3]);
        tex_number(text[2], norm[i][0]);
        tex_number(text[3], norm[i][3]);
        if (ok)
            fprintf(lab->macros.file, "%s & %s & %s & %s & %s & %.4f & %.2f"
                    "\\\\\n", label[i], text[0], text[1], text[2], text[3],
                    loss[1499], 100 * network_accuracy(&net, lab->D));
        network_destroy(&net);
    }
    table_end(lab);
    ok = ok && write_by_layer(lab, "init-squares.dat", square)
        && write_by_layer(lab, "init-grads.dat", norm);
    if (ok) {
        macro(lab, "initSeeds", "%d", SIGNAL_SEEDS);
        macro(lab, "initXavierFirst", "%.3f", square[INIT_XAVIER][0]);
        macro(lab, "initXavierLast", "%.3f", square[INIT_XAVIER][3]);
        macro(lab, "initHeFirst", "%.2f", square[INIT_HE][0]);
        macro(lab, "initHeLast", "%.2f", square[INIT_HE][3]);
    }
    return ok;
}
enum { SHUFFLES = 5 };
static bool validate(double *mean, double *spread, const Recipe *plan,
                     Dataset D, Error *e)
{
    enum { FOLDS = 10 };
    double share[FOLDS], sum = 0, squares = 0;
    for (uint64_t k = 0; k < SHUFFLES; k++) {
        Recipe r = *plan;
        r.seed = 10 * k;
        if (!recipe_validate(share, FOLDS, D, &r, NULL, NULL, e))
            return false;
        double total = 0;
        for (int i = 0; i < FOLDS; i++)
            total += 100 * share[i] / FOLDS;
        sum += total;
        squares += total * total;
    }
    *mean = sum / SHUFFLES;
    *spread = sqrt(fmax(0, squares / SHUFFLES - *mean * *mean));
    return true;
}
static bool do_wdbc(Lab *lab)
{
    static const size_t width[3][4] = { { 30, 1 }, { 30, 16, 1 },
                                        { 30, 32, 16, 1 } };
    static const char *const label[] = { "none (a plane)", "16",
                                         "32, 16" };
    static const char *const name[] = { "wdbcLinear", "wdbcOne",
                                        "wdbcDeep" };
    Dataset D;
    if (!csv_read(&D, "tests/data/wdbc.csv", 0, lab->e))
        return false;
    macro(lab, "wdbcShuffles", "%d", SHUFFLES);
    table_begin(lab, "wdbcTable", "lrr");
    fprintf(lab->macros.file, "hidden units & accuracy & deviation"
            "\\\\\n\\midrule\n");
    double mean[3] = { 0 }, spread[3] = { 0 };
    bool ok = true;
    for (size_t i = 0; ok && i < 3; i++) {
        Recipe r = { width[i], i + 2, INIT_HE, 0.05, 40, 32, 0 };
        ok = validate(&mean[i], &spread[i], &r, D, lab->e);
        fprintf(lab->macros.file, "%s & %.2f & %.2f\\\\\n", label[i],
                mean[i], spread[i]);
    }
    table_end(lab);
    for (size_t i = 0; i < 3; i++)
        macro(lab, name[i], "%.1f", mean[i]);
    dataset_destroy(&D);
    return ok;
}
static bool do_speed(Lab *lab)
{
    size_t forward = 0, backward = 0;
    for (size_t i = 0; i + 1 < MAIN_COUNT; i++) {
        size_t weights = main_widths[i] * main_widths[i + 1];
        forward += weights;
        backward += i ? 2 * weights : weights;
    }
    macro(lab, "speedForward", "%zu", forward);
    macro(lab, "speedBackward", "%zu", backward);
    macro(lab, "speedEpoch", "%.1f", (double)(forward + backward) * 4e-4);
    macro(lab, "speedRun", "%.1f",
          (double)(forward + backward) * 400 * 3000 * 1e-9);
    return true;
}
static const struct {
    const char *name;
    bool (*run)(Lab *lab);
} experiments[] = {
    { "published", do_published }, { "main", do_main },
    { "architectures", do_architectures }, { "init", do_init },
    { "bayes", do_bayes }, { "vcurve", do_vcurve },
    { "loss", do_loss }, { "wdbc", do_wdbc }, { "speed", do_speed },
};
enum { EXPERIMENTS = sizeof experiments / sizeof experiments[0] };
static bool run_one(Lab *lab, int i)
{
    lab->macros = (Output){ 0 };
    if (!lab_open(&lab->macros, lab, "macros-%s.tex",
                  experiments[i].name))
        return false;
    if (experiments[i].run(lab))
        return output_close(&lab->macros, lab->e);
    output_abandon(&lab->macros);
    return false;
}
static bool lab_create(Lab *lab)
{
    return spirals(&lab->D, 200, 0.25, 7, lab->e)
        && scaling_fit(&lab->scaling, lab->D.X, lab->e)
        && (scaling_apply(lab->D.X, lab->scaling), true)
        && matrix_create(&lab->Z, lab->D.X.rows, 1, lab->e);
}

static void lab_destroy(Lab *lab)
{
    dataset_destroy(&lab->D);
    scaling_destroy(&lab->scaling);
    matrix_destroy(&lab->Z);
}
bool experiments_run(const char *dir, int count, char **names, Error *e)
{
    for (int k = 0; k < count; k++) {
        int i = 0;
        while (i < EXPERIMENTS && strcmp(names[k], experiments[i].name))
            i++;
        if (i == EXPERIMENTS)
            return fail(e, "there is no experiment \"%s\"; see "
                        "nn --help", names[k]);
    }
    Lab lab = { .dir = dir, .e = e };
    bool ok = lab_create(&lab);
    for (int i = 0; ok && i < EXPERIMENTS; i++) {
        bool wanted = count == 0;
        for (int k = 0; k < count; k++)
            wanted = wanted || !strcmp(names[k], experiments[i].name);
        ok = !wanted || run_one(&lab, i);
    }
    lab_destroy(&lab);
    return ok;
}
