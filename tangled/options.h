/* Generated from nn.nw; edit there. options.h: what the command line says */
#ifndef OPTIONS_H
#define OPTIONS_H
#include "model.h"
#include "recipe.h"

enum { HIDDEN = 16 };                    /* layers at most */
typedef struct {
    size_t count, width[HIDDEN + 2];     /* inputs, hidden..., 1 */
} Widths;
typedef struct {
    Recipe recipe;                       /* to train by */
    Dialect how;                         /* to read tables */
    Widths layers;                       /* the inputs still 0 */
    const char *data, *test, *history, *save, *model, *out;
    uint64_t folds, stop_after, points;
    double noise;
} Options;
/* command: the first letter of its name; word: argv.  The defaults are
   filled in.  The texts stay argv's. */
bool options_read(Options *out, char command, char **word, Error *e);
void options_help(void);                 /* to standard output */
#endif
