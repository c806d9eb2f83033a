/* Generated from nn.nw; edit there. model.h: a trained network with its scaling, in a file */
#ifndef MODEL_H
#define MODEL_H
#include "files.h"
#include "network.h"

enum { WIDTHS = 18, WIDEST = 65536 };    /* at most, in a file */
typedef struct { Network net; Scaling scaling; } Model;
void model_write(FILE *file, const Model *m);
bool model_save(const char *path, const Model *m, Error *e);
/* Trusts nothing; a wrong file leaves m as it was. */
bool model_load(Model *m, const char *path, Error *e);
void model_destroy(Model *m);
#endif
