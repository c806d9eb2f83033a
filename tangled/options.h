/* Generated from nn.nw; edit there. options.h: what the command line says */
#ifndef OPTIONS_H
#define OPTIONS_H
#include "model.h"

enum { HIDDEN = 16 };                    /* layers at most */
typedef struct {
    const char *data, *test, *label, *drop, *layers, *activation;
    const char *history, *save, *model, *out;
    double separator, incomplete, init, optimizer, batchnorm;
    double rate, beta, dropout, epochs, batch, seed, folds, stop_after;
    double points, noise;
    Dialect how;                         /* to read tables */
    size_t hidden, width[HIDDEN];        /* of the layers */
} Options;
/* command: the first letter of its name; word: argv.  The defaults are
   filled in.  The texts stay argv's. */
bool options_read(Options *out, char command, char **word, Error *e);
void options_help(void);                 /* to standard output */
#endif
