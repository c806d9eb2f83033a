/* Generated from nn.nw; edit there. published.c: the published Python chapter's runs, in C */
#include <math.h>
#include "gradcheck.h"
#include "complexstep.h"
#include "published.h"

const Architecture main_run = { "main", 5, { 2, 64, 32, 16, 1 } };
const Architecture architectures[ARCHITECTURES] = {
    { "Shallow: [4]", 3, { 2, 4, 1 } },
    { "Medium: [32]", 3, { 2, 32, 1 } },
    { "Deep: [32, 16]", 4, { 2, 32, 16, 1 } },
    { "Deeper: [64, 32, 16]", 5, { 2, 64, 32, 16, 1 } },
};
static void divide_again(Matrix dX, Layer *l, Matrix dZ, Matrix X)
{
    linear_backward(dX, l, dZ, X);
    for (size_t i = 0; i < layer_params(l); i++)
        l->dW.data[i] /= (double)dZ.rows;
}
void published_fault(Network *net)
{
    for (size_t l = 0; l < net->depth; l++)
        if (layer_params(&net->layer[l]))
            net->layer[l].backward = divide_again;
}
typedef struct {
    Network *net;
    Dataset D;
    FILE *file;                  /* or NULL */
    double loss;                 /* of the last epoch */
} Log;

static bool log_epoch(void *context, const Epoch *epoch)
{
    Log *log = context;
    log->loss = epoch->batch_loss;
    if (log->file && epoch->epoch % 500 == 0)
        fprintf(log->file, "  epoch %5zu: loss=%.4f  acc=%.3f\n",
                epoch->epoch, epoch->batch_loss,
                network_mean(log->net, log->D, accuracy));
    return true;
}
bool published_data(Dataset *D, Error *e)
{
    Scaling s;
    if (!spirals(D, 200, 0.25, 7, e))
        return false;
    if (!scaling_fit(&s, D->X, e)) {
        dataset_destroy(D);
        return false;
    }
    scaling_apply(D->X, s);
    scaling_destroy(&s);
    return true;
}
static double squared_error(Matrix C, Matrix A, Matrix B,
                            const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < C.rows; i++) {
        for (size_t k = 0; k < C.cols; k++)
            C.data[i * C.cols + k] = 0;
        for (size_t j = 0; j < A.cols; j++) {
            Number a = AT(A, i, j);
            Number *restrict to = C.data + i * C.cols;
            const Number *restrict from = B.data + j * B.cols;
            for (size_t k = 0; k < C.cols; k++)
                to[k] += a * from[k];
        }
    }
    for (size_t i = 0; i < C.rows * C.cols; i++)
        sum += (C.data[i] - y[i]) * (C.data[i] - y[i]);
    return sum / (double)(C.rows * C.cols);
}
double published_check(Rng *rng)
{
    double W[6], X[15], y[10], dW[6], worst = 0, largest = 0;
    Rng init = rng_create(1);
    for (size_t i = 0; i < 6; i++)
        W[i] = sqrt(2.0 / 5) * rng_normal(&init);
    for (size_t i = 0; i < 15; i++)
        X[i] = rng_normal(rng);
    for (size_t i = 0; i < 10; i++)
        y[i] = rng_normal(rng);
    Matrix MX = matrix_view(X, 5, 3), MW = matrix_view(W, 3, 2);
    double z[10], dz[10];
    Matrix Z = matrix_view(z, 5, 2), dZ = matrix_view(dz, 5, 2);
    matmul(Z, MX, MW);
    for (size_t i = 0; i < 10; i++)
        dz[i] = 2 * (z[i] - y[i]) / 10;
    matmul_tn(matrix_view(dW, 3, 2), MX, dZ);
    for (size_t i = 0; i < 6; i++)
        dW[i] = dW[i] / 5 * 5;
    for (size_t i = 0; i < 6; i++) {
        double old = W[i];
        W[i] = old + 1e-5;
        double up = squared_error(Z, MX, MW, y);
        W[i] = old - 1e-5;
        double down = squared_error(Z, MX, MW, y);
        W[i] = old;
        worst = fmax(worst, fabs(dW[i] - (up - down) / 2e-5));
        largest = fmax(largest, fabs(dW[i]));
    }
    return worst / (largest + 1e-8);
}
static double factor_at(Network *net, Dataset D, size_t rows)
{
    size_t first = (D.X.rows - rows) / 2;
    Point here = { .net = net, .loss = &bce,
                   .D = { matrix_rows(D.X, first, rows),
                          matrix_rows(D.Y, first, rows) } };
    Point *point = &here;
    double numbers[64];
    Matrix dZ = matrix_view(numbers, rows, 1);
    Matrix Z = network_forward(net, point->D.X, TRAINING);
    bce_with_logits_backward(dZ, Z, point->D.Y);
    network_backward((Matrix){ 0 }, net, dZ);
    Layer *last = &net->layer[net->depth - 1];
    double qg = 0, gg = 0;
    for (size_t i = 0; i < last->W.rows; i++) {
        double q, g = last->dW.data[i];
        if (central_difference(&q, network_sample, point,
                               &last->W.data[i])) {
            qg += q * g;
            gg += g * g;
        }
    }
    return qg / gg;
}

bool published_factor(double *factor, size_t rows, Error *e)
{
    Dataset D;
    Network net;
    if (rows < 1 || rows > 64)
        stop("published_factor: %zu rows, not 1 to 64", rows);
    if (!published_data(&D, e))
        return false;
    bool ok = network_create(&net, main_widths, MAIN_COUNT, rows, e);
    if (ok)
        {
            network_init(&net, INIT_XAVIER, 42);
            published_fault(&net);
            *factor = factor_at(&net, D, rows);
            network_destroy(&net);
        }
    dataset_destroy(&D);
    return ok;
}
bool published_run(Network *net, double *loss, const Architecture *a,
                   size_t epochs, bool fault, Rng *rng, FILE *log,
                   Error *e)
{
    Log l = { .net = net, .file = log };
    Optimizer o = sgd(0.05);
    if (!published_data(&l.D, e))
        return false;
    bool ok = network_create(net, a->width, a->count, 64, e);
    if (ok) {
        network_init(net, INIT_XAVIER, 42);
        if (fault)
            published_fault(net);
        ok = train(net, l.D, &bce, &o, epochs, 64, rng, log_epoch, &l, e);
        if (!ok)
            network_destroy(net);
    }
    *loss = l.loss;
    dataset_destroy(&l.D);
    return ok;
}
static bool print_run(const Architecture *a, size_t epochs, bool fault,
                      Rng *rng, Error *e)
{
    Network net;
    Dataset D;
    double loss;
    FILE *log = epochs == 3000 ? stdout : NULL;
    if (!published_data(&D, e))
        return false;
    bool ok = published_run(&net, &loss, a, epochs, fault, rng, log, e);
    if (ok)
        {
            double share = network_mean(&net, D, accuracy);
            if (log)
                printf("Final training accuracy: %.4f\n", share);
            else
                printf("  %-22s acc=%.3f  loss=%.4f\n", a->label, share, loss);
            network_destroy(&net);
        }
    dataset_destroy(&D);
    return ok;
}

static bool print_runs(bool fault, Error *e)
{
    const char *how = fault ? "twice, as published" : "once";
    Rng rng = rng_create(7);
    double error = published_check(&rng);
    printf("The published run, the gradient divided %s\n", how);
    if (fault)
        printf("Gradient check: max relative error = %.2e  "
               "(should be < 1e-5)\n", error);
    bool ok = print_run(&main_run, 3000, fault, &rng, e);
    printf("\nFour architectures, the gradient divided %s\n", how);
    for (size_t i = 0; ok && i < ARCHITECTURES; i++)
        ok = print_run(&architectures[i], 1500, fault, &rng, e);
    putchar('\n');
    return ok;
}

bool published_command(Error *e)
{
    return print_runs(true, e) && print_runs(false, e);
}
