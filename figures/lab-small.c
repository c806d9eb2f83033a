/* lab-small.c: what takes no training: figure vcurve, table naive. */
#include <float.h>
#include <math.h>
#include "complexstep.h"
#include "lab.h"

/* a network, its data, and the weight whose derivative is taken */
typedef struct {
    Network net;
    Dataset D;
    double *weight, exact;       /* as backward has it */
} Bench;
enum { FIRST = 192, ROWS = 16 };

/* Small weights leave the logits near 0, where the third derivative
   of the loss vanishes and the central difference is too good.  So
   the last bias is 1.  The weight joins the last units of the second and
   the third hidden layer; for steps up to 0.1 no ReLU switches. */
static void prepare(Bench *b, const Lab *lab)
{
    static const size_t width[] = { 2, 8, 6, 4, 1 };
    double gradient[ROWS];
    Matrix dZ = matrix_view(gradient, ROWS, 1);
    b->D = (Dataset){ matrix_rows(lab->D.X, FIRST, ROWS),
                      matrix_rows(lab->D.Y, FIRST, ROWS) };
    lab_need(network_create(&b->net, width, 5, ROWS, &why));
    network_init(&b->net, INIT_HE, 42);
    b->net.params[b->net.param_count - 1] = 1;
    bce.gradient(dZ, network_forward(&b->net, b->D.X, TRAINING), b->D.Y);
    network_backward((Matrix){ 0 }, &b->net, dZ);
    b->weight = &AT(b->net.layer[4].W, 5, 3);
    b->exact = AT(b->net.layer[4].dW, 5, 3);
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

/* the derivative by the complex step, in the place of what backward gave */
static double by_complex_step(const Bench *b, double h)
{
    double numbers[2 * ROWS];
    Matrix dX = matrix_view(numbers, ROWS, 2);
    lab_need(complex_gradient(h, b->net.grads, dX, &b->net, b->D.X, b->D.Y,
                              &bce, &why));
    return b->net.grads[b->weight - b->net.params];
}

/* Never less than the rounding of a double: 0 has no place on a
   logarithmic axis. */
static double error_of(double value, const Bench *b)
{
    return fmax(fabs(value - b->exact) / fabs(b->exact),
                DBL_EPSILON / 2);
}

/* errors.tsv: h from 0.1 to 1e-16, and relative errors against what
   backward gives */
void experiment_vcurve(Lab *lab)
{
    Bench b;
    prepare(&b, lab);
    FILE *out = lab_open(lab, "errors", "h\tforward\tcentral\tcomplex");
    for (int k = 4; k <= 64; k++) {
        double h = pow(10, -k / 4.0), here = loss_at(&b, 0);
        double up = loss_at(&b, h), down = loss_at(&b, -h);
        ROW(out, h, error_of((up - here) / h, &b),
            error_of((up - down) / (2 * h), &b),
            error_of(by_complex_step(&b, h), &b));
    }
    lab_close(out);
}

/* losses.tsv: the loss of label 0, three ways */
void experiment_loss(Lab *lab)
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
