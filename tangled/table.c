/* Generated from nn.nw; edit there. table.c: data sets from files as people bring them */
#include <csv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "files.h"
#include "table.h"

enum { COLUMNS = 16384, MOST = 10 };     /* MOST: labels listed */
typedef struct {
    char *field, *name;                  /* no header: no name */
    enum { INPUT, TARGET, DROPPED } role;
} Column;
typedef struct {
    const char *path;
    const Dialect *how;
    Error *e;
    struct csv_parser csv;
    bool blank;                          /* any number of them is one */
    size_t line, first, cols, count;     /* count: of fields in line */
    char *at;                            /* room for a field */
    Column *column;
    size_t inputs, rows;                 /* inputs: wanted, or 0 */
    Dataset D;
    size_t gaps, partial;                /* partial: rows with gaps */
    char gap[64];                        /* where the first is */
    char label[MOST][LABEL];
    size_t labels;                       /* so many */
} Table;

static void keep_field(void *text, size_t length, void *context)
{
    Table *t = context;
    if (t->count == COLUMNS || (!text && t->blank))
        return;
    t->column[t->count++].field = t->at;
    memcpy(t->at, text ? text : "", length + 1);
    t->at += length + 1;
}

static bool is_gap(const char *field)
{
    static const char *const word[] = { "", "?", "NA", "N/A", "NaN" };
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (!strcasecmp(field, word[i]))
            return true;
    return false;
}

static bool listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *c = list; c; c = strchr(c, ',')) {
        c += *c == ',';
        if (!strncmp(c, name, length) && strchr(",", c[length]))
            return true;
    }
    return false;
}

static bool first_row(Table *t, size_t lines)
{
    const Dialect *how = t->how;
    bool header = true;
    for (size_t j = 0; j < t->cols; j++) {
        char *field = t->column[j].field, *end = field;
        bool index = j == 0 && !*field && t->cols > 2;
        strtod(field, &end);
        header &= index || (*end && !is_gap(field));
    }
    size_t count[3] = { 0 }, last = 0, drops = 0;
    for (size_t j = 0; j < t->cols; j++) {
        Column *c = &t->column[j];
        char number[24];
        snprintf(number, sizeof number, "%zu", j + 1);
        c->name = header ? c->field : NULL;
        const char *name = header ? c->field : number;
        c->role = listed(how->drop, name) || listed(how->drop, number)
            ? DROPPED : how->label && (!strcmp(how->label, name)
            || !strcmp(how->label, number)) ? TARGET : INPUT;
        count[c->role]++;
        last = c->role == INPUT ? j : last;
    }
    if (!how->label && count[INPUT] && count[INPUT] != t->inputs) {
        t->column[last].role = TARGET;
        count[INPUT]--;
        count[TARGET]++;
    }
    for (const char *c = how->drop; c; c = strchr(c + 1, ','))
        drops++;
    if (count[DROPPED] < drops || (how->label && count[TARGET] != 1))
        return fail(t->e, "%.200s, line %zu doesn't have each column that "
                    "is named by --label and --drop; look there", t->path,
                    t->first);
    if (t->inputs && count[INPUT] != t->inputs)
        return fail(t->e, "%.200s has %zu columns; give it %zu, or one "
                    "more with labels", t->path, t->cols, t->inputs);
    if (!count[INPUT])
        return fail(t->e, "%.200s has one column; give inputs, then a "
                    "label", t->path);
    if (!dataset_create(&t->D, lines, count[INPUT], t->e))
        return false;
    if (!count[TARGET])
        matrix_destroy(&t->D.Y);
    return true;
}

static bool take_label(Table *t, const char *field)
{
    char text[32];
    double x;
    size_t k = 0;
    const char *label = number_parse(&x, field)
        ? number_format(text, x + 0.0) : field;
    while (k < t->labels && strcmp(t->label[k], label))
        k++;
    if (t->inputs && k == t->labels)
        return fail(t->e, "%.200s, line %zu: the label \"%.60s\" is "
                    "neither %s nor %s; make it one of them", t->path,
                    t->line, label, t->label[0], t->label[1]);
    if (k == MOST || strlen(label) >= LABEL)
        return fail(t->e, "%.200s, line %zu: \"%.60s\" can't be a label; "
                    "%s", t->path, t->line, label, k < MOST
                    ? "make it shorter" : label == text
                    ? "so many numbers are the targets of a regression, "
                    "and nn tells two classes apart"
                    : "it's the 11th; name the right column by --label");
    if (k == t->labels)
        strcpy(t->label[t->labels++], label);
    AT(t->D.Y, t->rows, 0) = (double)k;
    return true;
}

static bool take_row(Table *t)
{
    double *x = t->D.X.data + t->rows * t->D.X.cols;
    const char *label = NULL;
    size_t before = t->gaps;
    for (size_t j = 0; j < t->cols; j++) {
        const char *field = t->column[j].field;
        if (t->column[j].role == DROPPED)
            continue;
        if (is_gap(field)) {
            if (t->gaps++ == 0)
                snprintf(t->gap, sizeof t->gap, "line %zu, column %zu",
                         t->line, j + 1);
        } else if (t->column[j].role == TARGET)
            label = field;
        else if (!number_parse(x, field) || fabs(*x++) > 1e100)
            return fail(t->e, "%.200s, line %zu, column %zu: \"%.24s\" is no "
                        "number; %s", t->path, t->line, j + 1, field,
                        t->blank && strchr(field, ':')
                        ? "this is a libsvm file: write it as a table"
                        : "write it like -1.5e3, or see --label and --drop");
    }
    if (t->gaps > before)
        t->partial++;
    else if (label && !take_label(t, label))
        return false;
    t->rows += t->gaps == before;
    return true;
}

static bool lines_read(Table *t, char *text)
{
    size_t empty = 0, lines = 1;
    for (char *c = text; *c; c++) {
        if (*c == '\r')
            *c = c[1] == '\n' ? ' ' : '\n';
        lines += *c == '\n';
    }
    for (char *next; *text; text = next) {
        size_t length = strcspn(text, "\n");
        next = text + length + (text[length] == '\n');
        t->line++;
        if (*text == '#')
            continue;
        if (strspn(text, " ") >= length) {
            empty = t->first ? t->line : 0;
            continue;
        }
        if (empty)
            return fail(t->e, "%.200s, line %zu is empty; take it out",
                        t->path, empty);
        if (!t->first) {
            const char *c = "\t;, ";
            if (t->how->separator)
                c += t->how->separator - 1;
            else
                while (*c != ' ' && !memchr(text, *c, length))
                    c++;
            csv_set_delim(&t->csv, (unsigned char)*c);
            t->blank = *c == ' ';
            t->first = t->line;
        }
        t->at = text;
        t->count = 0;
        if (csv_parse(&t->csv, text, length, keep_field, NULL, t) < length
            || csv_fini(&t->csv, keep_field, NULL, t))
            return fail(t->e, "%.200s, line %zu: a quotation mark inside a "
                        "field, or without its fellow; mend it", t->path,
                        t->line);
        if (t->count == COLUMNS)
            return fail(t->e, "%.200s, line %zu: more than %d columns; give "
                        "fewer", t->path, t->line, COLUMNS - 1);
        if (t->line == t->first)
            t->cols = t->count;
        if (t->count != t->cols)
            return fail(t->e, "%.200s, line %zu: %zu columns, but line %zu has "
                        "%zu; make them equal", t->path, t->line, t->count,
                        t->first, t->cols);
        if (t->line == t->first && !first_row(t, lines))
            return false;
        if ((t->line > t->first || !t->column->name) && !take_row(t))
            return false;
    }
    return true;
}

static bool judge(Table *t, Labels *labels, Error *note)
{
    if (t->gaps && t->how->incomplete == REFUSE)
        return fail(t->e, "%.200s, %s has no value (gaps: %zu, "
                    "in rows: %zu); fill them, or leave such rows out "
                    "by --incomplete drop", t->path, t->gap, t->gaps,
                    t->partial);
    if (!t->rows)
        return fail(t->e, "%.200s has no rows; give a table of numbers",
                    t->path);
    t->D.X.rows = t->rows;
    t->D.Y.rows = t->D.Y.data ? t->rows : 0;
    if (t->inputs)
        return true;
    char list[256] = "";
    for (size_t k = 0; k < t->labels; k++)
        snprintf(list + strlen(list), sizeof list - strlen(list),
                 "%s%.20s", k ? ", " : "", t->label[k]);
    if (t->labels != 2)
        return fail(t->e, "%.200s has %s %s; nn tells two classes apart",
                    t->path, t->labels > 2 ? "more than two labels:"
                    : "one label only,", list);
    double a, b;
    bool numbers = number_parse(&a, t->label[0])
        && number_parse(&b, t->label[1]);
    bool one = numbers ? a < b : strcmp(t->label[0], t->label[1]) < 0;
    memcpy(labels->name[0], t->label[!one], LABEL);
    memcpy(labels->name[1], t->label[one], LABEL);
    for (size_t i = 0; i < t->rows; i++)
        AT(t->D.Y, i, 0) = AT(t->D.Y, i, 0) == one;
    for (size_t j = 0, k = 0; k < t->D.X.cols; j++) {
        if (t->column[j].role != INPUT)
            continue;
        size_t i = 0;
        const char *name = t->column[j].name;
        while (i < t->rows && AT(t->D.X, i, k) == AT(t->D.X, 0, k))
            i++;
        if (i == t->rows)
            fail(note, "%.200s, column %zu%s%.40s is the same in every row",
                 t->path, j + 1, name ? ", " : "", name ? name : "");
        k++;
    }
    return true;
}

bool dataset_read(Dataset *D, Labels *labels, const char *path,
                  const Dialect *how, size_t inputs, Error *note,
                  Error *e)
{
    Table t = { .path = path, .how = how, .e = e, .inputs = inputs,
                .labels = inputs ? 2 : 0 };
    t.column = allocate(COLUMNS, sizeof *t.column, "columns", e);
    char *text = t.column ? text_read(path, e) : NULL;
    bool marked = text && !strncmp(text, "\xEF\xBB\xBF", 3);
    memcpy(t.label, labels, sizeof *labels);
    csv_init(&t.csv, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL
             | CSV_EMPTY_IS_NULL);
    bool ok = text && lines_read(&t, text + (marked ? 3 : 0))
        && judge(&t, labels, note);
    if (ok)
        *D = t.D;
    else
        dataset_destroy(&t.D);
    csv_free(&t.csv);
    free(text);
    free(t.column);
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
