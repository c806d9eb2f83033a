/* picture.h: a rule over the plane, as colours and a line */
#ifndef PICTURE_H
#define PICTURE_H
#include "matrix.h"

/* logits Z: N x 1 for standardised points X: N x 2 */
typedef void Rule(Matrix Z, void *context, Matrix X);
/* 300 x 300 pixels over +-2.75 as a PNG, and the line where the
   logit is 0 as text: a point per row, blank rows between lines */
bool draw_rule(const char *png, const char *line, Rule *rule,
               void *context, Error *e);
#endif
