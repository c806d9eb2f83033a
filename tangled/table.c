/* Generated from nn.nw (MIT licence); edit there. table.c: data sets from files as people bring them */
#include <csv.h>
#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "files.h"
#include "table.h"

typedef enum { INPUT, TARGET, DROPPED } Role;
typedef struct {
    char *text;
    size_t line;
    Role role;                           /* of its column */
} Cell;
typedef struct {
    const Dialect *how;
    struct csv_parser csv;
    char *at;                            /* room for a text */
    Cell *cell, *here, *gap;             /* gap: the first */
    size_t cells, cols, line;
    size_t first, gaps;          /* cell of data; rows with gaps */
    Labels known;                        /* or counted one too many */
    Dataset D;
    Error e;
} Table;
static void keep(void *text, size_t length, void *context)
{
    Table *t = context;
    if (!text && csv_get_delim(&t->csv) == ' ')
        return;
    memcpy(t->at, text ? text : "", length + 1);
    t->cell[t->cells++] = (Cell){ .text = t->at, .line = t->line };
    t->at += length + 1;
}
static bool cut(Table *t, char *text)
{
    for (char *next; *text; text = next) {
        size_t length = strcspn(text, "\n"), before = t->cells;
        next = text + length + (text[length] == '\n');
        t->at = text;
        t->line++;
        char known[] = { (char)csv_get_delim(&t->csv), '\n', 0 };
        size_t words = strcspn(text, t->cols ? known : "\t;,\n");
        if (*text == '#' && (text[1] == ' ' || words == length))
            continue;
        if (!t->cols)
            {
                size_t k = t->how->separator;
                const char *c = &"\t\t;, "[k];       /* the first: to begin with */
                while (!k && *c != ' ' && !memchr(text, *c, length))
                    c++;
                csv_set_delim(&t->csv, (unsigned char)*c);
            }
        if (csv_parse(&t->csv, text, length, keep, NULL, t) != length
            || csv_fini(&t->csv, keep, NULL, t))
            return fail(&t->e, csv_error(&t->csv) == CSV_ENOMEM
                        ? "no memory for its fields; free some"
                        : "a quotation mark inside a field, or without "
                        "its fellow; mend it, or see --separator");
        if (!t->cols)
            t->cols = t->cells;
        if (t->cells - before != t->cols)
            return fail(&t->e, "%zu columns, but %zu in the first row; "
                        "make them equal", t->cells - before, t->cols);
    }
    t->line = 0;
    return true;
}
static bool is_gap(const char *text)
{
    return !*text || !strcmp(text, "?") || !strcasecmp(text, "NA")
        || !strcasecmp(text, "N/A") || !strcasecmp(text, "NaN")
        || !strcasecmp(text, "#N/A");
}
static bool assign(Table *t, const char *list, Role role)
{
    for (size_t n; list && *list; list += n + (list[n] == ',')) {
        size_t j = strtoul(list, NULL, 10) - 1;
        n = strcspn(list, ",");
        if (strspn(list, "0123456789") != n)
            for (j = t->first ? 0 : t->cols; j < t->cols; j++)
                if (strlen(t->cell[j].text) == n
                    && !strncmp(t->cell[j].text, list, n))
                    break;
        if (j >= t->cols || t->cell[j].role != INPUT)
            return fail(&t->e, "no column \"%.*s\" is left for --label "
                        "or --drop; look at its first line", (int)n,
                        list);
        t->cell[j].role = role;
    }
    return true;
}
static bool columns(Table *t, size_t inputs)
{
    size_t count[3] = { 0 };
    Cell *last = NULL;
    bool header = true;
    for (size_t j = 0; j < t->cols; j++) {
        char *text = t->cell[j].text, *end;
        bool index = j == 0 && !*text && t->cols > 2;
        strtod(text, &end);
        bool word = *end && text[strspn(text, "+-.,:/'_%$ 0123456789")];
        header &= index || (word && !is_gap(text));
    }
    t->first = header ? t->cols : 0;
    if (!assign(t, t->how->label, TARGET)
        || !assign(t, t->how->drop, DROPPED))
        return false;
    for (Cell *c = t->cell; c < t->cell + t->cols; c++) {
        count[c->role]++;
        last = c->role == INPUT ? c : last;
    }
    if (!t->how->label && last && count[INPUT] != inputs) {
        last->role = TARGET;
        count[INPUT]--;
        count[TARGET]++;
    }
    if (count[TARGET] > 1 || !count[INPUT]
        || (inputs && count[INPUT] != inputs))
        return fail(&t->e, "its rows have %zu labels and %zu inputs, "
                    "not 1 and %zu%s; see --label and --drop",
                    count[TARGET], count[INPUT], inputs + !inputs,
                    inputs ? "" : " or more");
    if (!dataset_create(&t->D, t->cells / t->cols, count[INPUT], &t->e))
        return false;
    if (!count[TARGET])
        matrix_destroy(&t->D.Y);
    t->D.X.rows = 0;
    return true;
}
static bool take(Table *t, Cell *row)
{
    double *x = &AT(t->D.X, t->D.X.rows, 0);
    bool whole = true;
    for (size_t j = 0; j < t->cols; j++) {
        Cell *column = &t->cell[j];
        t->here = &row[j];
        if (column->role == DROPPED)
            continue;
        if (is_gap(t->here->text)) {
            t->gap = t->gap ? t->gap : t->here;
            whole = false;
        } else if (column->role == TARGET)
            AT(t->D.Y, t->D.X.rows, 0) = (double)(t->here - t->cell);
        else if (!number_parse(x, t->here->text) || fabs(*x) > 1e100)
            return fail(&t->e, "no number; write it like -1.5e3, or see "
                        "--label and --drop");
        else
            x++;
    }
    t->D.X.rows += whole;
    t->gaps += !whole;
    return true;
}
static bool rows(Table *t)
{
    for (size_t at = t->first; at < t->cells; at += t->cols)
        if (!take(t, &t->cell[at]))
            return false;
    t->here = t->gap;
    if (t->gaps && t->how->incomplete == REFUSE)
        return fail(&t->e, "no value (rows with gaps: %zu); fill them, "
                    "or leave them out by --incomplete drop", t->gaps);
    t->here = NULL;
    t->D.Y.rows = t->D.Y.data ? t->D.X.rows : 0;
    return t->D.X.rows > 0
        || fail(&t->e, "it has no whole row; give a table of numbers");
}
static int order(const void *a, const void *b)
{
    double x, y;
    bool first = number_parse(&x, a), second = number_parse(&y, b);
    if (first != second)
        return second - first;
    return first ? (x > y) - (x < y) : strcmp(a, b);
}
static bool labels_read(Table *t)
{
    Matrix Y = t->D.Y;
    Labels *l = &t->known;
    if (!l->count) {
        for (size_t i = 0; i < Y.rows; i++) {
            Cell *cell = &t->cell[(size_t)AT(Y, i, 0)];
            size_t k = l->count;
            if (lfind(cell->text, l->name, &k, LABEL, order))
                continue;
            t->here = cell;
            if (l->count++ == CLASSES)
                break;
            if (strlen(cell->text) >= LABEL)
                return fail(&t->e, "a label of more than %d bytes; make it "
                            "shorter", LABEL - 1);
            for (; k > 0 && order(l->name[k - 1], cell->text) > 0; k--)
                strcpy(l->name[k], l->name[k - 1]);
            strcpy(l->name[k], cell->text);
        }
        if (l->count < 2)
            return fail(&t->e, "the only label; nn tells classes apart");
        if (l->count > CLASSES || (l->count > 2 && 2 * l->count > Y.rows))
            return fail(&t->e, "one of %zu labels or more in %zu rows; nn "
                        "tells up to %d classes apart, and does no regression; "
                        "see --label", l->count, Y.rows, CLASSES);
    }
    for (size_t i = 0; i < Y.rows; i++) {
        t->here = &t->cell[(size_t)AT(Y, i, 0)];
        char (*at)[LABEL] = lfind(t->here->text, l->name, &l->count, LABEL,
                                  order);
        if (!at)
            return fail(&t->e, "none of the %zu labels, \"%.60s\" to "
                        "\"%.60s\"; see --label", l->count, l->name[0],
                        l->name[l->count - 1]);
        AT(Y, i, 0) = (double)(at - l->name);
    }
    return true;
}
bool dataset_read(Dataset *D, Labels *labels, const char *path,
                  const Dialect *how, size_t inputs, Error *note,
                  Error *e)
{
    Table t = { .how = how };
    char *text = text_read(path, e);
    if (!text)
        return false;
    size_t room = 1;
    char *c = text;
    for (; *c; c++) {
        if (*c == '\r')
            *c = c[1] == '\n' ? ' ' : '\n';
        room += strchr("\t;, \n", *c) != NULL;
    }
    while (c > text && strchr(" \n", c[-1]))
        *--c = '\0';
    bool mark = !strncmp(text, "\xEF\xBB\xBF", 3);
    t.cell = allocate(room, sizeof *t.cell, "cells", &t.e);
    csv_init(&t.csv, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL
             | CSV_EMPTY_IS_NULL);
    if (inputs)
        t.known = *labels;
    bool ok = t.cell && cut(&t, text + (mark ? 3 : 0))
        && (!t.cells || columns(&t, inputs)) && rows(&t)
        && labels_read(&t);
    if (ok) {
        if (!*t.cell->text && t.cell->role == INPUT)
            fail(note, "%.200s: column 1 has no name; if it counts the rows, "
                 "leave it out by --drop 1", path);
        for (size_t j = 0, k = 0; !inputs && j < t.cols; j++) {
            bool varies = t.cell[j].role != INPUT;
            for (size_t i = 1; !varies && i < t.D.X.rows; i++)
                varies = AT(t.D.X, i, k) != AT(t.D.X, 0, k);
            if (!varies)
                fail(note, "%.200s: column %zu, \"%.40s\", is the same in "
                     "every row", path, j + 1, t.cell[j].text);
            k += t.cell[j].role == INPUT;
        }
        if (t.gaps)
            fail(note, "%.200s: rows left out, with gaps: %zu, the first in "
                 "line %zu", path, t.gaps, t.gap->line);
        *labels = t.known;
        *D = t.D;
    } else
        {
            bool svm = t.cells && csv_get_delim(&t.csv) == ' '
                && strchr(t.cell[t.cells - 1].text, ':');
            const char *kind = svm ? " (a libsvm file: write a table)" : "";
            dataset_destroy(&t.D);
            if (t.here)
                fail(e, "%.200s, line %zu, column %zu: \"%.60s\" is %s%s", path,
                     t.here->line, (size_t)(t.here - t.cell) % t.cols + 1,
                     t.here->text, t.e.text, kind);
            else
                fail(e, t.line ? "%.200s, line %zu: %s%s" : "%.200s:%.0zu %s%s",
                     path, t.line, t.e.text, kind);
        }
    csv_free(&t.csv);
    free(text);
    free(t.cell);
    return ok;
}
bool dataset_write(const char *path, Dataset D, Error *e)
{
    Output o;
    char text[32];
    if (!output_open(&o, path, e))
        return false;
    for (size_t j = 0; j < D.X.cols; j++)
        fprintf(o.file, "x%zu,", j + 1);
    fputs("label\n", o.file);
    for (size_t i = 0; i < D.X.rows; i++) {
        for (size_t j = 0; j < D.X.cols; j++)
            fprintf(o.file, "%s,", number_format(text, AT(D.X, i, j)));
        fprintf(o.file, "%d\n", AT(D.Y, i, 0) == 1);
    }
    return output_close(&o, e);
}
