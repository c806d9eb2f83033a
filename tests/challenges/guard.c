/* guard.c: the guard, by gcc's sanitizers, the linker's --wrap, and limits */
#define _GNU_SOURCE
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "board.h"

/* of sanitizer/allocator_interface.h, a header that gcc does not install */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

enum { MOST = 64 << 20 };       /* bytes that a part may ask for */
static int results = 1;
static clock_t begun;
static struct rlimit files;
_Noreturn void __real__exit(int status);
FILE *__real_fopen(const char *path, const char *mode);

void tell(const void *bytes, size_t count)
{
    if (write(results, bytes, count) != (ssize_t)count)
        __real__exit(97);
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

/* No part opens a file; a report does, to find its lines.  Before main nothing was forbidden yet. */
static void let_open(bool any)
{
    if (files.rlim_max)
        setrlimit(RLIMIT_NOFILE, &(struct rlimit){ any ? files.rlim_cur : 0, files.rlim_max });
}

void __asan_on_error(void)      /* before it reports */
{
    let_open(true);
}

static void on_report(const char *text)
{
    const char *what = __asan_get_report_description();
    if (!strstr(what, "heap-buffer-overflow") ||
        !tell_outside(__asan_get_report_address(), __asan_get_report_access_type()))
        tell_fault("%s", what);
}

/* -- what no part has to do: the linker sends these calls here; and signals, so that a loop without end has a line */
_Noreturn void stop_here(const char *what)
{
    tell_fault("%s", what);
    let_open(true);
    __sanitizer_print_stack_trace();
    __real__exit(98);
}

/* On a busy machine it may have computed for less than 2 of the 9 seconds; then it didn't wait, either. */
static void too_much(int signal)
{
    bool busy = clock() - begun > CLOCKS_PER_SEC / 2;
    stop_here(signal == SIGXCPU ? "does not come to an end: stopped after 2 seconds"
           : signal == SIGXFSZ ? "prints or writes more than 64 MB"
           : busy ? "does not come to an end: stopped after 9 seconds" : "waits: stopped after 9 seconds");
}

_Noreturn void __wrap_exit(int status) { stop_here(EXITS); }
_Noreturn void __wrap__exit(int status) { stop_here(EXITS); }
_Noreturn FILE *__wrap_fopen(const char *path, const char *mode) { stop_here(OPENS); }
_Noreturn int __wrap_open(const char *path, int flags, ...) { stop_here(OPENS); }

/* -- memory that a part leaves behind */
static const volatile void *held[10000];
static size_t holds, asked;

static void on_malloc(const volatile void *at, size_t size)
{
    if (!watching || !at)
        return;
    asked += size;
    if (holds == sizeof held / sizeof *held || asked > MOST)
        stop_here("allocation-size-too-big");
    held[holds++] = at;
}

static void on_free(const volatile void *at)
{
    for (size_t i = 0; watching && i < holds; i++)
        if (held[i] == at)
            held[i] = held[--holds];
}

size_t guard_end(void)
{
    if (holds) {
        fputs("=====\n", stderr);    /* what follows is no student's: where the first came from */
        let_open(true);
        __asan_describe_address((void *)held[0]);
    }
    return holds;
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

void guard_begin(bool limits)
{
    results = dup(1);
    if (results < 0 || dup2(2, 1) < 0)
        __real__exit(97);
    begun = clock();
    setvbuf(stdout, NULL, _IONBF, 0);   /* so that a crash loses nothing */
    signal(SIGXCPU, too_much);
    signal(SIGXFSZ, too_much);
    signal(SIGALRM, too_much);
    alarm(limits ? 9 : 0);                           /* seconds, a little before others would end it */
    __asan_set_error_report_callback(on_report);
    limit_memory();
    getrlimit(RLIMIT_NOFILE, &files);
    if (limits)
        let_open(false);
    __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}
