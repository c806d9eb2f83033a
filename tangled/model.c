/* Generated from nn.nw (MIT licence); edit there. model.c: a trained network with its scaling, in a file */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "batchnorm.h"
#include "dropout.h"
#include "files.h"
#include "model.h"

static Matrix run_of(const Model *m, size_t k)
{
    if (k < 2)
        return k ? m->scaling.std : m->scaling.mean;
    const Layer *l = &m->net.layer[k / 2 - 1];
    return k % 2 ? l->lasting
        : matrix_view(l->W.data, 1, layer_params(l));
}
static char *first_line(char out[32], int version, const char *rest)
{
    uint32_t sum = 0x811c9dc5u;
    for (; *rest; rest++)
        sum = (sum ^ (unsigned char)*rest) * 0x01000193u;
    snprintf(out, 32, "nn model %d %08" PRIx32 "\n", version, sum);
    return out;
}
bool model_write(FILE *file, const Model *m, Error *e)
{
    char *text = NULL, out[32];
    size_t length, classes = m->labels.count;
    FILE *to = open_memstream(&text, &length);
    bool ok = to;
    if (ok) {
        if (classes > 2)
            ok &= fprintf(to, "%zu\n", classes) > 0;
        for (size_t k = 0; k < classes; k++)
            ok &= fprintf(to, "%s\n", m->labels.name[k]) > 0;
        ok &= fprintf(to, "%zu", m->net.layer[0].d_in) > 0;
        for (size_t i = 0; i < m->net.depth; i++)
            ok &= fprintf(to, " %s %zu", m->net.layer[i].name,
                          m->net.layer[i].d_out) > 0;
        for (size_t k = 0; k < 2 + 2 * m->net.depth; k++) {
            Matrix run = run_of(m, k);
            for (size_t j = 0; j < run.rows * run.cols; j++)
                ok &= fprintf(to, "\n%s", number_format(out, run.data[j])) > 0;
        }
        ok &= fputc('\n', to) != EOF;
        ok &= !fclose(to);
    }
    if (ok)
        fprintf(file, "%s%s", first_line(out, 2 + (classes > 2), text),
                text);
    free(text);
    return ok || fail(e, "no memory to write a model; free some");
}
static Layer layer_named(const char *name, size_t d_in, size_t d_out)
{
    if (!strcmp(name, "linear"))
        return linear_layer(d_in, d_out);
    if (!strcmp(name, "batchnorm"))
        return batchnorm_layer(d_in);
    if (!strcmp(name, "dropout"))
        return dropout_layer(d_in, NULL);
    return activation_layer(name, d_in);
}
enum { LAYERS = 4 * DEEPEST };
static size_t layers_read(Layer *list, size_t *numbers, size_t width,
                          size_t last, FILE *file)
{
    size_t depth = 0, next;
    char name[32];
    while (width - 1 < WIDEST && depth < LAYERS
           && fscanf(file, "%*1[ ]%31s%6zu", name, &next) == 2) {
        Layer l = layer_named(name, width, next);
        if (!l.name || l.d_out != next)
            return 0;
        *numbers += layer_params(&l) + l.lasting.rows * l.lasting.cols;
        list[depth++] = l;
        width = next;
    }
    return width == last ? depth : 0;
}
static bool numbers_read(Model *m, FILE *file)
{
    for (size_t k = 0; k < 2 + 2 * m->net.depth; k++) {
        Matrix run = run_of(m, k);
        for (size_t j = 0; j < run.rows * run.cols; j++)
            if (fscanf(file, "%lf", &run.data[j]) != 1
                || !isfinite(run.data[j])
                || (k == 1 && run.data[j] <= 0))
                return false;
    }
    return fscanf(file, " %*c") == EOF;
}
bool model_load(Model *m, const char *path, Error *e)
{
    Model made = { 0 };
    char *text = text_read(path, e), out[32];
    if (!text)
        return false;
    char *rest = text + (strlen(text) < 20 ? 0 : 20);
    int version = strncmp(text, "nn model 3", 10) ? 2 : 3;
    bool whole = !strncmp(text, first_line(out, version, rest), 20);
    FILE *file = whole ? fmemopen(rest, strlen(rest), "r") : NULL;
    Layer list[LAYERS];
    size_t depth = 0, d_in = 0, numbers = 0, classes = 2, k = 0;
    if (file && version == 3
        && (fscanf(file, "%3zu%*1[\n]", &classes) != 1 || classes < 3))
        classes = CLASSES + 1;
    while (file && k < classes && k < CLASSES
           && fscanf(file, "%63[^\n]%*c", made.labels.name[k]) == 1)
        made.labels.count = ++k;
    const char *what = !whole || classes > CLASSES
        ? "this is no model of version 2 or 3, or damaged"
        : file ? "its labels, layers or numbers are wrong"
        : "no memory to read it";
    bool fits = k == classes && fscanf(file, "%6zu", &d_in) == 1
        && (depth = layers_read(list, &numbers, d_in,
                                classes > 2 ? classes : 1, file)) > 0
        && numbers + 2 * d_in <= strlen(rest);
    bool ok = fits && network_from(&made.net, list, depth, 64, e)
        && matrix_create(&made.scaling.mean, 1, d_in, e)
        && matrix_create(&made.scaling.std, 1, d_in, e);
    if (!fits || (ok && !numbers_read(&made, file)))
        ok = fail(e, "%.200s: %s; save one with nn train --save", path,
                  what);
    if (ok)
        *m = made;
    else
        model_destroy(&made);
    if (file)
        fclose(file);
    free(text);
    return ok;
}
void model_destroy(Model *m)
{
    network_destroy(&m->net);
    scaling_destroy(&m->scaling);
}
