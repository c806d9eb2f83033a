#include "wrap.h"

size_t wrap_calls = 0;
size_t wrap_fail_at = 0;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    wrap_calls++;
    if (wrap_calls == wrap_fail_at) {
        return NULL;
    }
    return __real_calloc(count, size);
}
