/* Generated from nn.nw (MIT licence); edit there. files.h: numbers as text, whole files.  POSIX: give the compiler
   -D_XOPEN_SOURCE=700; the locale's LC_NUMERIC must be "C". */
#ifndef FILES_H
#define FILES_H
#include <limits.h>
#include <stdio.h>
#include "base.h"

/* all of text is one finite decimal number */
bool number_parse(double *x, const char *text);
/* the fewest of 15 to 17 digits that read back as x; returns out */
char *number_format(char out[32], double x);
typedef struct Output {
    FILE *file;                          /* print here */
    char path[PATH_MAX], beside[PATH_MAX + 32];
    struct Output *next;                 /* that isn't closed */
} Output;
/* path NULL or "-": standard output, and what is printed to stdout
   goes to standard error from then on, or nowhere.  A file appears or
   changes in output_close, if all went well; a device at once, and
   what is open already. */
bool output_open(Output *o, const char *path, Error *e);
bool output_close(Output *o, Error *e);
void output_abandon(Output *o);          /* as if never opened */
void outputs_remove(void);               /* all; for a last signal */
/* all of a text, or NULL and e; the caller frees it.  "-": stdin */
char *text_read(const char *path, Error *e);
#endif
