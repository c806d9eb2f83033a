/* fann.c: the same training by FANN.  It has neither ReLU nor cross-entropy:
   tanh, a sigmoid at the end, squared error; in double, by mini-batches. */
#include <doublefann.h>
#include "unit.h"

enum { NETS = 4 };
typedef struct {
    unsigned nets, epochs, batch;
    struct fann *net[NETS];
    struct fann_train_data *data;
} Bench;

static void unit(void *context)
{
    Bench *b = context;
    unsigned all = b->data->num_data;
    for (unsigned i = 0; i < b->nets; i++)
        for (unsigned epoch = 0; epoch < b->epochs; epoch++) {
            fann_shuffle_train_data(b->data);
            for (unsigned at = 0; at < all; at += b->batch) {
                struct fann_train_data part = *b->data;
                part.num_data = all - at < b->batch ? all - at : b->batch;
                part.input += at;
                part.output += at;
                fann_train_epoch(b->net[i], &part);
            }
        }
}

static void add_net(Bench *b, unsigned count, const unsigned *width)
{
    struct fann *net = fann_create_standard_array(count, width);
    fann_set_activation_function_hidden(net, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(net, FANN_SIGMOID);
    fann_set_training_algorithm(net, FANN_TRAIN_BATCH);
    fann_set_learning_rate(net, 0.05f);
    b->net[b->nets++] = net;
}

/* numbers in [-2, 2), and labels 0, 1, 0, 1, ...: the time doesn't depend on
   what is learned */
static void generated(Bench *b, unsigned rows, unsigned cols)
{
    b->data = fann_create_train(rows, cols, 1);
    for (unsigned i = 0; i < rows; i++) {
        for (unsigned k = 0; k < cols; k++)
            b->data->input[i][k] = 4.0 * rand() / RAND_MAX - 2;
        b->data->output[i][0] = i % 2;
    }
}

int main(int argc, char **argv)
{
    static const unsigned width[NETS + 1][5] = {
        { 2, 4, 1 }, { 2, 32, 1 }, { 2, 32, 16, 1 }, { 2, 64, 32, 16, 1 },
        { 784, 512, 256, 1 }
    }, count[NETS + 1] = { 3, 3, 4, 5, 4 };
    const char *task = argc > 1 ? argv[1] : "";
    Bench b = { .batch = 64 };
    b.epochs = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
    if (!strcmp(task, "version")) {
        puts(FANN_VERSION);
        return 0;
    }
    if (!strcmp(task, "wide")) {
        b.batch = 256;
        generated(&b, 1024, 784);
        add_net(&b, count[4], width[4]);
    } else {
        generated(&b, 400, 2);
        for (int i = strcmp(task, "four") ? 3 : 0; i < NETS; i++)
            add_net(&b, count[i], width[i]);
    }
    serve(unit, &b);
    for (unsigned i = 0; i < b.nets; i++)
        fann_destroy(b.net[i]);
    fann_destroy_train(b.data);
}
