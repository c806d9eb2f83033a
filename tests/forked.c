/* forked.c: in the place of Criterion's library, for the same suites, where each test in a process of its own takes too
   long: under valgrind such a one takes a second to begin.  Here each is a fork of what has begun.  Says what Criterion
   says, as far as scripts read it; a test ends at the first check that fails.  Options: --filter PATTERN, --fail-fast. */
#define _GNU_SOURCE                   /* fnmatch's @(a|b) */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <fnmatch.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct criterion_test_extra_data Extra;

extern struct criterion_test *__start_cr_tst[], *__stop_cr_tst[];       /* the linker's, of what Test() and */
extern struct criterion_suite *__start_cr_sts[], *__stop_cr_sts[];      /* TestSuite() leave */

struct criterion_options criterion_options;
const struct criterion_test *const criterion_current_test = NULL;
static void (*setup)(void), (*teardown)(void);      /* of the test that runs */

void criterion_internal_test_setup(void)
{
    if (setup) {
        setup();
    }
}

void criterion_internal_test_main(void (*test)(void))
{
    test();
}

void criterion_internal_test_teardown(void)
{
    if (teardown) {
        teardown();
    }
}

void criterion_send_assert(struct criterion_assert_stats *stats)
{
    fprintf(stderr, "[----] %s:%u: Assertion Failed: %s\n", stats->file, stats->line, stats->message);
    criterion_internal_test_teardown();
    _exit(1);
}

void criterion_abort_test(void) { abort(); }
void criterion_continue_test(void) { }
void cri_asserts_passed_incr(void) { }
void cr_asprintf_free(char *text) { free(text); }
char *cr_translate_assert_msg(int number, ...) { return number < 0 ? NULL : strdup("it is not so"); }
void cr_redirect_stdout(void) { freopen("/dev/null", "w", stdout); }

int cr_asprintf(char **text, const char *format, ...)
{
    va_list rest;
    va_start(rest, format);
    int length = vasprintf(text, format, rest);
    va_end(rest);
    return length;
}

/* status of the test, as wait tells it */
static int run(const struct criterion_test *test)
{
    const Extra *own = test->data, *suite = &(Extra){ 0 };
    for (struct criterion_suite **s = __start_cr_sts; s < __stop_cr_sts; s++) {
        if (strcmp((*s)->name, test->category) == 0) {
            suite = (*s)->data;
        }
    }
    const char *patience = getenv("PATIENCE");
    double limit = (own->timeout > 0.0 ? own->timeout : suite->timeout) * (patience ? strtod(patience, NULL) : 1.0);
    setup = own->init ? own->init : suite->init;
    teardown = own->fini ? own->fini : suite->fini;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm((unsigned)ceil(limit));
        test->test();
        exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

int main(int argc, char **argv)
{
    const char *pattern = "*";
    bool fail_fast = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--filter") == 0 && i + 1 < argc) {
            pattern = argv[++i];
        }
        fail_fast = fail_fast || strcmp(argv[i], "--fail-fast") == 0;
    }
    int tested = 0, failing = 0, crashing = 0;
    for (struct criterion_test **t = __start_cr_tst; t < __stop_cr_tst && !(fail_fast && failing + crashing); t++) {
        if (fnmatch(pattern, (*t)->data->identifier_, FNM_EXTMATCH) == 0) {
            int status = run(*t);
            tested++;
            failing += WIFEXITED(status) && status != 0;
            crashing += !WIFEXITED(status);
            if (status != 0) {
                printf("[FAIL] %s::%s\n", (*t)->category, (*t)->name);
            }
        }
    }
    printf("[====] Synthesis: Tested: %d | Passing: %d | Failing: %d | Crashing: %d\n", tested,
           tested - failing - crashing, failing, crashing);
    return failing + crashing > 0;
}
