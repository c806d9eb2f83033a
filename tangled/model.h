/* Generated from nn.nw (MIT licence); edit there. model.h: a trained network with its scaling, in a file; the locale
   and what the compiler must be told: see files.h */
#ifndef MODEL_H
#define MODEL_H
#include <stdio.h>
#include "network.h"
#include "table.h"

enum { WIDEST = 65536 };                 /* layer in a file */
typedef struct {
    Network net;
    Scaling scaling;
    Labels labels;
} Model;

bool model_write(FILE *file, const Model *m, Error *e);
/* The caller owns *m; a wrong file leaves it as it was.  To ask it:
   scaling_apply(X, m->scaling), then network_predict. */
bool model_load(Model *m, const char *path, Error *e);
void model_destroy(Model *m);
#endif
