/* bugs.h: linear layers, right and wrong, for challenge 4a */
#ifndef BUGS_H
#define BUGS_H
#include "layer.h"

enum { BUGS = 6 };      /* kinds; 0 is the right one */
/* makes a linear layer one of a kind */
void put_bug(Layer *l, int kind);
#endif
