/* A model of any bytes, with the checksum that belongs to them (but for one in eight): refused with a sentence, or it
   predicts, and what is written is read back as the same bytes. */
#include "fuzz.h"

#include <inttypes.h>
#include <string.h>

#include "model.h"

static char *written(const Model *m, size_t *count)
{
    char *text = NULL;
    Error e;
    FILE *memory = open_memstream(&text, count);
    if (!memory || !model_write(memory, m, &e) || fclose(memory)) {
        abort();
    }
    return text;
}

static void use(Model *m)
{
    enum { ROWS = 3 };
    Error e;
    Matrix X, Z;
    size_t last = m->net.layer[m->net.depth - 1].d_out;
    if (!matrix_create(&X, ROWS, m->net.layer[0].d_in, &e) || !matrix_create(&Z, ROWS, last, &e)) {
        abort();
    }
    for (size_t k = 0; k < X.rows * X.cols; k++) {
        X.data[k] = (double)k - 1;
    }
    scaling_apply(X, m->scaling);
    network_predict(Z, &m->net, X);
    matrix_destroy(&X);
    matrix_destroy(&Z);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    char path[32], *text = malloc(count + 32);
    uint32_t sum = 0x811c9dc5u;
    if (count < 1 || !text) {
        free(text);
        return 0;
    }
    for (size_t i = 1; i < count; i++) {
        sum = (sum ^ bytes[i]) * 0x01000193u;
    }
    int head = sprintf(text, "nn model %d %08" PRIx32 "\n", bytes[0] % 2 + 2, sum + (bytes[0] / 2 % 8 == 7));
    memcpy(text + head, bytes + 1, count - 1);
    int file = file_of(path, text, (size_t)head + count - 1);
    Model m, back;
    Error e = { "" };
    if (model_load(&m, path, &e)) {
        size_t first, again;
        use(&m);
        char *one = written(&m, &first);
        int copy = file_of(path, one, first);
        if (!model_load(&back, path, &e)) {
            abort();
        }
        char *two = written(&back, &again);
        if (first != again || memcmp(one, two, first)) {
            abort();
        }
        model_destroy(&m);
        model_destroy(&back);
        free(one);
        free(two);
        close(copy);
    } else if (!*e.text) {
        abort();
    }
    close(file);
    free(text);
    return 0;
}
