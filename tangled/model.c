/* Generated from nn.nw; edit there. model.c: a trained network with its scaling, in a file */
#include <stdlib.h>
#include <string.h>
#include "model.h"

#define VERSION "nn model 1"

static void put(FILE *file, uint32_t *sum, double x)
{
    char text[32];
    fprintf(file, "%s\n", number_format(text, x));
    *sum = checksum(checksum(*sum, text), "\n");
}

static void runs(Matrix run[3], const Model *m)
{
    run[0] = m->scaling.mean;
    run[1] = m->scaling.std;
    run[2] = matrix_view(m->net.params, 1, m->net.param_count);
}

void model_write(FILE *file, const Model *m)
{
    uint32_t sum = checksum(CHECKSUM_START, VERSION "\n");
    Matrix run[3];
    fputs(VERSION "\n", file);
    const Layer *layer = m->net.layer;
    size_t count = 1;
    for (size_t i = 0; i < m->net.depth; i++)
        count += layer_params(&layer[i]) > 0;
    put(file, &sum, (double)count);
    put(file, &sum, (double)layer[0].d_in);
    for (size_t i = 0; i < m->net.depth; i++)
        if (layer_params(&layer[i]))
            put(file, &sum, (double)layer[i].d_out);
    runs(run, m);
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < run[k].cols; i++)
            put(file, &sum, run[k].data[i]);
    put(file, &sum, sum);
}

bool model_save(const char *path, const Model *m, Error *e)
{
    Output o;
    if (!output_open(&o, path, e))
        return false;
    model_write(o.file, m);
    return output_close(&o, e);
}

static const char *flaw(const Table *t, size_t *width, size_t *count)
{
    if (strcmp(t->header, VERSION) || t->cols != 1)
        return "this is no model of version 1";
    if (!t->whole || t->data[t->count - 1] != t->sum)
        return "this model is damaged, its checksum is wrong";
    const double *x = t->data;
    *count = x[0] >= 2 && x[0] <= WIDTHS ? (size_t)x[0] : 0;
    if (*count == 0 || t->count <= *count || x[*count] != 1)
        return "this model has wrong widths";
    for (size_t i = 0; i < *count; i++) {
        if (x[i + 1] < 1 || x[i + 1] > WIDEST)
            return "in this model a width is out of bounds";
        width[i] = (size_t)x[i + 1];
    }
    size_t d = width[0], wanted = 1 + *count + 2 * d + 1;
    for (size_t i = 1; i < *count; i++)
        wanted += (width[i - 1] + 1) * width[i];
    if (t->count != wanted)
        return "this model has too many or too few numbers";
    for (size_t j = 0; j < d; j++)
        if (t->data[1 + *count + d + j] <= 0)
            return "in this model a deviation isn't positive";
    return NULL;
}

static bool assemble(Model *m, const double *x, const size_t *width,
                     size_t count, Error *e)
{
    Model made = { 0 };
    Matrix run[3];
    if (!network_create(&made.net, width, count, 256, e)
        || !matrix_create(&made.scaling.mean, 1, width[0], e)
        || !matrix_create(&made.scaling.std, 1, width[0], e)) {
        model_destroy(&made);
        return false;
    }
    runs(run, &made);
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < run[k].cols; i++)
            run[k].data[i] = *x++;
    *m = made;
    return true;
}

bool model_load(Model *m, const char *path, Error *e)
{
    Table t;
    size_t width[WIDTHS], count;
    if (!table_read(&t, path, e))
        return false;
    const char *what = flaw(&t, width, &count);
    bool ok = what ? fail(e, "%s: %s; save one with nn train --save",
                          path, what)
        : assemble(m, t.data + 1 + count, width, count, e);
    free(t.data);
    return ok;
}

void model_destroy(Model *m)
{
    network_destroy(&m->net);
    scaling_destroy(&m->scaling);
}
