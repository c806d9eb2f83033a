/* Generated from nn.nw; edit there. model.c: a trained network with its scaling, in a file */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "batchnorm.h"
#include "dropout.h"
#include "files.h"
#include "model.h"

#define VERSION "nn model 2 "            /* then the checksum */
enum { LAYERS = 4 * DEEPEST };

static Matrix run_of(const Model *m, size_t k)
{
    if (k < 2)
        return k ? m->scaling.std : m->scaling.mean;
    const Layer *l = &m->net.layer[k / 2 - 1];
    return k % 2 ? l->lasting
        : matrix_view(l->W.data, 1, layer_params(l));
}

static uint32_t checksum(const char *text)
{
    uint32_t sum = 0x811c9dc5u;
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 0x01000193u;
    return sum;
}

bool model_write(FILE *file, const Model *m, Error *e)
{
    char *text = NULL;
    size_t length;
    FILE *memory = open_memstream(&text, &length);
    if (memory)
        {
            char number[32];
            fprintf(memory, "%s\n%s\n%zu", m->labels.name[0],
                    m->labels.name[1], m->net.layer[0].d_in);
            for (size_t i = 0; i < m->net.depth; i++)
                fprintf(memory, " %s %zu", m->net.layer[i].name,
                        m->net.layer[i].d_out);
            for (size_t k = 0; k < 2 + 2 * m->net.depth; k++) {
                Matrix run = run_of(m, k);
                for (size_t j = 0; j < run.rows * run.cols; j++)
                    fprintf(memory, "\n%s", number_format(number, run.data[j]));
            }
            fputc('\n', memory);
        }
    if (!memory || fclose(memory)) {
        free(text);
        return fail(e, "not enough memory to write a model; free some");
    }
    fprintf(file, VERSION "%08" PRIx32 "\n%s", checksum(text), text);
    free(text);
    return true;
}

static char *next_line(char **text)
{
    char *line = *text;
    *text += strcspn(line, "\n");
    if (**text)
        *(*text)++ = '\0';
    return line;
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

static const char *flaw(char *text, Labels *labels, Layer *list,
                        size_t *depth, char **numbers)
{
    char want[32], *line = next_line(&text), name[32];
    snprintf(want, sizeof want, VERSION "%08" PRIx32, checksum(text));
    if (strcmp(line, want))
        return strncmp(line, want, 9) ? "this is no model"
            : strncmp(line, want, strlen(VERSION))
            ? "this is a model of another version than 2"
            : "this model is damaged, its checksum is wrong";
    for (int k = 0; k < 2; k++)
        if (snprintf(labels->name[k], LABEL, "%s",
                     next_line(&text)) >= LABEL)
            return "in this model a label is too long";
    line = next_line(&text);
    size_t width = 0, next, wanted = 0;
    int used = 0;
    if (sscanf(line, "%6zu%n", &width, &used) == 1 && width <= WIDEST)
        wanted = 2 * width;
    line += used;
    while (wanted && *depth < LAYERS
           && sscanf(line, " %31s %6zu%n", name, &next, &used) == 2
           && next > 0 && next <= WIDEST) {
        Layer l = layer_named(name, width, next);
        if (!l.name || l.d_out != next)
            return "in this model a layer is not known, or doesn't fit";
        wanted += layer_params(&l) + l.lasting.rows * l.lasting.cols;
        list[(*depth)++] = l;
        width = next;
        line += used;
    }
    if (*line || width != 1 || !*depth)
        return "this model has wrong layers";
    *numbers = text;
    for (; *text; text++)
        wanted -= *text == '\n';
    return wanted ? "this model has too many or too few numbers" : NULL;
}

bool model_load(Model *m, const char *path, Error *e)
{
    Model made = { 0 };
    Layer list[LAYERS];
    size_t depth = 0;
    char *text = text_read(path, e), *numbers;
    if (!text)
        return false;
    const char *what = flaw(text, &made.labels, list, &depth, &numbers);
    bool ok = !what && network_from(&made.net, list, depth, 64, e)
        && matrix_create(&made.scaling.mean, 1, list[0].d_in, e)
        && matrix_create(&made.scaling.std, 1, list[0].d_in, e);
    for (size_t k = 0; ok && k < 2 + 2 * depth; k++) {
        Matrix run = run_of(&made, k);
        for (size_t j = 0; j < run.rows * run.cols; j++)
            if (!number_parse(&run.data[j], next_line(&numbers))
                || (k == 1 && run.data[j] <= 0))
                what = "in this model a number is wrong";
    }
    if (what)
        ok = fail(e, "%.200s: %s; save one with nn train --save", path,
                  what);
    if (ok)
        *m = made;
    else
        model_destroy(&made);
    free(text);
    return ok;
}

void model_destroy(Model *m)
{
    network_destroy(&m->net);
    scaling_destroy(&m->scaling);
}
