/* Generated from nn.nw (MIT licence); edit there. table.h: data sets from files as people bring them */
#ifndef TABLE_H
#define TABLE_H
#include "data.h"

enum { LABEL = 64 };                     /* bytes of a label's name */
typedef struct {
    size_t count;
    char name[CLASSES][LABEL];           /* of 0, 1, ... */
} Labels;
typedef struct {                         /* how to read a table */
    enum { FOUND_OUT, TAB, SEMICOLON, COMMA, BLANK } separator;
    const char *label;                   /* name, number; NULL: last */
    const char *drop;                    /* several, or NULL */
    enum { REFUSE, DROP } incomplete;    /* what to do with gaps */
} Dialect;
/* inputs 0: a table to train on, which decides the labels.  Else a
   table of so many inputs for a model, which has decided; if it has no
   labels, D->Y is 0 x 0.  note, if not NULL: a word about what is odd
   in a table to train on, or that rows were left out.
   A wrong file leaves *D and *labels as they were. */
bool dataset_read(Dataset *D, Labels *labels, const char *path,
                  const Dialect *how, size_t inputs, Error *note,
                  Error *e);
/* header x1,...,xd,label, of labels 0 and 1; path NULL: standard
   output */
bool dataset_write(const char *path, Dataset D, Error *e);
#endif
