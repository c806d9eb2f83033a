/* Generated from nn.nw (MIT licence); edit there. base.c: two kinds of error, and memory */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base.h"

bool fail(Error *e, const char *format, ...)
{
    if (e) {
        va_list list;
        va_start(list, format);
        vsnprintf(e->text, sizeof e->text, format, list);
        va_end(list);
    }
    return false;
}

_Noreturn void stop(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    abort();
}

void *allocate(size_t count, size_t size, const char *what, Error *e)
{
    void *block = NULL;
    if (count <= PTRDIFF_MAX / size)
        block = calloc(count ? count : 1, size);
    if (!block)
        fail(e, "not enough memory for %zu %s; use smaller sizes",
             count, what);
    return block;
}

static _Atomic int asked;
void interrupt(int signal) { asked = signal; }
int interrupted(void) { return asked; }

static const char *stub;

void not_begun(const char *part)
{
    stub = stub ? stub : part;
}

const char *part_not_begun(void)
{
    return stub;
}
