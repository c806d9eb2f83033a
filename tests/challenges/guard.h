/* guard.h: what stands around a student's code.  guard.c does it with gcc's sanitizers and the system's limits;
   where there are none, something else can stand in its place. */
#ifndef GUARD_H
#define GUARD_H
#include "board.h"
#include "layer.h"

extern Case *guarded;           /* whose tensors' neighbourhood is known by name */
extern bool watching;           /* the student's code runs */
void guard_begin(void);         /* from now on, what is printed doesn't get among the results */
void guard_end(void);           /* tells of memory that is left behind, or that all was sent */
void tell(const void *bytes, size_t count);

/* bugs.c: makes a linear layer one of the kinds of challenge 4a, of which 0 is the right one */
void put_bug(Layer *l, int kind);
#endif
