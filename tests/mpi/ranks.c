/* ranks.c: on R processes, does each step use the gradient that one process would, and are all
   weights the same on all of them after each epoch?  Run by tests/mpi/run.sh, under mpirun. */
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "dropout.h"
#include "parallel.h"
#include "softmax.h"
#include "train.h"

enum { ROWS = 23, INPUTS = 3, HIDDEN = 6, EPOCHS = 20 };
static int rank;

#define CHECK(condition, ...) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "ranks: rank %d: ", rank); \
            fprintf(stderr, __VA_ARGS__); \
            fputc('\n', stderr); \
            MPI_Abort(MPI_COMM_WORLD, 1); \
        } \
    } while (0)

/* an optimizer that does each step's work again, on all rows, with a network of its own */
typedef struct {
    Optimizer o;
    const Loss *loss;
    Network twin;
    Dataset D, room;
    Matrix dZ;
    Rng rng;                     /* as the one that train draws orders from */
    size_t order[ROWS], at, batch, steps, epochs;
    double loss_sum, accuracy_sum, worst;
} Spy;

static void whole_batch(Spy *s)
{
    if (s->at == 0)
        rng_permutation(s->order, ROWS, &s->rng);
    size_t rows = ROWS - s->at < s->batch ? ROWS - s->at : s->batch;
    Dataset batch = { matrix_rows(s->room.X, 0, rows), matrix_rows(s->room.Y, 0, rows) };
    dataset_gather(batch, s->D, s->order + s->at);
    Matrix Z = network_forward(&s->twin, batch.X, TRAINING), dZ = matrix_rows(s->dZ, 0, rows);
    s->loss_sum += s->loss->both(dZ, Z, batch.Y) * (double)rows;
    s->accuracy_sum += s->loss->accuracy(Z, batch.Y) * (double)rows;
    network_backward((Matrix){ 0 }, &s->twin, dZ);
    s->at = s->at + rows == ROWS ? 0 : s->at + rows;
    s->steps++;
}

static void spy_step(Optimizer *o, double *params, const double *grads, size_t count)
{
    Spy *s = (Spy *)o;
    memcpy(s->twin.params, params, count * sizeof *params);
    whole_batch(s);
    double largest = 0, apart = 0;
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs(s->twin.grads[i]));
        apart = fmax(apart, fabs(grads[i] - s->twin.grads[i]));
        params[i] -= o->rate * grads[i];
    }
    CHECK(largest > 0, "a gradient of zeros proves nothing");
    CHECK(apart <= 1e-13 * largest, "step %zu: the gradient is off by %.1e of its largest entry",
          s->steps, apart / largest);
    s->worst = fmax(s->worst, apart / largest);
}

static bool see(void *context, const Epoch *epoch)
{
    Spy *s = context;
    CHECK(fabs(epoch->loss - s->loss_sum / ROWS) <= 1e-13, "epoch %zu: loss %.17g, not %.17g",
          epoch->epoch, epoch->loss, s->loss_sum / ROWS);
    CHECK(fabs(epoch->accuracy - s->accuracy_sum / ROWS) <= 1e-13, "epoch %zu: accuracy %.17g, not %.17g",
          epoch->epoch, epoch->accuracy, s->accuracy_sum / ROWS);
    s->loss_sum = s->accuracy_sum = 0;
    s->epochs++;
    return true;
}

/* FNV-1a of all weights: the same on all ranks? */
static Spy *seen;
static bool see_all(void *context, const Epoch *epoch)
{
    Network *net = context;
    const unsigned char *byte = (const unsigned char *)net->params;
    unsigned long long sum = 14695981039346656037u, least, most;
    for (size_t i = 0; i < net->param_count * sizeof *net->params; i++)
        sum = (sum ^ byte[i]) * 1099511628211u;
    MPI_Allreduce(&sum, &least, 1, MPI_UNSIGNED_LONG_LONG, MPI_MIN, MPI_COMM_WORLD);
    MPI_Allreduce(&sum, &most, 1, MPI_UNSIGNED_LONG_LONG, MPI_MAX, MPI_COMM_WORLD);
    CHECK(least == most, "epoch %zu: the weights are not the same on all ranks", epoch->epoch);
    network_forward(net, matrix_rows(seen->D.X, 0, 1), EVALUATION);  /* draws nothing */
    return see(seen, epoch);
}

/* two networks of the same layers; those that drop draw from a generator of their own */
static void two_networks(Network *net, Network *twin, size_t outputs, size_t batch, Dropout *a, Dropout *b)
{
    Error e;
    Layer list[] = { linear_layer(INPUTS, HIDDEN), activation_layer("relu", HIDDEN), dropout_layer(HIDDEN, a),
                     linear_layer(HIDDEN, HIDDEN), activation_layer("relu", HIDDEN), dropout_layer(HIDDEN, a),
                     linear_layer(HIDDEN, outputs) };
    size_t depth = sizeof list / sizeof *list;
    for (Network *n = twin; n; n = n == twin ? net : NULL) {
        Layer layers[sizeof list / sizeof *list];
        size_t used = 0;
        for (size_t l = 0; l < depth; l++) {
            bool drops = l % 3 == 2;
            if (drops && a->p == 0)
                continue;
            layers[used] = list[l];
            if (drops)
                layers[used] = n == twin ? dropout_layer(HIDDEN, b) : ranks_drop(list[l], a->rng);
            used++;
        }
        CHECK(network_from(n, layers, used, batch, &e), "%s", e.text);
    }
    network_init(net, INIT_XAVIER, 5);
    network_init(twin, INIT_XAVIER, 5);
}

static double try(const Loss *loss, size_t outputs, size_t batch, double p)
{
    Error e;
    Rng draws[2] = { rng_create(9), rng_create(9) }, rng = rng_create(3), data = rng_create(1);
    Dropout a = { p, &draws[0] }, b = { p, &draws[1] };
    Network net;
    Spy s = { .o = { .rate = 0.3, .step = spy_step }, .loss = loss, .rng = rng, .batch = batch };
    two_networks(&net, &s.twin, outputs, batch, &a, &b);
    CHECK(dataset_create(&s.D, ROWS, INPUTS, &e) && dataset_create(&s.room, batch, INPUTS, &e)
          && matrix_create(&s.dZ, batch, outputs, &e), "%s", e.text);
    for (size_t i = 0; i < ROWS * INPUTS; i++)
        s.D.X.data[i] = rng_normal(&data);
    for (size_t i = 0; i < ROWS; i++)
        AT(s.D.Y, i, 0) = (double)(i % (outputs == 1 ? 2 : outputs));
    CHECK(outputs == 1 || (dataset_one_hot(&s.D, outputs, &e) && dataset_one_hot(&s.room, outputs, &e)),
          "%s", e.text);
    seen = &s;
    CHECK(train(&net, s.D, loss, &s.o, EPOCHS, batch, &rng, see_all, &net, &e), "%s", e.text);
    CHECK(s.epochs == EPOCHS && s.steps == EPOCHS * ((ROWS + batch - 1) / batch), "%zu epochs, %zu steps",
          s.epochs, s.steps);
    network_destroy(&net);
    network_destroy(&s.twin);
    dataset_destroy(&s.D);
    dataset_destroy(&s.room);
    matrix_destroy(&s.dZ);
    return s.worst;
}

/* one fails, all fail, by the sentence of the lowest who did */
static void agree(int size)
{
    Error e = { "untouched" };
    CHECK(ranks_agree(true, &e) && !strcmp(e.text, "untouched"), "all is well, but: %s", e.text);
    for (int who = 0; who < size; who++) {
        char want[64], all[64] = "mine";
        snprintf(e.text, sizeof e.text, "the sentence of %d", rank);
        snprintf(want, sizeof want, who ? "on rank %d: the sentence of %d" : "the sentence of %d", who, who);
        CHECK(!ranks_agree(rank < who, &e) && !strcmp(e.text, want), "not \"%s\" but \"%s\"", want, e.text);
        CHECK(!ranks_agree(rank != who, NULL), "without a sentence, %s", all);
    }
}

int main(int argc, char **argv)
{
    int size;
    ranks_begin(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    CHECK(rank_first() == (rank == 0) && ranks_count() == (size_t)size, "who am I?");
    agree(size);
    static const size_t batches[] = { 1, 2, 5, 8, 10, ROWS };
    double worst = 0;
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        worst = fmax(worst, try(&bce, 1, batches[i], 0));
#ifdef ANSWERED
        worst = fmax(worst, try(&bce, 1, batches[i], 0.3));
        worst = fmax(worst, try(&softmax, 3, batches[i], 0));
#endif
    }
    CHECK(size > 1 || worst == 0, "alone, the gradient has other bits: %.1e", worst);
    printf("  %d ranks: gradients within %.1e, weights equal to the bit\n", size, worst);
    return fflush(stdout) ? 1 : ranks_end(0);
}
