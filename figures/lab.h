/* lab.h: what all experiments share.  They compute nothing that the
   chapter doesn't explain: they run networks, and write numbers.  What
   can't be done ends the program with a sentence, in lab_need(). */
#ifndef LAB_H
#define LAB_H
#include <stdio.h>
#include "published.h"
#include "recipe.h"

#define NOISE 0.25
enum {
    POINTS = 200,                /* on each spiral */
    BATCH = 64,
    SHORT_RUN = 1500,            /* epochs, and */
    STARTS = 20,                 /* starts: no trial has more */
    FRESH_SETS = 50,             /* of points that nobody trains on, */
    FRESH_SEED = 100000,         /* from this seed on */
    FOLDS = 10, SHUFFLES = 5,    /* of a table */
    LAYERS = MAIN_COUNT - 1      /* linear ones, in the main run */
};

typedef struct {
    const char *name, *folder;   /* of the experiment; for its files */
    FILE *values;                /* values.tsv: see lab_value */
    Dataset raw, D;              /* of the main run, and standardised */
    Scaling scaling;             /* from the one to the other */
    Dataset centres;             /* the points without noise */
} Lab;

/* the experiments, in files of their own */
typedef void Experiment(Lab *lab);
#define EACH_EXPERIMENT(do) \
    do(published) do(architectures) do(init) do(bayes) do(vcurve) do(loss) \
    do(wdbc) do(plate) do(optimizers) do(nudged) do(single) do(batchnorm) \
    do(dropout) do(digits)
#define DECLARE(name) Experiment experiment_##name;
EACH_EXPERIMENT(DECLARE)

/* goes on only if ok, and no stub was called; why not, if it's not ok */
void lab_need(bool ok);
extern _Thread_local Error why;

/* NAME.tsv in the folder, with a first line that names the columns */
FILE *lab_open(const Lab *lab, const char *name, const char *head);
void lab_close(FILE *file);
/* a row of numbers, in full */
void lab_row(FILE *file, size_t count, const double *x);
#define ROW(file, ...) \
    lab_row(file, sizeof (double[]){ __VA_ARGS__ } / sizeof(double), \
            (double[]){ __VA_ARGS__ })
/* a number with a name */
void lab_value(const Lab *lab, const char *name, double x);
/* NAME.tsv of columns that lie in x one after the other; before them a
   column 0, 1, ... */
void lab_columns(const Lab *lab, const char *name, const char *head,
                 size_t rows, size_t count, const double *x);

/* points of the spirals, and the rows of a file; the caller's */
Dataset lab_spirals(size_t points, uint64_t seed);
Dataset lab_table(const char *path);
/* per cent right in folds, for seeds 0, 10, ...; returns the mean */
double lab_validate(double right[SHUFFLES], Recipe r, Dataset D);
/* Trains on the main run's points, as nn train does. */
void lab_recipe(Network *net, const Recipe *r, Observer *observe,
                void *context);
/* Trains from many starts: those of the experiment in trials.tsv. */
void lab_trials(const Lab *lab, bool planes);
/* Does the task for k = 0 to count - 1, as many at a time as there are
   threads; it may write to that part of the context only. */
typedef void Task(void *context, uint64_t k);
void lab_side_by_side(Task *task, void *context, int count);

/* logits Z: N x 1 for standardised points X: N x 2 */
typedef void Rule(Matrix Z, void *context, Matrix X);
Rule lab_network;                /* context: a Network */
Rule lab_bayes;                  /* the best there is; a Lab */
/* field-NAME.png and line-NAME.tsv: the plane, as a rule sees it */
void lab_plane(const Lab *lab, const char *name, Rule *rule,
               void *context);
enum { SIDE = 800 };             /* of the largest picture, in pixels */
/* where, from -edge to edge, the middle of a pixel lies */
double lab_at(double index, size_t side, double edge);
/* NAME.png, of at most SIDE x SIDE levels from 0 to 1: colours at 0,
   1/2 and 1; row 0 is the lowest */
typedef unsigned char Ramp[3][3];
extern const Ramp two_labels;
void lab_picture(const Lab *lab, const char *name, Matrix levels,
                 const Ramp ramp);

/* per cent right, of up to 1000 rows; on each of the fresh sets (right:
   or NULL), and the mean over them */
double lab_share(Rule *rule, void *context, Dataset D);
double lab_fresh(double right[FRESH_SETS], Rule *rule, void *context,
                 const Lab *lab);
#endif
