/* lab.c: what the experiments share, and the program that runs one.
   experiments NAME FOLDER writes what it measures into the folder:
   numbers with tabs between them (.tsv), and pictures (.png). */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "lab.h"

void lab_need(bool ok, const Error *e)
{
    const char *part = part_not_begun();
    if (ok && !part)
        return;
    fprintf(stderr, "experiments: %s%s\n", part ? part : e->text,
            part ? ", a part of the challenges, is not begun" : "");
    exit(1);
}

FILE *lab_open(const Lab *lab, const char *name, const char *head)
{
    char path[PATH_MAX];
    Error e;
    snprintf(path, sizeof path, "%s/%s.tsv", lab->folder, name);
    FILE *file = fopen(path, "w");
    lab_need(file || fail(&e, "cannot write %s", path), &e);
    fprintf(file, "%s\n", head);
    return file;
}

void lab_close(FILE *file)
{
    Error e;
    bool bad = ferror(file) || fclose(file);
    lab_need(!bad || fail(&e, "a file could not be written; is the disk "
                          "full?"), &e);
}

void lab_row(FILE *file, size_t count, const double *x)
{
    for (size_t i = 0; i < count; i++)
        fprintf(file, "%s%.17g", i ? "\t" : "", x[i]);
    fputc('\n', file);
}

void lab_value(const Lab *lab, const char *name, double x)
{
    fprintf(lab->values, "%s\t%.17g\n", name, x);
}

void lab_columns(const Lab *lab, const char *name, const char *head,
                 size_t rows, size_t count, const double *x)
{
    FILE *file = lab_open(lab, name, head);
    for (size_t i = 0; i < rows; i++) {
        fprintf(file, "%zu", i);
        for (size_t k = 0; k < count; k++)
            fprintf(file, "\t%.17g", x[k * rows + i]);
        fputc('\n', file);
    }
    lab_close(file);
}

Dataset lab_spirals(size_t points, uint64_t seed)
{
    Dataset D;
    Error e;
    lab_need(spirals(&D, points, NOISE, seed, &e), &e);
    return D;
}

void lab_start(Network *net, double *loss, const Architecture *shape,
               Init init, uint64_t k, const Lab *lab)
{
    Error e;
    Optimizer o = sgd(0.05);
    Rng rng = rng_create(7 + k);
    lab_need(network_create(net, shape->width, shape->count, BATCH, &e), &e);
    network_init(net, init, 42 + 100 * k);
    lab_need(train(net, lab->D, &bce, &o, SHORT_RUN, BATCH, &rng, lab_note_loss,
               loss, &e), &e);
}

void lab_recipe(Network *net, const Recipe *r, Observer *observe,
                void *context)
{
    Error e;
    Scaling scaling;
    Dataset D = lab_spirals(POINTS, 7);
    lab_need(recipe_fit(net, &scaling, D, r, observe, context, &e), &e);
    scaling_destroy(&scaling);
    dataset_destroy(&D);
}

bool lab_note_loss(void *context, const Epoch *epoch)
{
    double *loss = context;
    loss[epoch->epoch] = epoch->loss;
    return true;
}

void lab_side_by_side(Task *task, void *context, int count)
{
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic)
#endif
    for (int k = 0; k < count; k++)
        task(context, (uint64_t)k);
}

void lab_network(Matrix Z, void *context, Matrix X)
{
    network_predict(Z, context, X);
}

double lab_share(Rule *rule, void *context, Dataset D)
{
    double logit[1000];
    Matrix Z = matrix_view(logit, D.X.rows, 1);
    rule(Z, context, D.X);
    return 100 * accuracy(Z, D.Y);
}

Summary lab_fresh(Rule *rule, void *context, const Lab *lab)
{
    double right[FRESH_SETS];
    for (uint64_t k = 0; k < FRESH_SETS; k++) {
        Dataset D = lab_spirals(POINTS, FRESH_SEED + k);
        scaling_apply(D.X, lab->scaling);
        right[k] = lab_share(rule, context, D);
        dataset_destroy(&D);
    }
    return lab_summary(right, FRESH_SETS);
}

Summary lab_summary(const double *x, size_t count)
{
    double sum = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        sum += x[i];
        squares += x[i] * x[i];
    }
    double mean = sum / n;
    return (Summary){ mean, sqrt(fmax(0, squares / n - mean * mean)) };
}

static const struct {
    const char *name;
    Experiment *run;
} experiments[] = {
    { "published", experiment_published },
    { "architectures", experiment_architectures },
    { "init", experiment_init },
    { "bayes", experiment_bayes },
    { "vcurve", experiment_vcurve },
    { "loss", experiment_loss },
    { "speed", experiment_speed },
    { "wdbc", experiment_wdbc },
    { "optimizers", experiment_optimizers },
    { "batchnorm", experiment_batchnorm },
    { "dropout", experiment_dropout },
    { "plate", experiment_plate },
};
enum { EXPERIMENTS = sizeof experiments / sizeof *experiments };

/* What the system takes back at the end isn't given back before. */
int main(int argc, char **argv)
{
    Error e;
    for (int i = 0; argc == 3 && i < EXPERIMENTS; i++)
        if (!strcmp(argv[1], experiments[i].name)) {
            Lab lab = { .folder = argv[2] };
            lab.values = lab_open(&lab, "values", "name\tvalue");
            lab.raw = lab_spirals(POINTS, 7);
            lab_need(scaling_fit(&lab.scaling, lab.raw.X, &e)
                     && published_data(&lab.D, &e), &e);
            experiments[i].run(&lab);
            lab_close(lab.values);
            return 0;
        }
    fprintf(stderr, "experiments NAME FOLDER; the names are:\n");
    for (int i = 0; i < EXPERIMENTS; i++)
        fprintf(stderr, "  %s\n", experiments[i].name);
    return 2;
}
