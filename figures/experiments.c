/* experiments.c: the data of all figures, tables and numbers of the
   chapter.  It computes nothing that the chapter doesn't explain: it
   runs networks, and prints.  nn experiments --out DIR [NAME...] */
#include <float.h>
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

enum {
    POINTS = 200,                /* on each spiral */
    BATCH = 64,
    LONG_RUN = 3000,             /* epochs */
    SHORT_RUN = 1500,
    LAYERS = MAIN_COUNT - 1      /* linear ones, in the main run */
};
static const double noise = 0.25;

/* The laboratory: what all experiments share, and how they write. */

typedef struct {
    const char *dir;             /* where everything goes */
    Dataset D;                   /* of the main run, standardised */
    Scaling scaling;             /* from raw points to those of D */
    Matrix Z;                    /* a logit for each row of D */
    Output macros;               /* of the experiment that runs */
    Error *e;
} Lab;

/* the spirals of the main run, as they are before standardising */
static bool raw_spirals(Dataset *D, Lab *lab)
{
    return spirals(D, POINTS, noise, 7, lab->e);
}

/* Also on failure the lab is to be destroyed. */
static bool lab_create(Lab *lab)
{
    if (!raw_spirals(&lab->D, lab)
        || !scaling_fit(&lab->scaling, lab->D.X, lab->e))
        return false;
    scaling_apply(lab->D.X, lab->scaling);
    return matrix_create(&lab->Z, lab->D.X.rows, 1, lab->e);
}

/* all but the macros, which run_one closes */
static void lab_destroy(Lab *lab)
{
    dataset_destroy(&lab->D);
    scaling_destroy(&lab->scaling);
    matrix_destroy(&lab->Z);
}

/* the name of a file in the folder; it begins and ends as given */
static bool lab_path(char path[PATH_MAX], const Lab *lab,
                     const char *begin, const char *name,
                     const char *end)
{
    int length = snprintf(path, PATH_MAX, "%s/%s%s%s", lab->dir, begin,
                          name, end);
    return (length >= 0 && length < PATH_MAX)
        || fail(lab->e, "the folder name %.40s... is too long; choose a "
                "shorter one", lab->dir);
}

/* a file of that name in the folder, to be closed by lab_close */
static bool lab_open(Output *out, const Lab *lab, const char *begin,
                     const char *name, const char *end)
{
    char path[PATH_MAX];
    return lab_path(path, lab, begin, name, end)
        && output_open(out, path, lab->e);
}

/* ok: what was to be written has been; otherwise there is no file */
static bool lab_close(Output *out, const Lab *lab, bool ok)
{
    if (ok)
        return output_close(out, lab->e);
    output_abandon(out);
    return false;
}

/* \newcommand\NAME{...} into the macros of the experiment */
static void macro(Lab *lab, const char *name, const char *format, ...)
{
    va_list list;
    fprintf(lab->macros.file, "\\newcommand\\%s{", name);
    va_start(list, format);
    vfprintf(lab->macros.file, format, list);
    va_end(list);
    fprintf(lab->macros.file, "}\n");
}

/* A macro that is a table; its rows go to lab->macros.file. */
static void table_begin(Lab *lab, const char *name, const char *columns,
                        const char *head)
{
    fprintf(lab->macros.file, "\\newcommand\\%s{\\begin{tabular}"
            "{@{}%s@{}}\n\\toprule\n%s\\\\\n\\midrule\n", name, columns,
            head);
}

/* the end of what table_begin began */
static void table_end(Lab *lab)
{
    fprintf(lab->macros.file, "\\bottomrule\n\\end{tabular}}\n");
}

/* x with three digits, as a power of ten if it is far from 1 */
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

/* loss-NAME.dat: the loss of every epoch */
static bool write_raw(Lab *lab, const char *name, const double *loss,
                      size_t count)
{
    Output out;
    if (!lab_open(&out, lab, "loss-", name, ".dat"))
        return false;
    for (size_t i = 0; i < count; i++)
        fprintf(out.file, "%zu %.6g\n", i, loss[i]);
    return lab_close(&out, lab, true);
}

/* geometric mean of the 25 losses around epoch i, of fewer (but as
   many on either side) near the ends */
static double smoothed(const double *loss, size_t count, size_t i)
{
    size_t half = i < 12 ? i : 12;
    if (count - 1 - i < half)
        half = count - 1 - i;
    double sum = 0;
    for (size_t k = i - half; k <= i + half; k++)
        sum += log(loss[k]);
    return exp(sum / (double)(2 * half + 1));
}

/* smooth-NAME.dat: their running mean in every fifth epoch */
static bool write_smooth(Lab *lab, const char *name, const double *loss,
                         size_t count)
{
    Output out;
    if (!lab_open(&out, lab, "smooth-", name, ".dat"))
        return false;
    for (size_t i = 0; i < count; i += 5)
        fprintf(out.file, "%zu %.6g\n", i, smoothed(loss, count, i));
    return lab_close(&out, lab, true);
}

/* both files, for a curve in figures published, architectures, init */
static bool write_losses(Lab *lab, const char *name, const double *loss,
                         size_t count)
{
    return write_raw(lab, name, loss, count)
        && write_smooth(lab, name, loss, count);
}

/* field-NAME.png and half-NAME.dat: the plane, as a rule sees it */
static bool draw(Lab *lab, const char *name, Rule *rule, void *context)
{
    char png[PATH_MAX], line[PATH_MAX];
    return lab_path(png, lab, "field-", name, ".png")
        && lab_path(line, lab, "half-", name, ".dat")
        && draw_rule(png, line, rule, context, lab->e);
}

/* context: a Network */
static void network_rule(Matrix Z, void *context, Matrix X)
{
    network_predict(Z, context, X);
}

typedef struct {
    double mean, spread;         /* spread: standard deviation */
} Summary;

/* of count numbers; deviation with the divisor count */
static Summary summary(const double *value, size_t count)
{
    double sum = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        sum += value[i];
        squares += value[i] * value[i];
    }
    double mean = sum / n;
    return (Summary){ mean, sqrt(fmax(0, squares / n - mean * mean)) };
}

enum { SETS = 50, FIRST_SEED = 100000 };

/* per cent right of points that nothing was trained on */
static bool fresh_accuracy(Summary *fresh, Rule *rule, void *context,
                           Lab *lab)
{
    double share[SETS];
    for (uint64_t k = 0; k < SETS; k++) {
        Dataset D;
        if (!spirals(&D, POINTS, noise, FIRST_SEED + k, lab->e))
            return false;
        scaling_apply(D.X, lab->scaling);
        rule(lab->Z, context, D.X);
        share[k] = 100 * accuracy(lab->Z, D.Y);
        dataset_destroy(&D);
    }
    *fresh = summary(share, SETS);
    return true;
}

/* How a network is trained on lab->D: always in batches of 64 at the
   rate 0.05. */
typedef struct {
    const Architecture *shape;
    Init init;
    uint64_t seed;               /* of the first weights */
    size_t epochs;
    bool fault;                  /* divide the gradient twice */
} Plan;

/* On success the caller owns *net. */
static bool carry_out(Network *net, const Plan *plan, Rng *rng,
                      Observer *observe, void *context, Lab *lab)
{
    Optimizer o = sgd(0.05);
    if (!network_create(net, plan->shape->width, plan->shape->count,
                        BATCH, lab->e))
        return false;
    network_init(net, plan->init, plan->seed);
    if (plan->fault)
        published_fault(net);
    if (train(net, lab->D, &bce, &o, plan->epochs, BATCH, rng, observe,
              context, lab->e))
        return true;
    network_destroy(net);
    return false;
}

/* context: room for the loss of each epoch */
static bool record_loss(void *context, const Epoch *epoch)
{
    double *loss = context;
    loss[epoch->epoch] = epoch->loss;
    return true;
}

/* start 0, 1, ... of a short run; loss: room for SHORT_RUN numbers */
static bool one_start(Network *net, double *loss,
                      const Architecture *shape, Init init,
                      uint64_t start, Lab *lab)
{
    Plan plan = { shape, init, 42 + 100 * start, SHORT_RUN, false };
    Rng rng = rng_create(7 + start);
    return carry_out(net, &plan, &rng, record_loss, loss, lab);
}

/* published: the published runs and the same with the gradient
   divided once, as they were logged. */

enum { LOG_EVERY = 500, LOGGED = LONG_RUN / LOG_EVERY };

typedef struct {
    double train, fresh, loss;   /* after the last epoch */
} Ended;

typedef struct {
    double loss[LONG_RUN];       /* as the published program has it */
    double accuracy[LOGGED + 1]; /* the last: after the last epoch */
    double fresh, check;
    Ended end[ARCHITECTURES];
} Version;

typedef struct {
    Version *to;
    Network *net;
    Dataset D;
} Log;

/* context: a Log; the loss of each epoch, and every 500 the accuracy */
static bool log_epoch(void *context, const Epoch *epoch)
{
    Log *log = context;
    log->to->loss[epoch->epoch] = epoch->batch_loss;
    if (epoch->epoch % LOG_EVERY == 0)
        log->to->accuracy[epoch->epoch / LOG_EVERY] =
            network_mean(log->net, log->D, accuracy);
    return true;
}

/* the four architectures, trained one after the other */
static bool four_runs(Ended *end, bool fault, Rng *rng, Lab *lab)
{
    for (int i = 0; i < ARCHITECTURES; i++) {
        Network net;
        Summary fresh;
        if (!published_run(&net, &end[i].loss, &architectures[i],
                           SHORT_RUN, fault, rng, NULL, lab->e))
            return false;
        end[i].train = 100 * network_mean(&net, lab->D, accuracy);
        bool ok = fresh_accuracy(&fresh, network_rule, &net, lab);
        network_destroy(&net);
        if (!ok)
            return false;
        end[i].fresh = fresh.mean;
    }
    return true;
}

/* All that the published program does, with its fault or without, in
   its order: check, main run and architectures share one generator.
   Makes figure published (loss-, smooth-NAME.dat). */
static bool run_version(Version *v, const char *name, bool fault,
                        Lab *lab)
{
    Network net;
    Summary fresh = { 0 };
    Plan plan = { &main_run, INIT_XAVIER, 42, LONG_RUN, fault };
    Log log = { v, &net, lab->D };
    Rng rng = rng_create(7);
    v->check = published_check(&rng);
    if (!carry_out(&net, &plan, &rng, log_epoch, &log, lab))
        return false;
    v->accuracy[LOGGED] = network_mean(&net, lab->D, accuracy);
    bool ok = fresh_accuracy(&fresh, network_rule, &net, lab)
        && write_losses(lab, name, v->loss, LONG_RUN)
        && four_runs(v->end, fault, &rng, lab);
    v->fresh = fresh.mean;
    network_destroy(&net);
    return ok;
}

/* \logTable: what was printed there, and what we get */
static void log_table(Lab *lab, const Version *twice,
                      const Version *once)
{
    static const char *const printed[LOGGED + 1] = {
        "0.6983 & 0.505", "0.6848 & 0.560", "0.6800 & 0.608",
        "0.6787 & 0.615", "0.6701 & 0.613", "0.6762 & 0.610",
        " & 0.6225"
    };
    FILE *out = lab->macros.file;
    table_begin(lab, "logTable",
                "r@{\\qquad}rr@{\\qquad}rr@{\\qquad}rr",
                "&\\multicolumn{2}{c@{\\qquad}}{published}"
                "&\\multicolumn{2}{c@{\\qquad}}{ours, divided twice}"
                "&\\multicolumn{2}{c}{divided once}\\\\\n"
                "epoch & loss & acc & loss & acc & loss & acc");
    for (size_t i = 0; i < LOGGED; i++) {
        size_t epoch = LOG_EVERY * i;
        fprintf(out, "%zu & %s & %.4f & %.3f & %.4f & %.3f\\\\\n",
                epoch, printed[i], twice->loss[epoch],
                twice->accuracy[i], once->loss[epoch],
                once->accuracy[i]);
    }
    fprintf(out, "end & %s & & %.4f & & %.4f\\\\\n", printed[LOGGED],
            twice->accuracy[LOGGED], once->accuracy[LOGGED]);
    table_end(lab);
}

/* three cells of \archPublishedTable */
static void print_ended(FILE *out, Ended end)
{
    fprintf(out, " & %.2f & %.2f & %.4f", end.train, end.fresh,
            end.loss);
}

/* \archPublishedTable: the four architectures, twice */
static void four_table(Lab *lab, const Version *twice,
                       const Version *once)
{
    FILE *out = lab->macros.file;
    table_begin(lab, "archPublishedTable", "lrrrrrr",
                "&\\multicolumn{3}{c}{divided twice}"
                "&\\multicolumn{3}{c}{divided once}\\\\\n"
                " & training & fresh & loss & training & fresh & loss");
    for (int i = 0; i < ARCHITECTURES; i++) {
        fputs(architectures[i].label, out);
        print_ended(out, twice->end[i]);
        print_ended(out, once->end[i]);
        fprintf(out, "\\\\\n");
    }
    table_end(lab);
}

/* \pub... and \mend...: the numbers in the text */
static bool version_macros(Lab *lab, const Version *twice,
                           const Version *once)
{
    double full, part;           /* of a whole batch, of the last */
    if (!published_factor(&full, BATCH, lab->e)
        || !published_factor(&part, lab->D.X.rows % BATCH, lab->e))
        return false;
    double published = twice->accuracy[LOGGED];
    double mended = once->accuracy[LOGGED];
    macro(lab, "pubCheck", "$%.2f\\cdot10^{-11}$", twice->check * 1e11);
    macro(lab, "pubFactorFull", "%.3f", full);
    macro(lab, "pubFactorShort", "%.3f", part);
    macro(lab, "pubAccuracy", "%.4f", published);
    macro(lab, "pubPercent", "%.2f", 100 * published);
    macro(lab, "pubFresh", "%.2f", twice->fresh);
    macro(lab, "mendAccuracy", "%.4f", mended);
    macro(lab, "mendPercent", "%.2f", 100 * mended);
    size_t whole = lab->D.X.rows / BATCH, rest = lab->D.X.rows % BATCH;
    macro(lab, "pubWorth", "%.0f", LONG_RUN * ((double)whole / BATCH
          + 1.0 / (double)rest) / (double)(whole + 1));
    return true;
}

/* both versions, then the tables and numbers that compare them */
static bool do_published(Lab *lab)
{
    static Version twice, once;
    if (!run_version(&twice, "published", true, lab)
        || !run_version(&once, "mended", false, lab))
        return false;
    log_table(lab, &twice, &once);
    four_table(lab, &twice, &once);
    return version_macros(lab, &twice, &once);
}

/* main: the main run, divided once, and what came of it. */

typedef double Norms[LAYERS];

/* context: LONG_RUN Norms */
static bool record_norms(void *context, const Epoch *epoch)
{
    Norms *norm = context;
    for (size_t l = 0; l < LAYERS; l++)
        norm[epoch->epoch][l] = epoch->norm[l];
    return true;
}

/* norms-mended.dat, for figure norms: the norm of dW of each layer,
   means over 20 epochs */
static bool write_norms(Lab *lab, Norms *norm)
{
    enum { SPAN = 20 };
    Output out;
    if (!lab_open(&out, lab, "norms-", "mended", ".dat"))
        return false;
    fprintf(out.file, "epoch n1 n2 n3 n4\n");
    for (size_t i = 0; i + SPAN <= LONG_RUN; i += SPAN) {
        fprintf(out.file, "%zu", i + SPAN / 2);
        for (size_t l = 0; l < LAYERS; l++) {
            double sum = 0;
            for (size_t k = i; k < i + SPAN; k++)
                sum += norm[k][l];
            fprintf(out.file, " %.6g", sum / SPAN);
        }
        fputc('\n', out.file);
    }
    return lab_close(&out, lab, true);
}

/* \main...: accuracy on fresh points; result.txt: what make prints */
static bool report_main(Lab *lab, Network *net)
{
    Summary fresh;
    Output out;
    if (!fresh_accuracy(&fresh, network_rule, net, lab)
        || !lab_open(&out, lab, "result", "", ".txt"))
        return false;
    macro(lab, "mainFresh", "%.2f", fresh.mean);
    macro(lab, "mainFreshSpread", "%.2f", fresh.spread);
    macro(lab, "mainSets", "%d", SETS);
    fprintf(out.file, "The network of the main run is right on %.2f %% "
            "of its training points\nand on %.2f %% of fresh ones.\n",
            100 * network_mean(net, lab->D, accuracy), fresh.mean);
    return lab_close(&out, lab, true);
}

/* the files of figure norms, a field of figures boundary and cover, and
   the numbers */
static bool do_main(Lab *lab)
{
    static Norms norm[LONG_RUN];
    Network net;
    Plan plan = { &main_run, INIT_XAVIER, 42, LONG_RUN, false };
    Rng rng = rng_create(7);
    published_check(&rng);       /* it draws first, as published */
    if (!carry_out(&net, &plan, &rng, record_norms, norm, lab))
        return false;
    bool ok = write_norms(lab, norm)
        && draw(lab, "mended", network_rule, &net)
        && report_main(lab, &net);
    network_destroy(&net);
    return ok;
}

/* architectures: four of them, ten starts each. */

enum { STARTS = 10 };

typedef struct {
    Network net;
    double loss[SHORT_RUN];
    double train, fresh;         /* per cent right */
} Start;

/* What is done for start k: it may write to that part of the context only,
   and to lab->e. */
typedef bool Task(void *context, uint64_t k, Lab *lab);

/* All starts, as many at a time as there are threads; if some fail, the
   first of them says why. */
static bool side_by_side(Task *task, void *context, Lab *lab)
{
    bool ok[STARTS];
    Error e[STARTS];
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic)
#endif
    for (int k = 0; k < STARTS; k++) {
        Lab own = *lab;
        own.e = &e[k];
        ok[k] = task(context, (uint64_t)k, &own);
    }
    for (int k = 0; k < STARTS; k++)
        if (!ok[k]) {
            *lab->e = e[k];
            return false;
        }
    return true;
}

typedef struct {
    Start *start;
    const Architecture *shape;
} Starts;

/* Trains start k; the caller destroys its net in any case. */
static bool train_start(void *context, uint64_t k, Lab *lab)
{
    Starts *all = context;
    Start *s = &all->start[k];
    return one_start(&s->net, s->loss, all->shape, INIT_XAVIER, k, lab);
}

static bool measure_start(Start *s, Lab *lab)
{
    Summary fresh;
    if (!fresh_accuracy(&fresh, network_rule, &s->net, lab))
        return false;
    s->train = 100 * network_mean(&s->net, lab->D, accuracy);
    s->fresh = fresh.mean;
    return true;
}

/* for qsort */
static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts value and prints its median, least and greatest. */
static void print_range(FILE *out, double value[STARTS])
{
    qsort(value, STARTS, sizeof *value, ascending);
    fprintf(out, " & %.2f\\enspace(%.2f to %.2f)",
            (value[(STARTS - 1) / 2] + value[STARTS / 2]) / 2, value[0],
            value[STARTS - 1]);
}

/* a row of \spreadTable */
static void spread_row(FILE *out, const Architecture *shape,
                       const Start *start)
{
    double train[STARTS], fresh[STARTS];
    for (int k = 0; k < STARTS; k++) {
        train[k] = start[k].train;
        fresh[k] = start[k].fresh;
    }
    for (size_t i = 1; i + 1 < shape->count; i++)
        fprintf(out, "%s%zu", i > 1 ? ", " : "", shape->width[i]);
    fprintf(out, " & %zu", start->net.param_count);
    print_range(out, train);
    print_range(out, fresh);
    fprintf(out, "\\\\\n");
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

/* One architecture: rows of spread.dat and \spreadTable, and a column
   of figure architectures (field-archA.png, half-, loss-, smooth-). */
static bool run_starts(Start *start, int a, FILE *spread, Lab *lab)
{
    char name[16];
    Starts all = { start, &architectures[a] };
    snprintf(name, sizeof name, "arch%d", a);
    if (!side_by_side(train_start, &all, lab))
        return false;
    for (int k = 0; k < STARTS; k++) {
        if (!measure_start(&start[k], lab))
            return false;
        fprintf(spread, "%d %d %.2f %.3f\n", a, k, start[k].train,
                start[k].fresh);
    }
    spread_row(lab->macros.file, &architectures[a], start);
    Start *shown = typical(start);
    return draw(lab, name, network_rule, &shown->net)
        && write_losses(lab, name, shown->loss, SHORT_RUN);
}

/* spread.dat, for figure spread; \archStarts, \spreadTable */
static bool do_architectures(Lab *lab)
{
    static Start start[STARTS];
    Output spread;
    if (!lab_open(&spread, lab, "spread", "", ".dat"))
        return false;
    fprintf(spread.file, "arch start train fresh\n");
    macro(lab, "archStarts", "%d", STARTS);
    table_begin(lab, "spreadTable", "lrrr", "hidden units & parameters "
                "& training & fresh points");
    bool ok = true;
    for (int a = 0; ok && a < ARCHITECTURES; a++) {
        ok = run_starts(start, a, spread.file, lab);
        for (int k = 0; k < STARTS; k++)
            network_destroy(&start[k].net);
    }
    table_end(lab);
    return lab_close(&spread, lab, ok);
}

/* init: five ways to choose the first weights. */

enum { INITS = 5, SIGNAL_SEEDS = 200 };

typedef double ByLayer[INITS][LAYERS];
typedef struct {
    ByLayer square;              /* mean square of pre-activations */
    ByLayer norm;                /* of the gradient of the weights */
    double loss[INITS], accuracy[INITS];     /* of one, trained */
} Signals;

/* of all elements of A */
static double sum_of_squares(Matrix A)
{
    double sum = 0;
    for (size_t i = 0; i < A.rows * A.cols; i++)
        sum += A.data[i] * A.data[i];
    return sum;
}

/* one pass forward and back, added to the means over the seeds */
static void add_signal(Signals *s, Init init, Network *net, Lab *lab)
{
    Matrix Z = network_forward(net, lab->D.X, TRAINING);
    bce_with_logits_backward(lab->Z, Z, lab->D.Y);
    network_backward((Matrix){ 0 }, net, lab->Z);
    for (size_t l = 0; l < LAYERS; l++) {
        Layer *layer = &net->layer[2 * l];
        Matrix out = net->A[2 * l + 1], dW = layer->dW;
        if (l + 1 < LAYERS) {   /* ReLU wrote over it: once more, aside */
            out = net->dA[2 * l + 1];
            matmul_plus(out, net->A[2 * l], layer->W, layer->b);
        }
        s->square[init][l] += sum_of_squares(out)
            / (double)(out.rows * out.cols) / SIGNAL_SEEDS;
        s->norm[init][l] += sqrt(sum_of_squares(dW)) / SIGNAL_SEEDS;
    }
}

/* s, zero for this way, becomes the mean over networks of many seeds,
   before any training. */
static bool measure_signals(Signals *s, Init init, Lab *lab)
{
    Network net;
    if (!network_create(&net, main_run.width, main_run.count,
                        lab->D.X.rows, lab->e))
        return false;
    for (uint64_t seed = 0; seed < SIGNAL_SEEDS; seed++) {
        network_init(&net, init, 42 + 100 * seed);
        add_signal(s, init, &net, lab);
    }
    network_destroy(&net);
    return true;
}

/* a row of \initTable */
static void init_row(FILE *out, const char *label, const double *square,
                     const double *norm, double loss, double share)
{
    const double value[] = { square[0], square[LAYERS - 1], norm[0],
                             norm[LAYERS - 1] };
    fputs(label, out);
    for (int i = 0; i < 4; i++) {
        char text[40];
        tex_number(text, value[i]);
        fprintf(out, " & %s", text);
    }
    fprintf(out, " & %.4f & %.2f\\\\\n", loss, 100 * share);
}

/* One way: its signal, its row, and a short run, whose losses are in
   figure init (loss-init-NAME.dat, smooth-init-NAME.dat). */
static bool run_init(Signals *s, Init init, Lab *lab)
{
    static const struct {
        const char *file, *label;
    } name[INITS] = {
        [INIT_ZEROS] = { "init-zeros", "zeros" },
        [INIT_SMALL] = { "init-small", "0.01" },
        [INIT_XAVIER] = { "init-xavier", "Xavier" },
        [INIT_HE] = { "init-he", "He" },
        [INIT_LARGE] = { "init-large", "2" },
    };
    Network net;
    double loss[SHORT_RUN];
    if (!measure_signals(s, init, lab)
        || !one_start(&net, loss, &main_run, init, 0, lab))
        return false;
    s->loss[init] = loss[SHORT_RUN - 1];
    s->accuracy[init] = network_mean(&net, lab->D, accuracy);
    network_destroy(&net);
    init_row(lab->macros.file, name[init].label, s->square[init],
             s->norm[init], s->loss[init], s->accuracy[init]);
    return write_losses(lab, name[init].file, loss, SHORT_RUN);
}

/* init-NAME.dat, for figure init: a row for each layer, a column for
   each way */
static bool write_by_layer(Lab *lab, const char *name, ByLayer value)
{
    Output out;
    if (!lab_open(&out, lab, "init-", name, ".dat"))
        return false;
    fprintf(out.file, "layer zeros small xavier he large\n");
    for (int l = 0; l < LAYERS; l++) {
        fprintf(out.file, "%d", l + 1);
        for (int i = 0; i < INITS; i++)
            fprintf(out.file, " %.6g", value[i][l]);
        fputc('\n', out.file);
    }
    return lab_close(&out, lab, true);
}

/* \initTable, and \init... for the text */
static bool do_init(Lab *lab)
{
    Signals s = { 0 };
    bool ok = true;
    table_begin(lab, "initTable", "lrrrrrr",
                " & \\multicolumn{2}{c}{mean square}"
                " & \\multicolumn{2}{c}{gradient} & loss & accuracy"
                "\\\\\nfirst weights & first & last & first & last & "
                "& (\\%)");
    for (int i = 0; ok && i < INITS; i++)
        ok = run_init(&s, (Init)i, lab);
    table_end(lab);
    const double *xavier = s.square[INIT_XAVIER];
    const double *he = s.square[INIT_HE];
    macro(lab, "initSeeds", "%d", SIGNAL_SEEDS);
    macro(lab, "initXavierFirst", "%.3f", xavier[0]);
    macro(lab, "initXavierLast", "%.3f", xavier[LAYERS - 1]);
    macro(lab, "initHeFirst", "%.2f", he[0]);
    macro(lab, "initHeLast", "%.2f", he[LAYERS - 1]);
    macro(lab, "initLargeLoss", "%.4f", s.loss[INIT_LARGE]);
    macro(lab, "initLargeAccuracy", "%.0f", 100 * s.accuracy[INIT_LARGE]);
    return ok && write_by_layer(lab, "squares", s.square)
        && write_by_layer(lab, "grads", s.norm);
}

/* bayes: the best rule there is, the best line, and the points. */

typedef struct {
    Dataset centres;             /* the spirals without noise */
    Scaling scaling;
} Bayes;

/* context: a Bayes; its logit takes points that aren't standardised */
static void bayes_rule(Matrix Z, void *context, Matrix X)
{
    const Bayes *b = context;
    Matrix mean = b->scaling.mean, std = b->scaling.std;
    for (size_t i = 0; i < X.rows; i++)
        AT(Z, i, 0) = bayes_logit(b->centres, noise,
            AT(mean, 0, 0) + AT(std, 0, 0) * AT(X, i, 0),
            AT(mean, 0, 1) + AT(std, 0, 1) * AT(X, i, 1));
}

typedef struct {
    double angle, offset;        /* of the normal; from the origin */
} Line;

/* how far row i of X lies in the direction of the normal */
static double along(Line line, Matrix X, size_t i)
{
    return cos(line.angle) * AT(X, i, 0) + sin(line.angle) * AT(X, i, 1);
}

/* context: a Line; the distance from it is the logit */
static void line_rule(Matrix Z, void *context, Matrix X)
{
    const Line *line = context;
    for (size_t i = 0; i < X.rows; i++)
        AT(Z, i, 0) = along(*line, X, i) - line->offset;
}

/* On the training points, in steps of one degree: a line through each
   point in each direction.  Returns its accuracy. */
static double best_line(Line *found, Lab *lab)
{
    double best = 0;
    *found = (Line){ 0 };
    for (int degree = 0; degree < 360; degree++) {
        for (size_t i = 0; i < lab->D.X.rows; i++) {
            Line line = { .angle = degree * PI / 180 };
            line.offset = along(line, lab->D.X, i);
            line_rule(lab->Z, &line, lab->D.X);
            double share = accuracy(lab->Z, lab->D.Y);
            if (share > best) {
                best = share;
                *found = line;
            }
        }
    }
    return best;
}

/* \bayes...; the field of figure boundary */
static bool report_bayes(Lab *lab, Bayes *b)
{
    Summary fresh;
    Line line;
    bayes_rule(lab->Z, b, lab->D.X);
    macro(lab, "bayesTrain", "%.2f", 100 * accuracy(lab->Z, lab->D.Y));
    if (!draw(lab, "bayes", bayes_rule, b)
        || !fresh_accuracy(&fresh, bayes_rule, b, lab))
        return false;
    macro(lab, "bayesFresh", "%.2f", fresh.mean);
    macro(lab, "bayesLine", "%.2f", 100 * best_line(&line, lab));
    if (!fresh_accuracy(&fresh, line_rule, &line, lab))
        return false;
    macro(lab, "bayesLineFresh", "%.2f", fresh.mean);
    return true;
}

/* NAME0.dat, NAME1.dat: the points of either label */
static bool write_points(Lab *lab, const char *name, Matrix X, Matrix Y)
{
    for (int label = 0; label < 2; label++) {
        Output out;
        if (!lab_open(&out, lab, name, label ? "1" : "0", ".dat"))
            return false;
        for (size_t i = 0; i < X.rows; i++)
            if (AT(Y, i, 0) == label)
                fprintf(out.file, "%.5f %.5f\n", AT(X, i, 0),
                        AT(X, i, 1));
        if (!lab_close(&out, lab, true))
            return false;
    }
    return true;
}

/* Also spirals0.dat and spirals1.dat, as they are, for figure spirals;
   points0.dat and points1.dat, standardised, for every field. */
static bool do_bayes(Lab *lab)
{
    Bayes b = { .scaling = lab->scaling };
    Dataset raw = { 0 };
    bool ok = spirals(&b.centres, POINTS, 0, 0, lab->e)
        && report_bayes(lab, &b)
        && raw_spirals(&raw, lab)
        && write_points(lab, "spirals", raw.X, raw.Y)
        && write_points(lab, "points", lab->D.X, lab->D.Y);
    dataset_destroy(&b.centres);
    dataset_destroy(&raw);
    return ok;
}

/* vcurve: one weight's derivative with ever smaller steps. */

typedef struct {
    Network net;
    Dataset D;
    size_t at;                   /* the weight: net.params[at] */
    Matrix grads, dX;            /* room for the complex step */
} Bench;

/* Small weights leave the logits near 0, where the third derivative
   of the loss vanishes and the central difference is too good.  So
   the last bias is 1.  The weight joins the last units of the second and
   the third hidden layer; for steps up to 0.1 no ReLU switches. */
static bool bench_create(Bench *b, Lab *lab)
{
    static const size_t width[] = { 2, 8, 6, 4, 1 };
    enum { FIRST = 192, ROWS = 16 };
    b->D = (Dataset){ matrix_rows(lab->D.X, FIRST, ROWS),
                      matrix_rows(lab->D.Y, FIRST, ROWS) };
    if (!network_create(&b->net, width, 5, ROWS, lab->e)
        || !matrix_create(&b->grads, 1, b->net.param_count, lab->e)
        || !matrix_create(&b->dX, ROWS, width[0], lab->e))
        return false;
    network_init(&b->net, INIT_HE, 42);
    b->net.params[b->net.param_count - 1] = 1;
    Matrix W = b->net.layer[4].W;
    b->at = (size_t)(&AT(W, 5, 3) - b->net.params);
    return true;
}

/* a Bench of zeros is fine */
static void bench_destroy(Bench *b)
{
    network_destroy(&b->net);
    matrix_destroy(&b->grads);
    matrix_destroy(&b->dX);
}

/* net.grads becomes what the others are measured against. */
static void bench_backward(Bench *b, Lab *lab)
{
    Matrix dZ = matrix_rows(lab->Z, 0, b->D.X.rows);
    Matrix Z = network_forward(&b->net, b->D.X, TRAINING);
    bce_with_logits_backward(dZ, Z, b->D.Y);
    network_backward((Matrix){ 0 }, &b->net, dZ);
}

/* the loss with the weight moved by h */
static double loss_at(Bench *b, double h)
{
    double *x = &b->net.params[b->at], old = *x;
    *x = old + h;
    double loss = network_mean(&b->net, b->D, bce_with_logits);
    *x = old;
    return loss;
}

/* Never less than the rounding of a double: 0 has no place on a
   logarithmic axis. */
static double relative(double value, double exact)
{
    return fmax(fabs(value - exact) / fabs(exact),
                DBL_EPSILON / 2);
}

/* the three errors for one h */
static bool vcurve_row(FILE *out, Bench *b, double h, double *central,
                       Error *e)
{
    if (!complex_gradient_by(h, b->grads.data, b->dX, &b->net, b->D.X,
                             b->D.Y, &bce, e))
        return false;
    double exact = b->net.grads[b->at];
    double here = loss_at(b, 0), up = loss_at(b, h);
    double down = loss_at(b, -h);
    *central = relative((up - down) / (2 * h), exact);
    fprintf(out, "%.6g %.4g %.4g %.4g\n", h,
            relative((up - here) / h, exact), *central,
            relative(b->grads.data[b->at], exact));
    return true;
}

/* vcurve.dat, for figure vcurve: h from 0.1 to 1e-16, and relative
   errors against what backward gives */
static bool do_vcurve(Lab *lab)
{
    Bench b = { 0 };
    Output out = { 0 };
    bool ok = bench_create(&b, lab)
        && lab_open(&out, lab, "vcurve", "", ".dat");
    if (ok) {
        bench_backward(&b, lab);
        fprintf(out.file, "h forward central complex\n");
    }
    double best = INFINITY, best_h = 1;
    for (int k = 4; ok && k <= 64; k++) {
        double h = pow(10, -k / 4.0), central = INFINITY;
        ok = vcurve_row(out.file, &b, h, &central, lab->e);
        if (central < best) {
            best = central;
            best_h = h;
        }
    }
    char text[40];
    tex_number(text, best_h);
    macro(lab, "vcurveBest", "%s", text);
    bench_destroy(&b);
    return lab_close(&out, lab, ok);
}

/* loss: why the loss is computed from logits. */

/* a row of \lossTable */
static void loss_row(FILE *out, double z)
{
    double p = sigmoid(z), clipped = fmin(fmax(p, 1e-7), 1 - 1e-7);
    double naive = -log(1 - p);
    char text[3][40];
    tex_number(text[0], naive == 0 ? 0 : naive);        /* not -0 */
    tex_number(text[1], -log(1 - clipped));
    tex_number(text[2], softplus(z));
    fprintf(out, "$%.0f$ & %s & %s & %s\\\\\n", z,
            isinf(naive) ? "$\\infty$" : text[0], text[1], text[2]);
}

/* \lossTable: the loss of label 0, three ways */
static bool do_loss(Lab *lab)
{
    table_begin(lab, "lossTable", "rrrr", "logit $z$ & $-\\ln(1-p)$ & "
                "$p$ clipped & $\\operatorname{softplus}(z)$");
    static const double logit[] = { -800, -40, -2, 0, 2, 40, 800 };
    for (size_t i = 0; i < sizeof logit / sizeof *logit; i++)
        loss_row(lab->macros.file, logit[i]);
    table_end(lab);
    return true;
}

/* wdbc: real data, in ten folds, shuffled five times. */

enum { FOLDS = 10, SHUFFLES = 5, WDBC_EPOCHS = 40, WDBC_BATCH = 32 };

/* per cent right, mean and deviation over the shuffles */
static bool validate(Summary *s, const Recipe *plan, Dataset D,
                     Error *e)
{
    double total[SHUFFLES] = { 0 };
    for (uint64_t k = 0; k < SHUFFLES; k++) {
        double share[FOLDS];
        Recipe r = *plan;
        r.seed = 10 * k;
        if (!recipe_validate(share, FOLDS, D, &r, NULL, NULL, e))
            return false;
        for (int i = 0; i < FOLDS; i++)
            total[k] += 100 * share[i] / FOLDS;
    }
    *s = summary(total, SHUFFLES);
    return true;
}

/* \wdbcTable, and its means as macros */
static bool report_wdbc(Lab *lab, Dataset D)
{
    static const struct {
        const char *label, *macro;
        size_t count, width[4];
    } net[] = {
        { "none (a plane)", "wdbcLinear", 2, { 30, 1 } },
        { "16", "wdbcOne", 3, { 30, 16, 1 } },
        { "32, 16", "wdbcDeep", 4, { 30, 32, 16, 1 } },
    };
    Summary s[3];
    size_t ones = 0;
    for (size_t i = 0; i < D.Y.rows; i++)
        ones += AT(D.Y, i, 0) == 1;
    macro(lab, "wdbcRows", "%zu", D.Y.rows);
    macro(lab, "wdbcOnes", "%zu", ones);
    macro(lab, "wdbcZeros", "%zu", D.Y.rows - ones);
    macro(lab, "wdbcEpochs", "%d", WDBC_EPOCHS);
    macro(lab, "wdbcBatch", "%d", WDBC_BATCH);
    macro(lab, "wdbcShuffles", "%d", SHUFFLES);
    table_begin(lab, "wdbcTable", "lrr", "hidden units & accuracy & "
                "deviation");
    for (int i = 0; i < 3; i++) {
        Recipe r = { net[i].width, net[i].count, INIT_HE, 0.05,
                     WDBC_EPOCHS, WDBC_BATCH, 0, .method = SGD };
        if (!validate(&s[i], &r, D, lab->e))
            return false;
        fprintf(lab->macros.file, "%s & %.2f & %.2f\\\\\n",
                net[i].label, s[i].mean, s[i].spread);
    }
    table_end(lab);
    for (int i = 0; i < 3; i++)
        macro(lab, net[i].macro, "%.1f", s[i].mean);
    return true;
}

/* Breast Cancer Wisconsin, read where make runs */
static bool do_wdbc(Lab *lab)
{
    Dataset D;
    if (!csv_read(&D, "tests/data/wdbc.csv", 0, lab->e))
        return false;
    bool ok = report_wdbc(lab, D);
    dataset_destroy(&D);
    return ok;
}

/* speed: multiplications in the main run. */

/* \speedForward, \speedBackward: per example; the first layer needs
   no gradient of its input.  \speedEpoch: in millions; \speedRun: in
   billions */
static bool do_speed(Lab *lab)
{
    size_t forward = 0, backward = 0, biases = 0;
    for (size_t i = 0; i < LAYERS; i++) {
        size_t weights = main_widths[i] * main_widths[i + 1];
        forward += weights;
        biases += main_widths[i + 1];
        backward += i ? 2 * weights : weights;
    }
    double both = (double)(forward + backward);
    macro(lab, "mainParams", "%zu", forward + biases);
    macro(lab, "speedWithDX", "%zu", 3 * forward);
    macro(lab, "speedForward", "%zu", forward);
    macro(lab, "speedBackward", "%zu", backward);
    macro(lab, "speedEpoch", "%.1f", both * 400 * 1e-6);
    macro(lab, "speedRun", "%.1f", both * 400 * LONG_RUN * 1e-9);
    return true;
}

/* optimizers, batchnorm, dropout: what the answers to the challenges
   change.  All three train by a recipe, as nn train does. */

/* the network of a recipe, on the points of the main run; the caller
   destroys it */
static bool by_recipe(Network *net, const Recipe *r, Observer *observe,
                      void *context, Lab *lab)
{
    Dataset D;
    Scaling scaling;
    if (!recipe_begun(r, lab->e) || !raw_spirals(&D, lab))
        return false;
    bool ok = recipe_fit(net, &scaling, D, r, observe, context, lab->e);
    if (ok)
        scaling_destroy(&scaling);
    dataset_destroy(&D);
    return ok;
}

enum { RATES = 4, METHODS = 3, METHOD_EPOCHS = 1000 };

/* how one start went; an epoch's accuracy is that of its batches */
typedef struct {
    double loss[METHOD_EPOCHS];
    double reached;              /* first epoch with 99 %, or INFINITY */
    double lost;                 /* epochs below 95 % after that */
} Course;

/* context: a Course */
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

typedef struct {
    Course start[STARTS];
    double median, least, most;  /* epochs to 99 % */
    double lost;                 /* per cent of the epochs after that */
    int arrived;                 /* starts that reached it */
} Trial;

/* the numbers over all starts */
static void sum_up(Trial *t)
{
    double when[STARTS], left = 0, lost = 0;
    t->arrived = 0;
    for (int k = 0; k < STARTS; k++) {
        const Course *c = &t->start[k];
        when[k] = c->reached;
        if (isinf(c->reached))
            continue;
        t->arrived++;
        left += METHOD_EPOCHS - 1 - c->reached;
        lost += c->lost;
    }
    qsort(when, STARTS, sizeof *when, ascending);
    t->median = (when[(STARTS - 1) / 2] + when[STARTS / 2]) / 2;
    t->least = when[0];
    t->most = when[STARTS - 1];
    t->lost = left > 0 ? 100 * lost / left : 0;
}

/* the start in the middle, by when it arrived */
static const Course *middle(const Trial *t)
{
    const Course *best = &t->start[0];
    for (int k = 1; k < STARTS; k++)
        if (fabs(t->start[k].reached - t->median)
            < fabs(best->reached - t->median))
            best = &t->start[k];
    return best;
}

typedef struct {
    Method method;
    const char *name, *macro;
    double rate[RATES];
    Trial trial[RATES];
} Contender;

/* one method at one rate */
typedef struct {
    Contender *c;
    int i;
} Entry;

static bool follow_start(void *context, uint64_t k, Lab *lab)
{
    static const size_t width[] = { 2, 32, 16, 1 };
    const Entry *entry = context;
    const Contender *c = entry->c;
    Network net;
    Recipe r = { width, 4, INIT_XAVIER, c->rate[entry->i], METHOD_EPOCHS,
                 BATCH, 42 + 100 * k, .method = c->method, .beta = 0.9 };
    if (!by_recipe(&net, &r, follow,
                   &entry->c->trial[entry->i].start[k], lab))
        return false;
    network_destroy(&net);
    return true;
}

/* all starts of one method at one rate; dots for figure optimizers,
   where an epoch of 0 means never */
static bool run_trial(Contender *c, int i, FILE *dots, Lab *lab)
{
    Trial *t = &c->trial[i];
    if (!side_by_side(follow_start, &(Entry){ c, i }, lab))
        return false;
    for (int k = 0; k < STARTS; k++) {
        double when = t->start[k].reached;
        fprintf(dots, "%d %g %g\n", (int)c->method, c->rate[i],
                isinf(when) ? 0 : when);
    }
    sum_up(t);
    return true;
}

/* a row of \optimizerTable */
static void trial_row(FILE *out, const char *name, double rate,
                      const Trial *t)
{
    char median[20] = "never", most[20] = "never";
    if (!isinf(t->median))
        snprintf(median, sizeof median, "%.0f", t->median);
    if (!isinf(t->most))
        snprintf(most, sizeof most, "%.0f", t->most);
    fprintf(out, "%s & %g & %d & %s & ", name, rate, t->arrived, median);
    if (t->arrived)
        fprintf(out, "(%.0f to %s) & %.1f", t->least, most, t->lost);
    else
        fprintf(out, " & ");
    fprintf(out, "\\\\\n");
}

/* The rate at which the middle start is the earliest, as macros; its
   losses are a curve of figure optimizers. */
static bool report_best(const Contender *c, Lab *lab)
{
    int best = 0;
    char name[40], text[60];
    for (int i = 1; i < RATES; i++)
        if (c->trial[i].median < c->trial[best].median)
            best = i;
    snprintf(name, sizeof name, "optimizers-%d", (int)c->method);
    snprintf(text, sizeof text, "opt%sRate", c->macro);
    macro(lab, text, "%g", c->rate[best]);
    snprintf(text, sizeof text, "opt%sEpochs", c->macro);
    macro(lab, text, "%.0f", c->trial[best].median);
    return write_smooth(lab, name, middle(&c->trial[best])->loss,
                        METHOD_EPOCHS);
}

/* optimizers.dat, \optimizerTable, \opt... */
static bool do_optimizers(Lab *lab)
{
    static Contender contender[METHODS] = {
        { .method = SGD, .name = "gradient descent", .macro = "Sgd",
          .rate = { 0.1, 0.2, 0.5, 1 } },
        { .method = MOMENTUM, .name = "momentum", .macro = "Momentum",
          .rate = { 0.2, 0.5, 1, 2 } },
        { .method = ADAM, .name = "Adam", .macro = "Adam",
          .rate = { 0.003, 0.01, 0.03, 0.1 } },
    };
    Output dots;
    bool ok = true;
    if (!lab_open(&dots, lab, "optimizers", "", ".dat"))
        return false;
    fprintf(dots.file, "method rate epoch\n");
    macro(lab, "optEpochs", "%d", METHOD_EPOCHS);
    table_begin(lab, "optimizerTable", "lrrrlr", "method & rate & "
                "arrived & \\multicolumn{2}{l}{epochs to 99\\,\\%} & "
                "later below 95\\,\\%");
    for (int m = 0; ok && m < METHODS; m++)
        for (int i = 0; ok && i < RATES; i++) {
            Contender *c = &contender[m];
            ok = run_trial(c, i, dots.file, lab);
            trial_row(lab->macros.file, i ? "" : c->name, c->rate[i],
                      &c->trial[i]);
        }
    table_end(lab);
    for (int m = 0; ok && m < METHODS; m++)
        ok = report_best(&contender[m], lab);
    return lab_close(&dots, lab, ok);
}

/* batchnorm: the gradients of the layers, with it and without. */

enum { WAYS = 4, NORM_EPOCHS = 1000 };
typedef struct {
    const char *name, *label;
    Init init;
    double norm[2][LAYERS];      /* without, with */
    double accuracy[2];
    double batch_loss, loss;     /* of the last 25 epochs, and asked */
} Way;

/* norms of dW of the linear layers before training, means over seeds;
   with: with batch norm */
static bool first_norms(double *norm, Init init, bool with, Lab *lab)
{
    for (uint64_t seed = 0; seed < SIGNAL_SEEDS; seed++) {
        Network net;
        Recipe r = { main_run.width, main_run.count, init, 0, 0,
                     lab->D.X.rows, 42 + 100 * seed, .batchnorm = with };
        if (!by_recipe(&net, &r, NULL, NULL, lab))
            return false;
        Matrix Z = network_forward(&net, lab->D.X, TRAINING);
        bce_with_logits_backward(lab->Z, Z, lab->D.Y);
        network_backward((Matrix){ 0 }, &net, lab->Z);
        for (size_t l = 0, i = 0; l < net.depth; l++)
            if (!strcmp(net.layer[l].name, "linear"))
                norm[i++] += sqrt(sum_of_squares(net.layer[l].dW))
                    / SIGNAL_SEEDS;
        network_destroy(&net);
    }
    return true;
}

/* one way to begin, with or without: both measures, and the losses of a
   run, a curve of figure batchnorm */
static bool run_way(Way *way, bool with, Lab *lab)
{
    Network net;
    char name[40];
    double loss[NORM_EPOCHS];
    Recipe r = { main_run.width, main_run.count, way->init, 0.05,
                 NORM_EPOCHS, BATCH, 42, .batchnorm = with };
    if (!first_norms(way->norm[with], way->init, with, lab)
        || !by_recipe(&net, &r, record_loss, loss, lab))
        return false;
    way->accuracy[with] = 100 * network_mean(&net, lab->D, accuracy);
    way->loss = network_mean(&net, lab->D, bce_with_logits);
    way->batch_loss = smoothed(loss, NORM_EPOCHS, NORM_EPOCHS - 13);
    network_destroy(&net);
    snprintf(name, sizeof name, "batchnorm-%s-%s", way->name,
             with ? "with" : "without");
    return write_smooth(lab, name, loss, NORM_EPOCHS);
}

/* batchnorm-without.dat, batchnorm-with.dat: a row for each layer, a
   column for each way */
static bool write_ways(Lab *lab, const Way *way, int with)
{
    Output out;
    if (!lab_open(&out, lab, "batchnorm-", with ? "with" : "without",
                  ".dat"))
        return false;
    fprintf(out.file, "layer");
    for (int i = 0; i < WAYS; i++)
        fprintf(out.file, " %s", way[i].name);
    for (int l = 0; l < LAYERS; l++) {
        fprintf(out.file, "\n%d", l + 1);
        for (int i = 0; i < WAYS; i++)
            fprintf(out.file, " %.6g", way[i].norm[with][l]);
    }
    fputc('\n', out.file);
    return lab_close(&out, lab, true);
}

/* \batchnormTable: by layer and by way */
static bool do_batchnorm(Lab *lab)
{
    static Way way[WAYS] = {
        { .name = "small", .label = "0.01", .init = INIT_SMALL },
        { .name = "xavier", .label = "Xavier", .init = INIT_XAVIER },
        { .name = "he", .label = "He", .init = INIT_HE },
        { .name = "large", .label = "2", .init = INIT_LARGE },
    };
    macro(lab, "normEpochs", "%d", NORM_EPOCHS);
    table_begin(lab, "batchnormTable", "lrrrrrr",
                " & \\multicolumn{3}{c}{without} & "
                "\\multicolumn{3}{c}{with batch norm}\\\\\n"
                "first weights & first & last & right & first & last & "
                "right");
    for (int i = 0; i < WAYS; i++) {
        fputs(way[i].label, lab->macros.file);
        for (int with = 0; with < 2; with++) {
            char first[40], last[40];
            if (!run_way(&way[i], with, lab))
                return false;
            tex_number(first, way[i].norm[with][0]);
            tex_number(last, way[i].norm[with][LAYERS - 1]);
            fprintf(lab->macros.file, " & %s & %s & %.2f", first, last,
                    way[i].accuracy[with]);
        }
        fprintf(lab->macros.file, "\\\\\n");
    }
    table_end(lab);
    macro(lab, "normHeBatchLoss", "%.2f", way[2].batch_loss);
    macro(lab, "normHeLoss", "%.3f", way[2].loss);
    return write_ways(lab, way, 0) && write_ways(lab, way, 1);
}

/* dropout: a training set that is too small, and fresh points. */

enum {
    SHARES = 4, DROP_POINTS = 20, DROP_EPOCHS = 1000, DROP_STARTS = 20,
    DROP_FRESH = 500, LOOK_EVERY = 50, LOOKS = DROP_EPOCHS / LOOK_EVERY
};

typedef struct {
    Network net;
    Scaling scaling;
    Dataset raw, fresh;          /* the same points, to be scaled */
    double loss[LOOKS];          /* on fresh points, sums over starts */
} Watch;

/* context: a Watch; looks at the fresh points now and then */
static bool watch_fresh(void *context, const Epoch *epoch)
{
    Watch *w = context;
    if (epoch->epoch == 0) {
        matrix_copy(w->fresh.X, w->raw.X);
        scaling_apply(w->fresh.X, w->scaling);
    }
    if ((epoch->epoch + 1) % LOOK_EVERY == 0)
        w->loss[epoch->epoch / LOOK_EVERY] +=
            network_mean(&w->net, w->fresh, bce_with_logits);
    return true;
}

typedef struct {
    double p, loss;
    double train[DROP_STARTS], fresh[DROP_STARTS];   /* per cent */
} Share;

/* one start of one share of units */
static bool run_share(Share *s, Watch *w, uint64_t k, Lab *lab)
{
    static const size_t width[] = { 2, 64, 32, 1 };
    Dataset D;
    Recipe r = { width, 4, INIT_HE, 0.1, DROP_EPOCHS, DROP_POINTS,
                 42 + 100 * k, .dropout = s->p };
    if (!recipe_begun(&r, lab->e)
        || !spirals(&D, DROP_POINTS, noise, 1000 + k, lab->e))
        return false;
    bool ok = recipe_fit(&w->net, &w->scaling, D, &r, watch_fresh, w,
                         lab->e);
    if (ok) {
        s->train[k] = 100 * network_mean(&w->net, D, accuracy);
        s->fresh[k] = 100 * network_mean(&w->net, w->fresh, accuracy);
        network_destroy(&w->net);
        scaling_destroy(&w->scaling);
    }
    dataset_destroy(&D);
    return ok;
}

/* a row of \dropoutTable; the last columns: what p gains over none, the
   mean of the differences start by start and its standard error */
static void share_row(FILE *out, const Share *s, const Share *none)
{
    double gain[DROP_STARTS];
    for (int k = 0; k < DROP_STARTS; k++)
        gain[k] = s->fresh[k] - none->fresh[k];
    Summary train = summary(s->train, DROP_STARTS);
    Summary fresh = summary(s->fresh, DROP_STARTS);
    Summary won = summary(gain, DROP_STARTS);
    fprintf(out, "%g & %.1f & %.1f & %.1f & %.3f", s->p, train.mean,
            fresh.mean, fresh.spread, s->loss);
    if (s == none)
        fprintf(out, " & \\\\\n");
    else
        fprintf(out, " & $%+.1f\\pm%.1f$\\\\\n", won.mean,
                won.spread / sqrt(DROP_STARTS - 1));
}

/* one column of the curves is done */
static bool all_starts(Share *s, double *curve, Watch *w, Lab *lab)
{
    for (int i = 0; i < LOOKS; i++)
        w->loss[i] = 0;
    for (uint64_t k = 0; k < DROP_STARTS; k++)
        if (!run_share(s, w, k, lab))
            return false;
    for (int i = 0; i < LOOKS; i++)
        curve[i] = w->loss[i] / DROP_STARTS;
    s->loss = curve[LOOKS - 1];
    return true;
}

/* dropout.dat: the loss on fresh points, a row for each look, a column
   for each share */
static bool write_curves(Lab *lab, double curve[SHARES][LOOKS])
{
    Output out;
    if (!lab_open(&out, lab, "dropout", "", ".dat"))
        return false;
    fprintf(out.file, "epoch a b c d\n");
    for (int i = 0; i < LOOKS; i++) {
        fprintf(out.file, "%d", (i + 1) * LOOK_EVERY);
        for (int k = 0; k < SHARES; k++)
            fprintf(out.file, " %.5g", curve[k][i]);
        fputc('\n', out.file);
    }
    return lab_close(&out, lab, true);
}

/* \dropoutTable, \drop... */
static bool do_dropout(Lab *lab)
{
    static Share share[SHARES] = { { .p = 0 }, { .p = 0.1 },
                                   { .p = 0.2 }, { .p = 0.5 } };
    static double curve[SHARES][LOOKS];
    Watch w = { 0 };
    bool ok = spirals(&w.raw, DROP_FRESH, noise, FIRST_SEED, lab->e)
        && spirals(&w.fresh, DROP_FRESH, noise, FIRST_SEED, lab->e);
    macro(lab, "dropPoints", "%d", 2 * DROP_POINTS);
    macro(lab, "dropFresh", "%d", 2 * DROP_FRESH);
    macro(lab, "dropStarts", "%d", DROP_STARTS);
    macro(lab, "dropEpochs", "%d", DROP_EPOCHS);
    table_begin(lab, "dropoutTable", "lrrrrr", "$p$ & training & fresh & "
                "deviation & loss, fresh & gain");
    for (int i = 0; ok && i < SHARES; i++) {
        ok = all_starts(&share[i], curve[i], &w, lab);
        share_row(lab->macros.file, &share[i], &share[0]);
    }
    table_end(lab);
    dataset_destroy(&w.raw);
    dataset_destroy(&w.fresh);
    return ok && write_curves(lab, curve);
}

/* The table of experiments, in the order in which all are run. */

typedef struct {
    const char *name;
    bool (*run)(Lab *lab);
    bool challenge;              /* it needs the challenges done */
} Experiment;

static const Experiment experiments[] = {
    { "published", do_published, false },
    { "main", do_main, false },
    { "architectures", do_architectures, false },
    { "init", do_init, false },
    { "bayes", do_bayes, false },
    { "vcurve", do_vcurve, false },
    { "loss", do_loss, false },
    { "wdbc", do_wdbc, false },
    { "speed", do_speed, false },
    { "optimizers", do_optimizers, true },
    { "batchnorm", do_batchnorm, true },
    { "dropout", do_dropout, true },
};
enum { EXPERIMENTS = sizeof experiments / sizeof *experiments };

/* Is there an experiment of this name? */
static bool known(const char *name)
{
    for (int i = 0; i < EXPERIMENTS; i++)
        if (!strcmp(name, experiments[i].name))
            return true;
    return false;
}

/* no names: all are wanted but those that need the challenges */
static bool wanted(const Experiment *x, int count, char **names)
{
    for (int k = 0; k < count; k++)
        if (!strcmp(x->name, names[k]))
            return true;
    return count == 0 && !x->challenge;
}

/* macros-NAME.tex, and whatever else the experiment makes */
static bool run_one(Lab *lab, const Experiment *x)
{
    return lab_open(&lab->macros, lab, "macros-", x->name, ".tex")
        && lab_close(&lab->macros, lab, x->run(lab));
}

/* Unknown names are found before anything runs. */
bool experiments_run(const char *dir, int count, char **names, Error *e)
{
    for (int k = 0; k < count; k++)
        if (!known(names[k]))
            return fail(e, "there is no experiment \"%s\"; see "
                        "nn --help", names[k]);
    Lab lab = { .dir = dir, .e = e };
    bool ok = lab_create(&lab);
    for (int i = 0; ok && i < EXPERIMENTS; i++)
        if (wanted(&experiments[i], count, names))
            ok = run_one(&lab, &experiments[i]);
    lab_destroy(&lab);
    return ok;
}
