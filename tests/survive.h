/* Let one allocation after another fail, and see what a function makes of it:
   it must return false with a sentence, leave its output as it was, and give
   back what it had taken. Needs -Wl,--wrap=calloc. */
#ifndef SURVIVE_H
#define SURVIVE_H

#include <criterion/criterion.h>
#include <malloc.h>
#include <string.h>

#include "base.h"
#include "wrap.h"

/* Each calls a function of the package. On failure it says whether the
   output is as it was; on success it gives back what it got. */
typedef bool Attempt(bool *untouched, Error *e);

/* One attempt, in which allocation n fails. */
static inline bool fail_at(size_t n, Attempt *attempt, bool *untouched, Error *e)
{
    *e = (Error) { { 0 } };
    *untouched = true;
    wrap_calls = 0;
    wrap_fail_at = n;
    bool done = attempt(untouched, e);
    wrap_fail_at = 0;
    return done;
}

static inline void expect_survival(Attempt *attempt, const char *name, size_t least)
{
    bool done = false, untouched;
    size_t n = 0;
    Error e;
    while (!done && n < 200) {
        n++;
        for (int warm = 0; warm < 8; warm++) { /* malloc's caches fill */
            fail_at(n, attempt, &untouched, &e);
        }
        size_t leak = SIZE_MAX; /* what every one of three attempts loses */
        for (int k = 0; k < 3; k++) {
            size_t before = mallinfo2().uordblks;
            done = fail_at(n, attempt, &untouched, &e);
            size_t after = mallinfo2().uordblks;
            size_t growth = after > before ? after - before : 0;
            leak = growth < leak ? growth : leak;
        }
        cr_assert(untouched, "%s changes its output when allocation %zu fails", name, n);
        cr_assert(leak == 0, "%s leaks when allocation %zu fails", name, n);
        cr_assert(done == (*e.text == '\0'), "%s says \"%s\"", name, e.text);
        cr_assert(done || strstr(e.text, "memory") != NULL, "%s says \"%s\"", name, e.text);
        cr_assert(done == (wrap_calls < n), "%s goes on without allocation %zu", name, n);
    }
    cr_expect(done, "%s never succeeds", name);
    cr_expect(n > least, "%s made only %zu allocations", name, n - 1);
}

#endif
