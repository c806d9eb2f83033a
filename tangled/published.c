/* Generated from nn.nw (MIT licence); edit there. published.c: the published Python chapter's runs, in C */
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
bool published_print(void *context, const Epoch *now)
{
    const Log *log = context;
    bool first = log->shape == &main_run;
    bool last = now->epoch + 1 == now->epochs;
    bool logged = first && now->epoch % LOG_EVERY == 0;
    double share = logged || last
        ? network_mean(now->net, now->D, accuracy) : 0;
    if (logged)
        fprintf(log->out, EPOCH_LINE, now->epoch, now->batch_loss,
                share);
    if (last && first)
        fprintf(log->out, "Final training accuracy: %.4f\n\n"
                "Four architectures\n", share);
    else if (last)
        fprintf(log->out, "  %-22s acc=%.3f  loss=%.4f\n",
                log->shape->label, share, now->batch_loss);
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
            AT(C, i, k) = 0;
        for (size_t j = 0; j < A.cols; j++) {
            Number a = AT(A, i, j);
            Number *restrict to = &AT(C, i, 0);
            const Number *restrict from = &AT(B, j, 0);
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
    Dataset some = { matrix_rows(D.X, first, rows),
                     matrix_rows(D.Y, first, rows) };
    Point point = { .net = net, .loss = &bce, .D = some };
    Layer *last = &net->layer[net->depth - 1];
    double numbers[64], quotient = 0;
    Matrix dZ = matrix_view(numbers, rows, 1);
    Matrix Z = network_forward(net, some.X, TRAINING);
    bce.both(dZ, Z, some.Y);
    network_backward((Matrix){ 0 }, net, dZ);
    central_difference(&quotient, network_sample, &point,
                       last->W.data);
    return quotient / last->dW.data[0];
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
bool published_run(Network *net, const Architecture *a, size_t epochs,
                   bool fault, Rng *rng, Observer *observe,
                   void *context, Error *e)
{
    Dataset D;
    Optimizer o = sgd(0.05);
    if (!published_data(&D, e))
        return false;
    bool ok = network_create(net, a->width, a->count, 64, e);
    if (ok)
        {
            network_init(net, INIT_XAVIER, 42);
            if (fault)
                published_fault(net);
            ok = train(net, D, &bce, &o, epochs, 64, rng, observe, context,
                       e);
            if (!ok)
                network_destroy(net);
        }
    dataset_destroy(&D);
    return ok;
}

bool published_runs(bool fault, Rng *rng, Observer *observe,
                    Log *log, Error *e)
{
    for (size_t i = 0; i <= ARCHITECTURES; i++) {
        size_t epochs = i ? ARCHITECTURE_EPOCHS : MAIN_EPOCHS;
        Network net;
        log->shape = i ? &architectures[i - 1] : &main_run;
        if (!published_run(&net, log->shape, epochs, fault, rng,
                           observe, log, e))
            return false;
        network_destroy(&net);
    }
    return true;
}
