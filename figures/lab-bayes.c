/* lab-bayes.c: the best rule there is, the best line, and the points.
   Figures spirals and boundary, table limit. */
#include <math.h>
#include "bayes.h"
#include "lab.h"

/* Its logit takes points that aren't standardised. */
void lab_bayes(Matrix Z, void *context, Matrix X)
{
    const Lab *lab = context;
    Matrix mean = lab->scaling.mean, std = lab->scaling.std;
    for (size_t i = 0; i < X.rows; i++)
        AT(Z, i, 0) = bayes_logit(lab->centres, NOISE,
            AT(mean, 0, 0) + AT(std, 0, 0) * AT(X, i, 0),
            AT(mean, 0, 1) + AT(std, 0, 1) * AT(X, i, 1));
}

/* What it can expect, in per cent: half the integral of the larger
   density, a sum over a grid.  A finer one changes it by less than 0.001. */
static double best_share(Dataset centres)
{
    double sum = 0, step = NOISE / 3, reach = 15;
    size_t steps = (size_t)(2 * reach / step), n = centres.X.rows;
    for (size_t k = 0; k < steps * steps; k++) {
        double x = step * (double)(k / steps) - reach, density[2] = { 0 };
        double y = step * (double)(k % steps) - reach;
        for (size_t i = 0; i < n; i++) {
            double dx = x - AT(centres.X, i, 0);
            double dy = y - AT(centres.X, i, 1);
            density[AT(centres.Y, i, 0) == 1]
                += exp(-(dx * dx + dy * dy) / (2 * NOISE * NOISE));
        }
        sum += fmax(density[0], density[1]);
    }
    return 100 * sum * step * step / (2 * PI * NOISE * NOISE * (double)n);
}

typedef struct {
    double x, y, offset;         /* the normal; from the origin */
    double right;                /* how many points it tells, in per cent */
} Line;

/* how far row i of X lies in the direction of the normal */
static double along(Line line, Matrix X, size_t i)
{
    return line.x * AT(X, i, 0) + line.y * AT(X, i, 1);
}

/* a Rule; the distance from the line is the logit */
static void line_rule(Matrix Z, void *context, Matrix X)
{
    const Line *line = context;
    for (size_t i = 0; i < X.rows; i++)
        AT(Z, i, 0) = along(*line, X, i) - line->offset;
}

/* On D, in steps of one degree: a line through each point in each
   direction. */
static Line best_line(Dataset D)
{
    Line best = { 0 };
    for (int degree = 0; degree < 360; degree++)
        for (size_t i = 0; i < D.X.rows; i++) {
            double angle = degree * PI / 180;
            Line line = { .x = cos(angle), .y = sin(angle) };
            line.offset = along(line, D.X, i);
            line.right = lab_share(line_rule, &line, D);
            if (line.right > best.right)
                best = line;
        }
    return best;
}

/* NAME.tsv */
static void write_points(const Lab *lab, const char *name, Dataset D)
{
    FILE *out = lab_open(lab, name, "x1\tx2\tlabel");
    for (size_t i = 0; i < D.X.rows; i++)
        ROW(out, AT(D.X, i, 0), AT(D.X, i, 1), AT(D.Y, i, 0));
    lab_close(out);
}

/* spirals.tsv as they are, points.tsv standardised */
void experiment_bayes(Lab *lab)
{
    Line line = best_line(lab->D);
    lab_value(lab, "bayesBest", best_share(lab->centres));
    lab_value(lab, "bayesTrain", lab_share(lab_bayes, lab, lab->D));
    lab_value(lab, "bayesFresh", lab_fresh(NULL, lab_bayes, lab, lab));
    lab_value(lab, "bayesLine", line.right);
    lab_value(lab, "bayesLineFresh", lab_fresh(NULL, line_rule, &line, lab));
    lab_plane(lab, "bayes", lab_bayes, lab);
    write_points(lab, "spirals", lab->raw);
    write_points(lab, "points", lab->D);
}
