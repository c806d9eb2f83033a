/* Matrices out of one block, with gaps between them that nobody may touch:
   what is written outside of a matrix is seen in any build. */
#ifndef ROOM_H
#define ROOM_H

#include "check.h"

enum { ROOM = 600, GAP = 3 };
#define SENTINEL 4321.125 /* also what every output holds before a call */

typedef struct {
    double number[ROOM];
    bool taken[ROOM];
    size_t used;
} Room;

static inline void room_begin(Room *r)
{
    memset(r->taken, 0, sizeof r->taken);
    fill_with(r->number, ROOM, SENTINEL);
    r->used = GAP;
}

static inline double *room_take(Room *r, size_t count)
{
    double *first = r->number + r->used;
    cr_assert(r->used + count + GAP <= ROOM, "make ROOM larger");
    for (size_t k = 0; k < count; k++) {
        r->taken[r->used + k] = true;
    }
    r->used += count + GAP;
    return first;
}

static inline Matrix room_matrix(Room *r, size_t rows, size_t cols)
{
    return matrix_view(room_take(r, rows * cols), rows, cols);
}

static inline void check_gaps(const Room *r, const char *call)
{
    for (size_t k = 0; k < ROOM; k++) {
        cr_assert(r->taken[k] || r->number[k] == SENTINEL,
                  "%s wrote outside of its matrices", call);
    }
}

static inline void check_untouched(const double *got, size_t count, uint64_t salt,
                                   const char *what)
{
    for (size_t k = 0; k < count; k++) {
        cr_assert(got[k] == number(salt, k), "%s was changed: number %zu is %g", what, k,
                  got[k]);
    }
}

#endif
