/* guard.c: the guard, by gcc's sanitizers, the linker's --wrap, and limits */
#define _GNU_SOURCE
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "guard.h"

/* of sanitizer/allocator_interface.h, a header that gcc does not install */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

enum { MOST = 64 << 20 };       /* bytes that a part may ask for */
Case *guarded;
bool watching;
static int results = 1;
_Noreturn void __real__exit(int status);
FILE *__real_fopen(const char *path, const char *mode);

void tell(const void *bytes, size_t count)
{
    for (const char *p = bytes; count;) {
        ssize_t n = write(results, p, count);
        if (n <= 0)
            __real__exit(97);
        p += n;
        count -= (size_t)n;
    }
}

static void tell_fault(const char *format, const char *a, size_t b, size_t c)
{
    char text[300];
    int n = snprintf(text, sizeof text, format, a, b, c);
    tell("F", 2);
    tell(text, n < (int)sizeof text ? (size_t)n : sizeof text - 1);
}

/* -- what the sanitizers are told, and what they tell */
const char *__asan_default_options(void)
{
    return "detect_leaks=0:exitcode=98:handle_abort=1:handle_sigfpe=1:handle_sigill=1:color=never:"
           "max_allocation_size_mb=64:allocator_may_return_null=0:fast_unwind_on_malloc=0:"
           "print_legend=0:print_summary=0:detect_stack_use_after_return=0:symbolize=1";
}

const char *__ubsan_default_options(void)
{
    return "print_stacktrace=0:color=never";
}

/* What is open stays open.  A report reads this program, to find its lines. */
static void may_open(bool more)
{
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){ more ? 64 : (rlim_t)results + 1, 64 });
}

void __asan_on_error(void)
{
    may_open(true);
}

/* Which tensor's neighbourhood is it?  ASan puts at least 16 bytes between two blocks.  Behind one is likelier than
   before one; and the last tensors of a case may have no rows, and stand behind others. */
static void on_report(const char *text)
{
    char *at = __asan_get_report_address();
    const char *what = __asan_get_report_description();
    (void)text;
    for (size_t i = guarded && at && strstr(what, "heap-buffer-overflow") ? 2 * guarded->tensors : 0; i--;) {
        Tensor *T = &guarded->tensor[i % guarded->tensors];
        char *first = (char *)T->before - (i < guarded->tensors ? 16 : 0), *end = (char *)(T->before + entries(T)) + 16;
        if (at >= first && at < end) {
            tell_fault(__asan_get_report_access_type() ? "writes outside %s, which is %zu x %zu"
                       : "reads outside %s, which is %zu x %zu", T->name, T->rows, T->cols);
            return;
        }
    }
    tell_fault("%s", what, 0, 0);
}

/* -- what no part has to do: the linker sends these calls here; and SIGXCPU, so that a loop without end has a line */
static _Noreturn void caught(const char *what)
{
    watching = false;
    may_open(true);
    tell_fault("%s", what, 0, 0);
    __sanitizer_print_stack_trace();
    __real__exit(98);
}

static void too_long(int signal)
{
    (void)signal;
    caught("endless");
}

_Noreturn void __wrap_exit(int status) { (void)status; caught("exit"); }
_Noreturn void __wrap__exit(int status) { (void)status; caught("exit"); }
_Noreturn FILE *__wrap_fopen(const char *path, const char *mode) { (void)path; (void)mode; caught("open"); }
_Noreturn int __wrap_open(const char *path, int flags, ...) { (void)path; (void)flags; caught("open"); }

/* -- memory that a part leaves behind */
static struct { const volatile void *at; size_t size; } held[10000];
static size_t holds, bytes_held;

static void on_malloc(const volatile void *at, size_t size)
{
    if (!watching || !at)
        return;
    if (holds == sizeof held / sizeof *held || bytes_held + size > MOST)
        caught("allocation-size-too-big");
    held[holds].at = at;
    held[holds++].size = size;
    bytes_held += size;
}

static void on_free(const volatile void *at)
{
    for (size_t i = 0; watching && i < holds; i++)
        if (held[i].at == at) {
            bytes_held -= held[i].size;
            held[i] = held[--holds];
        }
}

static int line_of(const volatile void *at)
{
    void *frames[32];
    char place[200], *nw;
    int thread;
    size_t count = __asan_get_alloc_stack((void *)at, frames, 32, &thread);
    for (size_t i = 0; i < count; i++) {
        __sanitizer_symbolize_pc(frames[i], "%s:%l", place, sizeof place);
        if ((nw = strstr(place, ".nw:")))
            return atoi(nw + 4);
    }
    return 0;
}

void guard_end(void)
{
    char text[100];
    may_open(true);
    snprintf(text, sizeof text, "does not free what it allocates: %zu block%s, %zu bytes. nn.nw:%d", holds,
             holds == 1 ? "" : "s", bytes_held, holds ? line_of(held[0].at) : 0);
    if (holds)
        tell_fault("%s", text, 0, 0);
    else
        tell("E", 2);
}

/* mmap gives little more than malloc. */
static void limit_memory(void)
{
    unsigned long pages = 0;
    FILE *f = __real_fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%lu", &pages) == 1) {
        rlim_t most = pages * (rlim_t)sysconf(_SC_PAGESIZE) + 4 * (rlim_t)MOST;
        setrlimit(RLIMIT_AS, &(struct rlimit){ most, most });
    }
    if (f)
        fclose(f);
}

void guard_begin(void)
{
    static char buffers[2][BUFSIZ];     /* or the first printf would look like a leak */
    results = dup(1);
    if (results < 0 || dup2(2, 1) < 0)
        __real__exit(97);
    setvbuf(stdout, buffers[0], _IOLBF, BUFSIZ);
    setvbuf(stderr, buffers[1], _IOLBF, BUFSIZ);
    signal(SIGXCPU, too_long);
    __asan_set_error_report_callback(on_report);
    limit_memory();
    may_open(false);
    __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}
