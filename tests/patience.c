/* patience.c: multiplies the time limits of all tests by PATIENCE, from the
   environment: valgrind is slow, and so is a busy machine; 0 takes them away,
   for a debugger. */
#include <criterion/criterion.h>
#include <criterion/hooks.h>
#include <stdlib.h>

ReportHook(PRE_ALL)(struct criterion_test_set *set)
{
    const char *patience = getenv("PATIENCE");
    double factor = patience == NULL ? 1 : strtod(patience, NULL);
    FOREACH_SET(struct criterion_suite_set *suite, set->suites) {
        if (suite->suite.data != NULL) {
            suite->suite.data->timeout *= factor;
        }
        FOREACH_SET(struct criterion_test *test, suite->tests) {
            test->data->timeout *= factor;
        }
    }
}
