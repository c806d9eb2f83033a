/* guard.c: the guard in a page, as tests/challenges/guard.c is on a desk.  Clang puts calls into the student's code, and
   the chapter's: AddressSanitizer's checks, which it doesn't open out; UndefinedBehaviorSanitizer's handlers; and a call
   at each edge.  What they call is here (the handlers are in desk-undefined.mjs), since there is no runtime of theirs for WebAssembly.
   Memory: 8 MB stack, shadow (a byte for eight: 0: all may be used; 1 to 7: so many; more: none), globals, heap. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "board.h"

/* of the page; what stops throws, and its stack is made into lines */
#define PAGE(name) __attribute__((import_module("page"), import_name(#name)))
PAGE(tell) void page_tell(const void *bytes, size_t count);
PAGE(stop) _Noreturn void page_stop(void);
PAGE(hold) size_t page_hold(size_t block);      /* remembers who asks for it; how many are held? */
PAGE(release) void page_release(size_t block);
PAGE(held) size_t page_held(void);              /* how many are, and who asked for the first? */
PAGE(seconds) double page_seconds(void);
#define UNUSED __attribute__((unused))

typedef unsigned char Byte;
/* as desk-build.mjs tells compiler and linker */
enum { PAGE_0 = 1 << 16, SHADOW = 8 << 20, GLOBALS = 40 << 20, END = 256 << 20 };
enum { MOST = 64 << 20, BLOCKS = 10000, ZONE = 64 };
enum { HEAP = 0xfa, FREED = 0xfd, GLOBAL = 0xf9, LEFT = 0xf1, SCOPE = 0xf8, ALLOCA_LEFT = 0xca, ALLOCA_RIGHT = 0xcb, NOTHING = 0xfe };
extern Byte __heap_base;
static size_t top;              /* behind all that was ever given out */

static Byte *shadow(size_t at) { return (Byte *)(SHADOW + (at >> 3)); }

void tell(const void *bytes, size_t count) { page_tell(bytes, count); }

_Noreturn void stop_here(const char *what)
{
    tell_fault("%s", what);
    page_stop();
}

/* -- memory, with a zone around each block, and never given out twice */
static size_t asked;

static size_t *size_of(void *block) { return (size_t *)block - 1; }

/* Constructors ask for memory, too. */
static void begin(void)
{
    top = ((size_t)&__heap_base + 15) & ~(size_t)15;
    memset(shadow(SHADOW), NOTHING, (GLOBALS - SHADOW) / 8);
}

/* Of the last eight bytes only some may be used. */
void __asan_unpoison_stack_memory(size_t at, size_t size)
{
    memset(shadow(at), 0, size / 8);
    if (size % 8)
        *shadow(at + size) = size % 8;
}

void *aligned_alloc(size_t align, size_t size)
{
    if (!top)
        begin();
    asked += watching ? size : 0;
    if (watching && (asked > MOST || size > MOST))
        stop_here("allocation-size-too-big");
    size_t at = (top + ZONE + align - 1) & ~(align - 1), end = at + size + ZONE, have = __builtin_wasm_memory_size(0) << 16;
    if (size > END || end > END || (end > have && __builtin_wasm_memory_grow(0, ((end - have) >> 16) + 1) == (size_t)-1))
        stop_here("out-of-memory");
    memset(shadow(top), HEAP, ((end + 15) - top) / 8);
    __asan_unpoison_stack_memory(at, size);
    top = (end + 15) & ~(size_t)15;
    *size_of((void *)at) = size;
    if (watching && page_hold(at) > BLOCKS)
        stop_here("allocation-size-too-big");
    return (void *)at;
}

void *malloc(size_t size) { return memset(aligned_alloc(16, size), 0xbe, size); }

void *calloc(size_t count, size_t size)
{
    if (size && count > END / size)
        stop_here("allocation-size-too-big");
    return aligned_alloc(16, count * size);     /* never used before, so it's zero */
}

void free(void *block)
{
    size_t at = (size_t)block;
    if (!block)
        return;
    if (at > top || at < (size_t)&__heap_base || at % 16 || *shadow(at - 8) < HEAP)
        stop_here("bad-free");
    if (*shadow(at) == FREED)
        stop_here("double-free");
    if (*shadow(at) == HEAP && *size_of(block))
        stop_here("bad-free");
    page_release(at);
    memset(shadow(at), FREED, *size_of(block) / 8 + 1);
}

void *realloc(void *block, size_t size)
{
    void *new = malloc(size);
    if (block)
        memcpy(new, block, *size_of(block) < size ? *size_of(block) : size);
    free(block);
    return new;
}

size_t guard_end(void) { return page_held(); }

/* -- what AddressSanitizer's checks call */
static bool fine(size_t at, size_t size)
{
    if (at < PAGE_0 || at + size < at || at + size > (top ? top : END))
        return false;
    for (size_t end = at + size; at < end; at = (at | 7) + 1) {
        Byte s = *shadow(at);
        if (s && (s > 7 || (end < (at | 7) + 1 ? (end - 1) % 8 : 7) >= s))
            return false;
    }
    return true;
}

static void check(size_t at, size_t size, bool writes)
{
    char here;
    if (!size || fine(at, size))
        return;
    while (size > 1 && fine(at, 1)) {   /* to the first byte that isn't */
        at++;
        size--;
    }
    if ((size_t)&here < 2 * PAGE_0 || (size_t)&here > SHADOW)
        stop_here("stack-overflow");
    if (at < PAGE_0 || at >= top)
        stop_here("SEGV");
    switch (*shadow(at)) {
    case NOTHING: stop_here("SEGV");
    case FREED: stop_here("heap-use-after-free");
    case SCOPE: stop_here("stack-use-after-scope");
    case GLOBAL: stop_here("global-buffer-overflow");
    }
    if (at < SHADOW)
        stop_here("stack-buffer-overflow");
    if (!tell_outside((char *)at, writes))
        tell_fault("heap-buffer-overflow");
    page_stop();
}

#define CHECK(n) \
    void __asan_load##n(size_t at) { check(at, n, false); } \
    void __asan_store##n(size_t at) { check(at, n, true); }
CHECK(1) CHECK(2) CHECK(4) CHECK(8) CHECK(16)
void __asan_loadN(size_t at, size_t size) { check(at, size, false); }
void __asan_storeN(size_t at, size_t size) { check(at, size, true); }
void __asan_init(void) {}
void __asan_version_mismatch_check_v8(void) {}
void __asan_handle_no_return(void) {}

#define BOTH { check((size_t)from, size, false); check((size_t)to, size, true); }
void *__asan_memcpy(void *to, const void *from, size_t size) { BOTH return memcpy(to, from, size); }
void *__asan_memmove(void *to, const void *from, size_t size) { BOTH return memmove(to, from, size); }
void *__asan_memset(void *to, int byte, size_t size)
{
    check((size_t)to, size, true);
    return memset(to, byte, size);
}

/* locals: most zones are written by the code itself */
#define SET(value) void __asan_set_shadow_##value(size_t at, size_t size) { memset((void *)at, 0x##value, size); }
SET(00) SET(f1) SET(f2) SET(f3) SET(f5) SET(f8)
void __asan_poison_stack_memory(size_t at, size_t size) { memset(shadow(at), SCOPE, (size + 7) / 8); }
void __asan_alloca_poison(size_t at, size_t size)
{
    size_t end = (at + size + 31) & ~(size_t)31;
    memset(shadow(at - 32), ALLOCA_LEFT, 4);
    memset(shadow(at + size + 7), ALLOCA_RIGHT, (end + 32 - (at + size + 7)) / 8);
    __asan_unpoison_stack_memory(at, size);
}
void __asan_allocas_unpoison(size_t first, size_t last)
{
    if (first && first <= last)
        memset(shadow(first), 0, (last - first) / 8);
}

typedef struct { size_t at, size, with_zone, name, module, dynamic, place, indicator; } Global;
void __asan_register_globals(const Global *g, size_t count)
{
    for (; count--; g++) {
        memset(shadow(g->at), GLOBAL, g->with_zone / 8);
        __asan_unpoison_stack_memory(g->at, g->size);
    }
}

/* -- what coverage calls at each edge: a loop without end is caught where it is */
static double began;
static unsigned edges;

void __sanitizer_cov_trace_pc_guard_init(uint32_t *first UNUSED, uint32_t *end UNUSED) {}
void __sanitizer_cov_trace_pc_guard(uint32_t *guard UNUSED)
{
    if (++edges % (1 << 14) == 0 && watching && page_seconds() > began + 2)
        stop_here("does not come to an end: stopped after 2 seconds");
}

void guard_begin(bool limits UNUSED)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    began = page_seconds();
}

/* -- what no part has to do: the linker sends these calls here (--wrap) */
#define NEVER(type, name, parameters, text) _Noreturn type __wrap_##name parameters { stop_here(text); }
#define WAITS "waits, which no part has to do"
NEVER(void, exit, (int status UNUSED), EXITS)
NEVER(void, _Exit, (int status UNUSED), EXITS)
NEVER(void, _exit, (int status UNUSED), EXITS)
NEVER(void, abort, (void), "signal")
NEVER(FILE *, fopen, (const char *path UNUSED, const char *mode UNUSED), OPENS)
NEVER(int, open, (const char *path UNUSED, int flags UNUSED, ...), OPENS)
NEVER(unsigned, sleep, (unsigned time UNUSED), WAITS)
NEVER(int, usleep, (unsigned time UNUSED), WAITS)
NEVER(int, nanosleep, (const struct timespec *time UNUSED, struct timespec *left UNUSED), WAITS)
