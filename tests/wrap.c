/* RTLD_NEXT is of GNU */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "wrap.h"

size_t wrap_calls = 0;
size_t wrap_fail_at = 0;
bool wrap_no_disk = false;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

static bool fails(void)
{
    wrap_calls++;
    return wrap_calls == wrap_fail_at;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

/* Texts in memory are memory, too: these stand before the C library's. */
FILE *open_memstream(char **text, size_t *length)
{
    FILE *(*real)(char **, size_t *);
    *(void **)&real = dlsym(RTLD_NEXT, "open_memstream");
    return fails() ? NULL : real(text, length);
}

FILE *fmemopen(void *text, size_t length, const char *mode)
{
    FILE *(*real)(void *, size_t, const char *);
    *(void **)&real = dlsym(RTLD_NEXT, "fmemopen");
    return fails() ? NULL : real(text, length, mode);
}

int fsync(int file)
{
    int (*real)(int);
    *(void **)&real = dlsym(RTLD_NEXT, "fsync");
    errno = EIO;
    return wrap_no_disk ? -1 : real(file);
}
