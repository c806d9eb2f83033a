/* Every row of up to three layers, of 1 to 3 units, of each kind: a file with a number too few or too many is refused;
   with as many as it needs, it is read and written again as the same bytes.  As all numbers differ, none lies in
   another's place; the address sanitizer sees what lies outside. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model.h"

enum { MOST = 3, WIDE = 3, KINDS = 4 };
static const char *const kind[KINDS] = { "linear", "relu", "batchnorm", "dropout" };
static size_t files, models;

static char *text_of(const size_t *layer, size_t depth, size_t inputs, size_t last, int more)
{
    char *text = NULL, name[16];
    size_t length, in = inputs, numbers = 2 * inputs;
    FILE *out = open_memstream(&text, &length);
    for (size_t k = 0; k < (last > 2 ? last : 2); k++) {
        snprintf(name, sizeof name, "label%zu\n", k);
        if (k == 0 && last > 2) {
            fprintf(out, "%zu\n", last);
        }
        fputs(name, out);
    }
    fprintf(out, "%zu", inputs);
    for (size_t l = 0; l < depth; l++) {
        size_t units = layer[l] / KINDS + 1, what = layer[l] % KINDS;
        numbers += what == 0 ? (in + 1) * units : what == 2 ? 4 * units : what == 3;
        fprintf(out, " %s %zu", kind[what], units);
        in = units;
    }
    for (size_t k = 1; k <= numbers + (size_t)(more + 1) - 1; k++) {
        fprintf(out, "\n%zu", k);
    }
    fputc('\n', out);
    fclose(out);
    return text;
}

static bool loads(Model *m, const char *text, int version)
{
    char path[32];
    uint32_t sum = 0x811c9dc5u;
    for (const char *c = text; *c; c++) {
        sum = (sum ^ (unsigned char)*c) * 0x01000193u;
    }
    int file = memfd_create("model", 0);
    dprintf(file, "nn model %d %08" PRIx32 "\n%s", version, sum, text);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    Error e;
    bool ok = model_load(m, path, &e);
    if (!ok && getenv("TELL")) {
        puts(e.text);
    }
    close(file);
    files++;
    return ok;
}

static void each(size_t *layer, size_t depth, size_t inputs)
{
    size_t in = inputs;
    bool fits = depth > 0;
    for (size_t l = 0; l < depth; l++) {
        size_t units = layer[l] / KINDS + 1;
        fits = fits && (layer[l] % KINDS == 0 || units == in);
        in = units;
    }
    for (int more = -1; fits && in != 2 && more <= 1; more++) {
        Model m;
        char *text = text_of(layer, depth, inputs, in, more), *again = NULL;
        if (loads(&m, text, in > 2 ? 3 : 2) != (more == 0)) {
            printf("%s\n%d numbers more than it needs\n", text, more);
            exit(1);
        }
        if (more == 0) {
            size_t length;
            Error e;
            FILE *out = open_memstream(&again, &length);
            if (!model_write(out, &m, &e) || fclose(out) || strcmp(again + 20, text)) {
                printf("%s\nis written as\n%s", text, again);
                exit(1);
            }
            model_destroy(&m);
            models++;
        }
        free(text);
        free(again);
    }
    for (size_t next = 0; depth < MOST && next < KINDS * WIDE; next++) {
        layer[depth] = next;
        each(layer, depth + 1, inputs);
    }
}

int main(void)
{
    size_t layer[MOST];
    for (size_t inputs = 1; inputs <= WIDE; inputs++) {
        each(layer, 0, inputs);
    }
    printf("%zu models in %zu files: each number has a place of its own, inside the memory\n", models, files);
    return 0;
}
