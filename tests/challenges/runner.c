/* runner.c: runs one part of the challenges on numbers from standard input, and sends what came of
   it to descriptor 3.  It holds the student's code, so it judges nothing: see child.c. */
#define _GNU_SOURCE
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "batchnorm.h"
#include "board.h"
#include "bugs.h"
#include "catch.h"
#include "dropout.h"
#include "optimizers.h"

/* of sanitizer/allocator_interface.h, a header that gcc does not install */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

enum { MOST_MB = 64 };          /* memory that a part may ask for */
static Case cases[MAX_CASES], *now;
static bool counting;           /* the student's code is running */
_Noreturn void __real__exit(int status);
FILE *__real_fopen(const char *path, const char *mode);

/* -- pipes */
static void give(const void *bytes, size_t count)
{
    for (const char *p = bytes; count;) {
        ssize_t n = write(3, p, count);
        if (n <= 0)
            __real__exit(97);
        p += n;
        count -= (size_t)n;
    }
}

static void take(void *bytes, size_t count)
{
    for (char *p = bytes; count;) {
        ssize_t n = read(0, p, count);
        if (n <= 0)
            __real__exit(97);
        p += n;
        count -= (size_t)n;
    }
}

static void send_fault(const char *format, const char *a, size_t rows, size_t cols)
{
    Sent s = { .kind = 'F' };
    snprintf(s.text, sizeof s.text, format, a, rows, cols);
    give(&s, sizeof s);
}

/* -- what the sanitizers are told, and what they tell */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:exitcode=98:handle_abort=1:handle_sigfpe=1:handle_sigill=1:color=never:"
           "max_allocation_size_mb=64:allocator_may_return_null=0:fast_unwind_on_malloc=0:"
           "print_legend=0:print_summary=0:detect_stack_use_after_return=0:symbolize=1";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
    return "print_stacktrace=0:color=never";
}

static void files(rlim_t most)
{
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){ most, 64 });
}

/* called before a report, which reads this program to find its lines */
void __asan_on_error(void);
void __asan_on_error(void)
{
    files(64);
}

/* Which tensor's neighbourhood is it?  ASan puts at least 16 bytes between two blocks. */
static void report(const char *text)
{
    char *at = __asan_get_report_address();
    const char *what = __asan_get_report_description();
    (void)text;
    for (size_t t = 0; now && at && t < now->tensors; t++) {
        Tensor *T = &now->tensor[t];
        char *first = (char *)T->before, *end = (char *)(T->before + T->rows * T->cols);
        if (strstr(what, "heap-buffer-overflow") && at >= first - 16 && at < end + 16) {
            send_fault(__asan_get_report_access_type() ? "writes outside %s, which is %zu x %zu"
                       : "reads outside %s, which is %zu x %zu", T->name, T->rows, T->cols);
            return;
        }
    }
    send_fault("%s", what, 0, 0);
}

/* -- what no part has to do: the linker sends these calls here (-Wl,--wrap) */
static _Noreturn void caught(const char *what)
{
    counting = false;
    files(64);
    send_fault("%s", what, 0, 0);
    __sanitizer_print_stack_trace();
    __real__exit(98);
}

_Noreturn void __wrap_exit(int status);
_Noreturn void __wrap_exit(int status) { (void)status; caught("exit"); }
_Noreturn void __wrap__exit(int status);
_Noreturn void __wrap__exit(int status) { (void)status; caught("exit"); }
_Noreturn FILE *__wrap_fopen(const char *path, const char *mode);
_Noreturn FILE *__wrap_fopen(const char *path, const char *mode) { (void)path; (void)mode; caught("open"); }
_Noreturn int __wrap_open(const char *path, int flags, ...);
_Noreturn int __wrap_open(const char *path, int flags, ...) { (void)path; (void)flags; caught("open"); }

/* -- memory that a part leaves behind */
static struct { const volatile void *at; size_t size; } held[10000];
static size_t holds;

static void on_malloc(const volatile void *at, size_t size)
{
    size_t total = size;
    if (!counting || !at)
        return;
    for (size_t i = 0; i < holds; i++)
        total += held[i].size;
    if (holds == sizeof held / sizeof *held || total > (size_t)MOST_MB << 20) {
        caught("allocation-size-too-big");
    }
    held[holds].at = at;
    held[holds++].size = size;
}

static void on_free(const volatile void *at)
{
    for (size_t i = 0; counting && i < holds; i++)
        if (held[i].at == at)
            held[i] = held[--holds];
}

static int line_of(const volatile void *at)
{
    void *frames[32];
    char place[200];
    int thread, line;
    size_t count = __asan_get_alloc_stack((void *)at, frames, 32, &thread);
    for (size_t i = 0; i < count; i++) {
        __sanitizer_symbolize_pc(frames[i], "%s:%l", place, sizeof place);
        char *nw = strstr(place, ".nw:");
        if (nw && (line = atoi(nw + 4)))
            return line;
    }
    return 0;
}

static void send_leak(void)
{
    Sent s = { .kind = 'L', .blocks = holds };
    files(64);
    for (size_t i = 0; i < holds; i++)
        s.bytes += held[i].size;
    s.line = holds ? line_of(held[0].at) : 0;
    if (holds)
        give(&s, sizeof s);
}

/* -- the parts */
static double *at(const char *name)
{
    return find_tensor(now, name)->before;
}

static Matrix matrix(const char *name)
{
    Tensor *t = find_tensor(now, name);
    return t ? matrix_view(t->before, t->rows, t->cols) : (Matrix){ 0 };
}

static void optimize(const char *part)
{
    Tensor *v = find_tensor(now, "o->v");
    Optimizer o = {
        .rate = *at("o->rate"), .beta = *at("o->beta"), .beta2 = *at("o->beta2"),
        .epsilon = *at("o->epsilon"), .m = matrix("o->m").data, .v = v->before, .t = (size_t)*at("o->t")
    };
    double *params = matrix("params").data, *grads = matrix("grads").data;
    counting = true;
    switch (part[1]) {
    case 'a': momentum_step(&o, params, grads, v->cols); break;
    case 'b': adam_moments(&o, grads, v->cols); break;
    case 'c': adam_apply(&o, params, v->cols); break;
    }
    counting = false;
    *at("o->rate") = o.rate;
    *at("o->beta") = o.beta;
    *at("o->beta2") = o.beta2;
    *at("o->epsilon") = o.epsilon;
    *at("o->t") = (double)o.t;
}

/* What a batch norm layer keeps is one block, 1/s and then Xhat, and what lasts another; the tensors of a
   case are four.  In evaluation Xhat has no rows, and 1/s may not be read. */
static void copy_tensor(double *block, const char *name, bool in)
{
    Matrix T = matrix(name);
    size_t bytes = T.rows * T.cols * sizeof *block;
    if (bytes)
        memcpy(in ? block : T.data, in ? T.data : block, bytes);
}

static void copy_all(double *kept, double *lasting, size_t d, bool in)
{
    copy_tensor(kept, "n.inverse", in);
    copy_tensor(kept + d, "n.Xhat", in);
    copy_tensor(lasting, "n.mean", in);
    copy_tensor(lasting + d, "n.var", in);
}

/* The student's code: the layer's way back, or its way forward. */
static void go(const char *part, Layer *l, Matrix X)
{
    counting = true;
    if (part[1] == 'b')
        l->backward(matrix("dX"), l, matrix("dZ"), X);
    else
        l->forward(matrix("Z"), l, X, now->training ? TRAINING : EVALUATION);
    counting = false;
}

static void normalise(const char *part)
{
    Matrix X = matrix("X"), Xhat = matrix("n.Xhat");
    size_t d = X.cols;
    Layer l = batchnorm_layer(d);
    double *kept = malloc((Xhat.rows + 1) * d * sizeof *kept), *lasting = malloc(2 * d * sizeof *lasting);
    copy_all(kept, lasting, d, true);
    l.W = matrix("n.gamma");
    l.b = matrix("n.beta");
    l.dW = matrix("n.dgamma");
    l.db = matrix("n.dbeta");
    l.kept = matrix_view(kept, Xhat.rows + 1, d);
    l.lasting.data = lasting;
    go(part, &l, X);
    copy_all(kept, lasting, d, false);
    free(lasting);
    free(kept);
}

static void drop(const char *part)
{
    Matrix X = matrix("X"), M = matrix("M");
    Rng rng = rng_create(now->seed), *r = malloc(sizeof *r);
    Dropout d = { *at("d->p"), r };
    Layer l = dropout_layer(X.cols, &d);
    double *nothing = malloc(0);
    *r = rng;
    l.kept = matrix_view(M.data ? M.data : nothing, M.rows, X.cols);
    go(part, &l, X);
    *at("d->rng") = memcmp(&rng.state, &r->state, sizeof r->state) != 0;
    *at("d->p") = d.p;
    free(r);
    free(nothing);
}

static void catch(const char *part)
{
    Matrix X = matrix("X"), G = matrix("G");
    Layer l = linear_layer(X.cols, G.cols);
    (void)part;
    l.W = matrix("l->W");
    l.b = matrix("l->b");
    l.dW = matrix("l->dW");
    l.db = matrix("l->db");
    l.scratch = matrix_view(malloc(X.cols * G.cols * sizeof(double)), G.cols, X.cols);
    put_bug(&l, now->kind);
    counting = true;
    bool right = backward_is_right(&l, X, G, matrix("Z"), matrix("dX"));
    counting = false;
    *at("answer") = right;
    free(l.scratch.data);
}

static void transfer(void move(double *numbers, size_t bytes))
{
    for (size_t t = 0; t < now->tensors; t++)
        move(now->tensor[t].before, now->tensor[t].rows * now->tensor[t].cols * sizeof(double));
}

static void take_numbers(double *numbers, size_t bytes) { take(numbers, bytes); }
static void give_numbers(double *numbers, size_t bytes) { give(numbers, bytes); }

/* so that a loop without end has a line */
static void too_long(int signal)
{
    (void)signal;
    files(64);
    __sanitizer_print_stack_trace();
    __real__exit(96);
}

/* What is open stays open, nothing else can be opened; and mmap gives little more than malloc. */
static void no_more(void)
{
    unsigned long pages;
    FILE *f = __real_fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%lu", &pages) == 1) {
        rlim_t most = pages * (rlim_t)sysconf(_SC_PAGESIZE) + (4 * (rlim_t)MOST_MB << 20);
        setrlimit(RLIMIT_AS, &(struct rlimit){ most, most });
    }
    if (f)
        fclose(f);
    files(4);
}

int main(int argc, char **argv)
{
    static char buffers[2][BUFSIZ];     /* or the first printf would look like a leak */
    void (*run[])(const char *) = { optimize, normalise, drop, catch };
    const char *part = argc > 1 ? argv[1] : "";
    size_t count = make_cases(part, cases);
    setvbuf(stdout, buffers[0], _IOLBF, BUFSIZ);
    setvbuf(stderr, buffers[1], _IOLBF, BUFSIZ);
    signal(SIGXCPU, too_long);
    __asan_set_error_report_callback(report);
    no_more();
    __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
    for (size_t i = 0; i < count; i++) {
        now = &cases[i];
        transfer(take_numbers);
        run[part[0] - '1'](part);
        Sent s = { .kind = 'C', .not_begun = part_not_begun() != NULL };
        give(&s, sizeof s);
        transfer(give_numbers);
    }
    send_leak();
    give(&(Sent){ .kind = 'E' }, sizeof(Sent));
    return 0;
}
