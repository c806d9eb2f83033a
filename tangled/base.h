/* Generated from nn.nw (MIT licence); edit there. base.h: two kinds of error, and memory */
#ifndef BASE_H
#define BASE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char text[512];              /* what, where, what to do */
} Error;

/* The world's fault: fills e (NULL is fine) and returns false. */
bool fail(Error *e, const char *format, ...);
/* The caller's fault: prints the sentence and aborts. */
_Noreturn void stop(const char *format, ...);
/* count * size zeroed bytes, or NULL and e; the caller frees them.
   what: a plural noun for the sentence. */
void *allocate(size_t count, size_t size, const char *what, Error *e);
/* The number of the signal that asked for the end, or 0.  What takes
   long looks, and leaves with its work half done. */
void interrupt(int signal);
int interrupted(void);
/* What the challenges ask for is a stub until somebody writes it; one
   that is called says so, does nothing, and all goes on.  Before you
   believe a result, ask for the first one called; NULL is none. */
void not_begun(const char *part);
const char *part_not_begun(void);
#endif
