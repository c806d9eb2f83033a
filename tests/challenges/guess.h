/* guess.h: comparing a tensor with what it should be, and naming the cause */
#ifndef GUESS_H
#define GUESS_H
#include "board.h"

/* a tensor, or an entry of it, in one of the cases */
typedef struct {
    const char *part;
    size_t number;              /* of the case */
    Case *c;
    Tensor *t;                  /* or NULL: that case has no such tensor */
    size_t i, k;
} Place;

size_t entries(const Tensor *t);
Place place(const char *part, Case *cases, size_t number, const char *tensor);
/* the size of numbers that rounding is measured by */
double scale(const Tensor *t);
bool same(double a, double b, double size);
bool wrong_there(const Place *p);
/* text: the cause, or empty where there is nothing to say */
void find_cause(const Place *p, Case *cases, size_t count, char *text, size_t size);
#endif
