/* Generated from nn.nw; edit there. files.h: numbers as text, whole files, tables */
#ifndef FILES_H
#define FILES_H
#include <limits.h>
#include <stdio.h>
#include "data.h"

/* All of text is one finite decimal number, in any locale. */
bool number_parse(double *x, const char *text);
/* The shortest text that reads back as x (finite); returns out. */
char *number_format(char out[32], double x);

typedef struct {
    FILE *file;                          /* print here */
    char path[PATH_MAX], beside[PATH_MAX + 32];
} Output;
/* path NULL or "-": standard output.  A file appears or changes in
   output_close, if all went well; a device is written directly. */
bool output_open(Output *o, const char *path, Error *e);
bool output_close(Output *o, Error *e);
void output_abandon(Output *o);          /* as if never opened */

typedef struct {
    double *data;                        /* row after row; free it */
    size_t count, room;                  /* numbers, and space */
    size_t cols, first;                  /* first: line of row 0 */
    char header[32];                     /* line 1, if no numbers */
    uint32_t sum;                        /* of all lines but the last */
    bool whole;                          /* the last has a newline */
} Table;
/* Any text of numbers and commas; on failure nothing is kept. */
bool table_read(Table *t, const char *path, Error *e);
/* FNV-1a of all text so far, begun with CHECKSUM_START */
#define CHECKSUM_START 0x811c9dc5u
uint32_t checksum(uint32_t sum, const char *text);

/* inputs 0: the last column is the label, 0 or 1.  Else the file has
   that many columns, and Y is 0 x 0, or one more, the label.
   A wrong file leaves D as it was; e names line and column. */
bool csv_read(Dataset *D, const char *path, size_t inputs, Error *e);
/* header x1,...,xd,label; path NULL: standard output */
bool csv_write(const char *path, Dataset D, Error *e);
#endif
