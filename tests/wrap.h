#ifndef WRAP_H
#define WRAP_H
#include <stdbool.h>
#include <stddef.h>

/* Every calloc and malloc of the package goes through wrap.c, because
   the tests are linked with -Wl,--wrap, and so do open_memstream and fmemopen.
   Set wrap_calls to 0 before you count. */
extern size_t wrap_calls;   /* of them so far */
extern size_t wrap_fail_at; /* this one (the first is 1) returns NULL; 0: none */
extern size_t wrap_deaf_at; /* this write to a text in memory fails, and no other; 0: none */
extern bool wrap_no_disk;   /* fsync fails */

#endif
