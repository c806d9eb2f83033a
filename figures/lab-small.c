/* lab-small.c: what takes no training: figure vcurve, table loss (the
   text's tab:naive), and the multiplications of the main run */
#include <float.h>
#include <math.h>
#include "complexstep.h"
#include "lab.h"

/* a network, its data, and the weight whose derivative is taken */
typedef struct {
    Network net;
    Dataset D;
    double *weight;
    size_t at;                   /* its number */
} Bench;

/* Small weights leave the logits near 0, where the third derivative
   of the loss vanishes and the central difference is too good.  So
   the last bias is 1.  The weight joins the last units of the second and
   the third hidden layer; for steps up to 0.1 no ReLU switches. */
static void prepare(Bench *b, const Lab *lab)
{
    static const size_t width[] = { 2, 8, 6, 4, 1 };
    enum { FIRST = 192, ROWS = 16 };
    double gradient[ROWS];
    Matrix dZ = matrix_view(gradient, ROWS, 1);
    Error e;
    b->D = (Dataset){ matrix_rows(lab->D.X, FIRST, ROWS),
                      matrix_rows(lab->D.Y, FIRST, ROWS) };
    lab_need(network_create(&b->net, width, 5, ROWS, &e), &e);
    network_init(&b->net, INIT_HE, 42);
    b->net.params[b->net.param_count - 1] = 1;
    b->weight = &AT(b->net.layer[4].W, 5, 3);
    b->at = (size_t)(b->weight - b->net.params);
    Matrix Z = network_forward(&b->net, b->D.X, TRAINING);
    bce_with_logits_backward(dZ, Z, b->D.Y);
    network_backward((Matrix){ 0 }, &b->net, dZ);
}

/* the loss with the weight moved by h */
static double loss_at(Bench *b, double h)
{
    double old = *b->weight;
    *b->weight = old + h;
    double loss = network_mean(&b->net, b->D, bce.value);
    *b->weight = old;
    return loss;
}

/* the derivative by the complex step */
static double by_complex_step(Bench *b, double h)
{
    Matrix grads, dX;
    Error e;
    lab_need(matrix_create(&grads, 1, b->net.param_count, &e)
         && matrix_create(&dX, b->D.X.rows, b->D.X.cols, &e)
         && complex_gradient_by(h, grads.data, dX, &b->net, b->D.X,
                                b->D.Y, &bce, &e), &e);
    double found = grads.data[b->at];
    matrix_destroy(&grads);
    matrix_destroy(&dX);
    return found;
}

/* Never less than the rounding of a double: 0 has no place on a
   logarithmic axis. */
static double relative(double value, double exact)
{
    return fmax(fabs(value - exact) / fabs(exact), DBL_EPSILON / 2);
}

/* errors.tsv: h from 0.1 to 1e-16, and relative errors against what
   backward gives */
void experiment_vcurve(const Lab *lab)
{
    Bench b;
    prepare(&b, lab);
    double exact = b.net.grads[b.at], least = INFINITY, best = 1;
    FILE *out = lab_open(lab, "errors", "h\tforward\tcentral\tcomplex");
    for (int k = 4; k <= 64; k++) {
        double h = pow(10, -k / 4.0), here = loss_at(&b, 0);
        double up = loss_at(&b, h), down = loss_at(&b, -h);
        double central = relative((up - down) / (2 * h), exact);
        ROW(out, h, relative((up - here) / h, exact), central,
            relative(by_complex_step(&b, h), exact));
        if (central < least) {
            least = central;
            best = h;
        }
    }
    lab_close(out);
    lab_value(lab, "vcurveBest", best);
    network_destroy(&b.net);
}

/* losses.tsv: the loss of label 0, three ways */
void experiment_loss(const Lab *lab)
{
    static const double logit[] = { -800, -40, -2, 0, 2, 40, 800 };
    FILE *out = lab_open(lab, "losses", "z\tnaive\tclipped\tsoftplus");
    for (size_t i = 0; i < sizeof logit / sizeof *logit; i++) {
        double z = logit[i], p = sigmoid(z);
        double clipped = fmin(fmax(p, 1e-7), 1 - 1e-7);
        ROW(out, z, -log(1 - p), -log(1 - clipped), softplus(z));
    }
    lab_close(out);
}

/* Multiplications for an example, in millions for an epoch, in billions
   for the run; the first layer needs no gradient of its input. */
void experiment_speed(const Lab *lab)
{
    size_t forward = 0, backward = 0, biases = 0;
    for (size_t i = 0; i < LAYERS; i++) {
        size_t weights = main_widths[i] * main_widths[i + 1];
        forward += weights;
        biases += main_widths[i + 1];
        backward += i ? 2 * weights : weights;
    }
    double epoch = (double)(forward + backward) * 2 * POINTS;
    lab_value(lab, "mainParams", (double)(forward + biases));
    lab_value(lab, "speedWithDX", 3 * (double)forward);
    lab_value(lab, "speedForward", (double)forward);
    lab_value(lab, "speedBackward", (double)backward);
    lab_value(lab, "speedEpoch", epoch * 1e-6);
    lab_value(lab, "speedRun", epoch * MAIN_EPOCHS * 1e-9);
}
