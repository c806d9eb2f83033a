/* lab.c: what the experiments share, and the program that runs one.
   experiments NAME FOLDER writes what it measures into the folder:
   numbers with tabs between them (.tsv), and pictures (.png). */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "lab.h"
#include "table.h"

_Thread_local Error why;

void lab_need(bool ok)
{
    const char *part = part_not_begun();
    if (ok && !part)
        return;
    fprintf(stderr, "experiments: %s%s\n", part ? part : why.text,
            part ? ", a part of the challenges, is not begun" : "");
    exit(1);
}

FILE *lab_open(const Lab *lab, const char *name, const char *head)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s.tsv", lab->folder, name);
    FILE *file = fopen(path, "w");
    lab_need(file || fail(&why, "cannot write %s", path));
    fprintf(file, "%s\n", head);
    return file;
}

void lab_close(FILE *file)
{
    bool bad = ferror(file) || fclose(file);
    lab_need(!bad || fail(&why, "a file could not be written; is the disk "
                          "full?"));
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
    lab_need(spirals(&D, points, NOISE, seed, &why));
    return D;
}

Dataset lab_table(const char *path)
{
    Dataset D;
    Labels labels;
    lab_need(dataset_read(&D, &labels, path, &(Dialect){ 0 }, 0, NULL, &why));
    return D;
}

static double mean(const double *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[i] / (double)count;
    return sum;
}

double lab_validate(double right[SHUFFLES], Recipe r, Dataset D)
{
    for (uint64_t k = 0; k < SHUFFLES; k++) {
        double share[FOLDS];
        r.seed = 10 * k;
        lab_need(recipe_validate(share, (Matrix){ 0 }, FOLDS, D, &r, NULL,
                                 NULL, &why));
        right[k] = 100 * mean(share, FOLDS);
    }
    return mean(right, SHUFFLES);
}

void lab_recipe(Network *net, const Recipe *r, Observer *observe,
                void *context)
{
    Scaling scaling;
    Dataset D = lab_spirals(POINTS, 7);
    lab_need(recipe_fit(net, &scaling, D, r, observe, context, &why));
    scaling_destroy(&scaling);
    dataset_destroy(&D);
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

double lab_fresh(double right[FRESH_SETS], Rule *rule, void *context,
                 const Lab *lab)
{
    double own[FRESH_SETS];
    right = right ? right : own;
    for (uint64_t k = 0; k < FRESH_SETS; k++) {
        Dataset D = lab_spirals(POINTS, FRESH_SEED + k);
        scaling_apply(D.X, lab->scaling);
        right[k] = lab_share(rule, context, D);
        dataset_destroy(&D);
    }
    return mean(right, FRESH_SETS);
}

#define NAMED(name) { #name, experiment_##name },
static const struct {
    const char *name;
    Experiment *run;
} experiments[] = { EACH_EXPERIMENT(NAMED) };
enum { EXPERIMENTS = sizeof experiments / sizeof *experiments };

/* What the system takes back at the end isn't given back before. */
int main(int argc, char **argv)
{
    for (int i = 0; argc == 3 && i < EXPERIMENTS; i++)
        if (!strcmp(argv[1], experiments[i].name)) {
            Lab lab = { .name = argv[1], .folder = argv[2] };
            lab.values = lab_open(&lab, "values", "name\tvalue");
            lab.raw = lab_spirals(POINTS, 7);
            lab_need(spirals(&lab.centres, POINTS, 0, 0, &why)
                     && scaling_fit(&lab.scaling, lab.raw.X, &why)
                     && published_data(&lab.D, &why));
            experiments[i].run(&lab);
            lab_close(lab.values);
            return 0;
        }
    fprintf(stderr, "experiments NAME FOLDER; the names are in lab.h\n");
    return 2;
}
