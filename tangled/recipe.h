/* Generated from nn.nw (MIT licence); edit there. recipe.h: train by a recipe, test in folds */
#ifndef RECIPE_H
#define RECIPE_H
#include "optimizers.h"

typedef struct {
    const size_t *width;         /* d_in, hidden..., 1 or K */
    size_t count;                /* of widths */
    const char *activation;      /* as activation_layer knows it */
    const Loss *loss;
    Init init;
    double rate;
    uint64_t epochs, batch, seed;
    Method method;               /* SGD unless said otherwise */
    double beta;                 /* of momentum and Adam */
    bool batchnorm;
    double dropout;              /* share of the units; 0: none */
} Recipe;
/* Standardises D.X in place.  On success the caller owns *net and
   *scaling; on failure there is nothing to destroy.  Fails after one
   epoch if the recipe needs a challenge that is still a stub.  True
   also if interrupted(): then training wasn't whole. */
bool recipe_fit(Network *net, Scaling *scaling, Dataset D,
                const Recipe *r, Observer *observe, void *context,
                Error *e);
/* share: one accuracy for each of the folds, 2 <= folds <= rows; Z,
   unless it's empty: logits of each row of D.  D stays as it is.  True
   also if interrupted(): then they aren't known. */
bool recipe_validate(double *share, Matrix Z, size_t folds, Dataset D,
                     const Recipe *r, Observer *observe, void *context,
                     Error *e);
#endif
