/* A command line of any words, one a line, for the command that the first letter names: options within their limits, or
   a sentence. */
#include "fuzz.h"

#include <string.h>

#include "options.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    enum { WORDS = 64 };
    char *text = calloc(count + 1, 1), *word[WORDS + 1] = { NULL }, *rest = NULL;
    size_t words = 0;
    if (!text || count < 2) {
        free(text);
        return 0;
    }
    memcpy(text, bytes + 1, count - 1);
    for (char *w = strtok_r(text, "\n", &rest); w && words < WORDS; w = strtok_r(NULL, "\n", &rest)) {
        word[words++] = w;
    }
    Options o = { .recipe = { .activation = "relu" } };
    Error e = { "" };
    char command = "stpc-"[bytes[0] % 5];
    if (options_read(&o, command, word, &e)) {
        if (command == 't' && (o.recipe.count < 2 || o.recipe.count > HIDDEN + 2 || o.recipe.batch < 1
                               || !(o.recipe.rate > 0) || !(o.recipe.dropout >= 0 && o.recipe.dropout < 1))) {
            abort();
        }
        for (size_t i = 1; i + 1 < o.recipe.count; i++) {
            if (o.width[i] < 1 || o.width[i] > WIDEST) {
                abort();
            }
        }
    } else if (!*e.text) {
        abort();
    }
    free(text);
    return 0;
}
