/* expected.c: recorded numbers.  A line of expected.tsv: part, number of the case, tensor, fault ("-" for
   the right numbers), the numbers themselves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

enum { MOST_FAULTS = 100 };

typedef struct {
    char *part, *tensor, *fault;
    size_t number;
    double *values;
} Record;

static Record *record;
static size_t records;
static const char *fault[MOST_FAULTS];      /* each once */
static const char *fault_part[MOST_FAULTS];
static size_t faults;

static void *keep(void *memory)
{
    if (!memory) {
        fputs("board: not enough memory\n", stderr);
        exit(2);
    }
    return memory;
}

/* The last attempt, which finds no number, writes one place further. */
static double *read_numbers(const char *text)
{
    double *values = keep(calloc(strlen(text) / 2 + 2, sizeof *values));
    char *end;
    for (size_t i = 0; values[i] = strtod(text, &end), end != text; i++)
        text = end;
    return values;
}

static void keep_fault(const char *part, const char *name)
{
    for (size_t i = 0; i < faults; i++)
        if (!strcmp(fault[i], name) && !strcmp(fault_part[i], part))
            return;
    if (strcmp(name, "-") && faults < MOST_FAULTS) {
        fault_part[faults] = part;
        fault[faults++] = name;
    }
}

static bool read_line(char *text)
{
    char *field[5];
    for (size_t i = 0; i < 5; i++)
        if (!(field[i] = strtok(i ? NULL : text, "\t\n")))
            return false;
    record = keep(realloc(record, (records + 1) * sizeof *record));
    record[records++] = (Record){
        field[0], field[2], field[3], (size_t)atoi(field[1]), read_numbers(field[4])
    };
    keep_fault(field[0], field[3]);
    return true;
}

bool open_expected(const char *path)
{
    FILE *f = fopen(path, "r");
    char text[4096];
    bool good = f;
    while (f && fgets(text, sizeof text, f))
        if (text[0] != '#')
            good &= read_line(keep(strdup(text)));
    return f && fclose(f) == 0 && good;
}

const double *expected(const char *part, size_t number, const char *tensor, const char *name)
{
    for (size_t i = 0; i < records; i++)
        if (record[i].number == number && !strcmp(record[i].part, part)
            && !strcmp(record[i].tensor, tensor) && !strcmp(record[i].fault, name))
            return record[i].values;
    return NULL;
}

const char *fault_name(const char *part, size_t i)
{
    for (size_t j = 0; j < faults; j++)
        if (!strcmp(fault_part[j], part) && i-- == 0)
            return fault[j];
    return NULL;
}

/* Fifteen digits: the same on every machine, and closer than anything is compared. */
void record_part(const char *part, const Case *cases, size_t count)
{
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; t < cases[n].tensors; t++) {
            const Tensor *T = &cases[n].tensor[t];
            if (T->role != MADE && T->role != MOVES)
                continue;
            printf("%s\t%zu\t%s\t-\t", part, n, T->name);
            for (size_t i = 0; i < T->rows * T->cols; i++) {
                double x = T->after[i];
                if (isnan(x))
                    printf("%snan", i ? " " : "");
                else
                    printf("%s%.15g", i ? " " : "", x);
            }
            putchar('\n');
        }
}
