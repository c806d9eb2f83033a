/* child.c: runs a part in a process of its own, under limits, and says what went wrong with it */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "board.h"

/* Seconds.  A part may compute for CPU of them, however long that takes on a machine that is busy with other things;
   it may do nothing for IDLE; and LONGEST is for what does a little for ever. */
enum { CPU = 2, IDLE = 5, LONGEST = 60, NOBODY = 65534, MOST_PRINTED = 1 << 16 };

typedef struct {
    char *bytes;
    size_t count, room;
} Buffer;

typedef struct {
    pid_t pid;
    int in, out, results;       /* our ends of the pipes */
    Buffer printed, sent, numbers;
    size_t given;               /* of numbers */
    int status;
    bool late, idle;            /* it was stopped; since it did nothing */
    char folder[4096], left[64];/* scratch, and a file that was found there */
} Child;

static void die(const char *what)
{
    fprintf(stderr, "board: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void append(Buffer *b, const void *bytes, size_t count)
{
    if (b->count + count + 1 > b->room) {
        b->room = 2 * (b->count + count + 1);
        if (!(b->bytes = realloc(b->bytes, b->room)))
            die("not enough memory");
    }
    memcpy(b->bytes + b->count, bytes, count);
    b->count += count;
    b->bytes[b->count] = 0;
}

/* -- the child's side */
static void limit(unsigned what, rlim_t soft, rlim_t hard)
{
    setrlimit(what, &(struct rlimit){ soft, hard });
}

/* Root becomes nobody, where nobody may run the runner. */
static void give_up_rights(const char *runner)
{
    if (geteuid())
        return;
    if (seteuid(NOBODY) == 0 && faccessat(AT_FDCWD, runner, R_OK | X_OK, AT_EACCESS) == 0) {
        if (seteuid(0) || setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY))
            _exit(95);
    } else if (seteuid(0)) {
        _exit(95);
    }
}

static void become_runner(const char *runner, const char *part, const char *folder, int fds[3])
{
    setpgid(0, 0);
    if (chdir(folder) || dup2(fds[0], 0) < 0 || dup2(fds[1], 1) < 0 || dup2(fds[1], 2) < 0 || dup2(fds[2], 3) < 0)
        _exit(95);
    give_up_rights(runner);
    signal(SIGPIPE, SIG_DFL);
    limit(RLIMIT_CPU, CPU, CPU + 1);
    limit(RLIMIT_FSIZE, 0, 0);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_NPROC, 0, 0);
    char *environment[] = { "LC_ALL=C", NULL };
    execle(runner, "runner", part, (char *)NULL, environment);
    _exit(95);
}

/* -- our side */
static Child start(const char *runner, const char *part)
{
    Child c = { .pid = -1 };
    int in[2], out[2], results[2];
    const char *tmp = getenv("TMPDIR");
    snprintf(c.folder, sizeof c.folder, "%s/board.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(c.folder))
        die(c.folder);
    if (!geteuid() && chown(c.folder, NOBODY, NOBODY))
        die(c.folder);
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(results, O_CLOEXEC))
        die("no pipe");
    fflush(NULL);
    c.pid = fork();
    if (c.pid < 0)
        die("no new process");
    if (c.pid == 0)
        become_runner(runner, part, c.folder, (int[]){ in[0], out[1], results[1] });
    setpgid(c.pid, c.pid);
    close(in[0]);
    close(out[1]);
    close(results[1]);
    c.in = in[1];
    c.out = out[0];
    c.results = results[0];
    fcntl(c.in, F_SETFL, O_NONBLOCK);
    return c;
}

static double seconds(clockid_t clock)
{
    struct timespec t = { 0 };
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* of processor time */
static double computed(pid_t pid)
{
    clockid_t clock;
    return clock_getcpuclockid(pid, &clock) ? 0 : seconds(clock);
}

/* Reads once; what is more than the limit is lost.  Returns false at the end. */
static bool read_some(int fd, Buffer *b, size_t most)
{
    char bytes[65536];
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n > 0)
        append(b, bytes, b->count + (size_t)n <= most ? (size_t)n : b->count < most ? most - b->count : 0);
    return n > 0 || (n < 0 && errno == EINTR);
}

/* Feeds and listens until the child has closed both pipes, or its time is over.  What computes all the time is ended
   by the limit that it has itself; here is seen whether, from one look to the next, it computed at all. */
static void talk(Child *c, size_t most)
{
    double begin = seconds(CLOCK_MONOTONIC), look = begin, had = 0;
    struct pollfd p[3] = { { c->out, POLLIN, 0 }, { c->results, POLLIN, 0 }, { c->in, POLLOUT, 0 } };
    append(&c->printed, "", 0);
    while (p[0].fd >= 0 || p[1].fd >= 0) {
        double now = seconds(CLOCK_MONOTONIC);
        if (now - look >= IDLE) {
            double has = computed(c->pid);
            c->idle = has - had < 0.02 * IDLE;
            c->late = c->idle || now - begin >= LONGEST;
            if (c->late)
                return;
            look = now;
            had = has;
        }
        if (poll(p, 3, (int)((look + IDLE - now) * 1000) + 1) <= 0)
            continue;
        if (p[0].revents && !read_some(c->out, &c->printed, MOST_PRINTED))
            p[0].fd = -1;
        if (p[1].revents && !read_some(c->results, &c->sent, most))
            p[1].fd = -1;
        if (p[2].revents) {
            ssize_t n = write(c->in, c->numbers.bytes + c->given, c->numbers.count - c->given);
            c->given += n > 0 ? (size_t)n : 0;
            if (c->given == c->numbers.count || (n < 0 && errno != EAGAIN && errno != EINTR))
                p[2].fd = -1;
        }
    }
}

static char *found_in_scratch;

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *f)
{
    (void)s;
    (void)type;
    if (f->level == 1)
        snprintf(found_in_scratch, sizeof ((Child *)0)->left, "%s", path + f->base);
    return remove(path) && 0;
}

static void finish(Child *c)
{
    if (c->late)
        kill(-c->pid, SIGKILL);
    while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
        ;
    kill(-c->pid, SIGKILL);     /* what it may have left running */
    close(c->in);
    close(c->out);
    close(c->results);
    found_in_scratch = c->left;
    nftw(c->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static size_t bytes_of(const Tensor *t)
{
    return t->rows * t->cols * sizeof(double);
}

/* The next message, or false; pointer and rest move on. */
static bool next(const char **p, size_t *rest, void *to, size_t count)
{
    if (*rest < count)
        return false;
    memcpy(to, *p, count);
    *p += count;
    *rest -= count;
    return true;
}

/* What the child sent, into the run and the cases.  Returns true if it came to its end. */
static bool unpack(Child *c, Run *r, Sent *leak, Sent *fault, Case *cases, size_t count)
{
    const char *p = c->sent.bytes;
    size_t rest = c->sent.count;
    Sent s;
    while (next(&p, &rest, &s, sizeof s)) {
        if (s.kind == 'L')
            *leak = s;
        else if (s.kind == 'F')
            *fault = s, fault->text[sizeof s.text - 1] = 0;
        else if (s.kind == 'E')
            return r->cases == count;
        else if (s.kind != 'C' || r->cases == count)
            return false;
        if (s.kind != 'C')
            continue;
        r->not_begun |= s.not_begun;
        Case *into = &cases[r->cases++];
        for (size_t t = 0; t < into->tensors; t++)
            if (!next(&p, &rest, into->tensor[t].after, bytes_of(&into->tensor[t])))
                return false;
    }
    return false;
}

static void say(Run *r, const char *look, const char *format, const char *a)
{
    snprintf(r->fault, sizeof r->fault, format, a);
    r->look = look;
}

/* a sanitizer's word for it, as a sentence */
static void say_report(Run *r, const char *word)
{
    static const char *const known[][2] = {
        { "exit", "ends the program (exit), which no part has to do" },
        { "open", "opens a file, which no part has to do" },
        { "allocation-size-too-big", "asks for more memory than a part may have (64 MB)" },
        { "out-of-memory", "asks for more memory than a part may have (64 MB)" },
        { "stack-overflow", "fills the stack: a recursion without end, or a large array" },
        { "heap-buffer-overflow", "reads or writes outside an array" },
        { "buffer-overflow", "reads or writes outside an array" },
        { "use-after-free", "uses memory after free" },
        { "double-free", "frees the same memory twice" },
        { "bad-free", "frees what is not its own" },
        { "not malloc()-ed", "frees what is not its own" },
        { "SEGV", "uses an address where nothing is (NULL, or far outside an array)" },
        { "wild-", "uses an address where nothing is (far outside an array)" },
        { "null-deref", "uses an address where nothing is (NULL)" },
        { "signal", "calls abort, or a function that was given wrong shapes does" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(word, known[i][0])) {
            say(r, NULL, "%s", known[i][1]);
            return;
        }
    say(r, NULL, "%s", word);
}

/* Everything but wrong numbers, the plainest cause first. */
static void explain(Run *r, Child *c, bool ended, const Sent *leak, const Sent *fault)
{
    int exited = WIFEXITED(c->status) ? WEXITSTATUS(c->status) : -1;
    int killed = WIFSIGNALED(c->status) ? WTERMSIG(c->status) : 0;
    char *undefined = strstr(c->printed.bytes, "runtime error: "), text[200];
    if (exited == 95)
        die("the runner cannot be run; try make clean");
    if (exited == 96 || killed == SIGXCPU || (killed == SIGKILL && !c->idle))
        say(r, NULL, "does not come to an end: stopped after 2 seconds%s", "");
    else if (c->idle)
        say(r, "sleep", "waits, or leaves something running: stopped after 5 seconds%s", "");
    else if (killed == SIGXFSZ || c->left[0])
        say(r, "open", "writes to a file%s, which no part has to do", "");
    else if (fault->kind)
        say_report(r, fault->text);
    else if (!ended && undefined)
        say(r, NULL, "does what C leaves undefined: %s",
            (snprintf(text, sizeof text, "%.*s", (int)strcspn(undefined + 15, "\n"), undefined + 15), text));
    else if (!ended && killed)
        say(r, NULL, "is ended by a signal: %s", strsignal(killed));
    else if (!ended)
        say(r, NULL, "ends before its end%s", "");
    else if (leak->blocks) {
        snprintf(r->fault, sizeof r->fault, "does not free what it allocates: %zu block%s, %zu bytes",
                 leak->blocks, leak->blocks == 1 ? "" : "s", leak->bytes);
        r->line = leak->line;
    }
}

Run run_part(const char *runner, const char *part, Case *cases, size_t count)
{
    Run r = { 0 };
    Sent leak = { 0 }, fault = { 0 };
    Child c = start(runner, part);
    size_t most = 1 << 16;
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < cases[i].tensors; t++) {
            Tensor *T = &cases[i].tensor[t];
            append(&c.numbers, T->before, bytes_of(T));
            most += bytes_of(T);
            if (!(T->after = calloc(bytes_of(T) + 1, 1)))
                die("not enough memory");
        }
    talk(&c, most);
    finish(&c);
    bool ended = unpack(&c, &r, &leak, &fault, cases, count);
    explain(&r, &c, ended, &leak, &fault);
    r.printed = c.printed.bytes;
    free(c.sent.bytes);
    free(c.numbers.bytes);
    return r;
}
