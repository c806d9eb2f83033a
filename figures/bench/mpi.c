/* mpi.c: on as many ranks as mpirun starts, the time of a sum of so many numbers, and of a step of the wide
   network with batches of so many rows.  Prints lines: sum or step, size, seconds. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "parallel.h"
#include "published.h"
#include "train.h"

enum { ROWS = 8192, INPUTS = 784, LARGEST = 4096 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool time_sum(size_t count, Error *e)
{
    double *numbers = allocate(count, sizeof *numbers, "numbers", e);
    if (!numbers)
        return false;
    size_t times = count > 10000 ? 50 : 5000;
    double start = 0;
    for (size_t i = 0; i < times + times / 10; i++) {
        if (i == times / 10)
            start = now();       /* the first tenth is a rehearsal */
        if (!ranks_sum(numbers, count, NULL, e))
            return false;
    }
    printf("sum\t%zu\t%.4g\n", count, (now() - start) / (double)times);
    free(numbers);
    return true;
}

static bool time_steps(Dataset D, size_t batch, Error *e)
{
    static const size_t width[] = { INPUTS, 512, 256, 1 };
    Network net;
    Optimizer o = sgd(0.05);
    Rng rng = rng_create(1);
    if (!network_create(&net, width, 4, batch, e))
        return false;
    network_init(&net, INIT_HE, 1);
    Dataset some = { matrix_rows(D.X, 0, batch * 2), matrix_rows(D.Y, 0, batch * 2) };
    double start = 0;
    size_t epochs = batch < 1024 ? 4 : 1;
    for (size_t k = 0; k < 2; k++) {
        start = now();
        if (!train(&net, some, &bce, &o, epochs, batch, &rng, NULL, NULL, e))
            return false;
    }
    printf("step\t%zu\t%.4g\n", batch, (now() - start) / (double)(2 * epochs));
    network_destroy(&net);
    return true;
}

int main(int argc, char **argv)
{
    Error e = { { 0 } };
    Dataset D;
    Rng rng = rng_create(7);
    ranks_begin(&argc, &argv);
    bool ok = dataset_create(&D, ROWS, INPUTS, &e);
    for (size_t i = 0; ok && i < ROWS * INPUTS; i++)
        D.X.data[i] = rng_normal(&rng);
    for (size_t i = 0; ok && i < ROWS; i++)
        AT(D.Y, i, 0) = AT(D.X, i, 0) > 0;
    for (size_t count = 1; ok && count <= 1000000; count *= 10)
        ok = time_sum(count, &e);
    ok = ok && time_sum(784 * 512 + 512 + 512 * 256 + 256 + 256 + 1, &e);
    for (size_t batch = 256; ok && batch <= LARGEST; batch *= 2)
        ok = time_steps(D, batch, &e);
    if (!ok)
        fprintf(stderr, "%s\n", e.text);
    dataset_destroy(&D);
    fflush(stdout);
    return ranks_end(!ok);
}
