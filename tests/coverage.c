/* coverage.c: a program that stops itself says first which lines were run. */
#include <stdlib.h>

void __gcov_dump(void);
_Noreturn void __real_abort(void);
_Noreturn void __wrap_abort(void);

_Noreturn void __wrap_abort(void)
{
    __gcov_dump();
    __real_abort();
}
