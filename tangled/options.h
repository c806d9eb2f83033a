/* Generated from nn.nw (MIT licence); edit there. options.h: what the command line says */
#ifndef OPTIONS_H
#define OPTIONS_H
#include "model.h"
#include "recipe.h"

enum { HIDDEN = 16 };                    /* layers at most */
typedef struct {
    Recipe recipe;                       /* but for its widths */
    Dialect how;                         /* to read tables */
    size_t width[HIDDEN + 2];            /* 0, hidden..., 1 */
    const char *data, *test, *history, *save, *model, *out;
    uint64_t folds, stop_after, points, classes;
    double noise;
} Options;
/* command: its letter in the help; word: NULL at the end.  The
   defaults are filled in.  The texts stay the caller's. */
bool options_read(Options *out, char command, char **word, Error *e);
void options_help(void);                 /* to standard output */
#endif
