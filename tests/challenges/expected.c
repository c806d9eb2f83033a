/* expected.c: recorded numbers.  A line of expected.tsv, with tabs: part, tensor, fault ("-": these are the
   right numbers), and the numbers of all cases that have this tensor, one after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

enum { MOST = 200 };
static struct { char part[3], tensor[16], fault[100]; double *values; } record[MOST];
static size_t records;

bool read_expected(char *text)
{
    char *end;
    int used;
    for (; (end = strchr(text, '\n')) && records < MOST; text = end + 1) {
        *end = 0;
        if (*text == '#')
            continue;
        double *values = zeroed((size_t)(end - text) * sizeof *values);
        if (sscanf(text, "%2s\t%15[^\t]\t%99[^\t]\t%n", record[records].part, record[records].tensor,
                   record[records].fault, &used) != 3)
            return false;
        record[records++].values = values;
        for (char *p = text + used, *q; *values++ = strtod(p, &q), p != q; p = q)
            ;
    }
    return !*text;
}

const double *expected(const char *part, Case *cases, size_t number, const char *tensor, const char *name)
{
    size_t before = 0;
    for (size_t n = 0; n < number; n++) {
        Tensor *t = find_tensor(&cases[n], tensor);
        before += t ? entries(t) : 0;
    }
    for (size_t i = 0; i < records; i++)
        if (!strcmp(record[i].part, part) && !strcmp(record[i].tensor, tensor) && !strcmp(record[i].fault, name))
            return record[i].values + before;
    return NULL;
}

/* A fault has a line for each tensor that it spoils; these lines stand together. */
const char *fault_name(const char *part, size_t i)
{
    const char *last = "-";
    for (size_t j = 0; j < records; j++)
        if (!strcmp(record[j].part, part) && strcmp(record[j].fault, "-") && strcmp(record[j].fault, last)) {
            last = record[j].fault;
            if (!i--)
                return last;
        }
    return NULL;
}

/* 2b is given what 2a makes of the same X. */
const char *expect(const char *part, Case *cases, size_t count)
{
    const char *missing = NULL;
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; t < cases[n].tensors; t++) {
            Tensor *T = &cases[n].tensor[t];
            const double *given = strcmp(part, "2b") ? NULL : expected("2a", cases, n, T->name, "-");
            if (given && (!strcmp(T->name, "n.Xhat") || !strcmp(T->name, "n.inverse")))
                memcpy(T->before, given, entries(T) * sizeof *given);
            if (T->role != MADE && T->role != MOVES)
                continue;
            T->right = expected(part, cases, n, T->name, "-");
            if (!T->right && strcmp(part, "3a"))
                missing = T->name;
        }
    return missing;
}
