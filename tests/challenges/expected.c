/* expected.c: recorded numbers: part, tensor, fault ("-": these are the right numbers), and the numbers of all cases, one
   case after the other; a fault has a line for each tensor that it spoils, and these lines stand together */
#include <math.h>
#include <string.h>
#include "board.h"

#define nan NAN
#define inf INFINITY
static const struct { const char *part, *tensor, *fault; const double *values; } records[] = {
#include "expected.inc"
    { "", "", "", NULL }
};
enum { RECORDS = sizeof records / sizeof *records };

const double *expected(const char *part, const Tensor *t, const char *fault)
{
    for (size_t i = 0; i < RECORDS; i++)
        if (!strcmp(records[i].part, part) && !strcmp(records[i].tensor, t->name) && !strcmp(records[i].fault, fault))
            return records[i].values + t->skip;
    return NULL;
}

const char *fault_name(const char *part, size_t number)
{
    const char *last = "-";
    for (size_t i = 0; i < RECORDS; i++)
        if (!strcmp(records[i].part, part) && strcmp(records[i].fault, last) && strcmp(records[i].fault, "-")) {
            last = records[i].fault;
            if (!number--)
                return last;
        }
    return NULL;
}

/* 2b is given what 2a makes of the same X. */
const char *expect(Part *part)
{
    const char *missing = NULL;
    for (Tensor *t = part->tensor; t < part->tensor + part->tensors; t++) {
        const double *given = strcmp(part->name, "2b") ? NULL : expected("2a", t, "-");
        if (given && t->role == STAYS)
            memcpy(t->before, given, entries(t) * sizeof *given);
        if (t->role == MADE || t->role == MOVES) {
            t->right = expected(part->name, t, "-");
            missing = t->right || !strcmp(part->name, "3a") ? missing : t->name;
        }
    }
    return missing;
}
