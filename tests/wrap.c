/* RTLD_NEXT is of GNU */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "wrap.h"

size_t wrap_calls = 0;
size_t wrap_fail_at = 0;
size_t wrap_deaf_at = 0;
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

static ssize_t hear(void *count, const char *bytes, size_t length)
{
    (void)bytes;
    return ++*(size_t *)count == wrap_deaf_at ? 0 : (ssize_t)length;
}

/* Texts in memory are memory, too: these stand before the C library's. */
FILE *open_memstream(char **text, size_t *length)
{
    static size_t count;
    if (wrap_deaf_at) {
        count = *length = 0;
        *text = __real_calloc(1, 1);
        FILE *file = fopencookie(&count, "w", (cookie_io_functions_t){ .write = hear });
        setbuf(file, NULL);
        return file;
    }
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
