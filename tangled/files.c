/* Generated from nn.nw; edit there. files.c: numbers as text, whole files, tables */
#define _XOPEN_SOURCE 700                /* for realpath */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "files.h"

bool number_parse(double *x, const char *text)
{
    char local[1024], *end;
    const char *dot = strchr(text, '.');
    if (strlen(text) > 1000 || text[strspn(text, "+-.0123456789eE")])
        return false;
    snprintf(local, sizeof local, "%.*s%s%s", (int)strcspn(text, "."),
             text, dot ? localeconv()->decimal_point : "",
             dot ? dot + 1 : "");
    double value = strtod(local, &end);
    if (end == local || *end || !isfinite(value))
        return false;
    *x = value;
    return true;
}

char *number_format(char out[32], double x)
{
    double back = NAN;
    for (int digits = 15; digits <= 17 && back != x; digits++) {
        snprintf(out, 32, "%.*g", digits, x);
        const char *point = localeconv()->decimal_point;
        char *at = strstr(out, point);
        if (at) {
            const char *rest = at + strlen(point);
            *at = '.';
            memmove(at + 1, rest, strlen(rest) + 1);
        }
        number_parse(&back, out);
    }
    return out;
}

bool output_open(Output *o, const char *path, Error *e)
{
    struct stat old;
    *o = (Output){ .file = stdout, .path = "standard output" };
    if (!path || !strcmp(path, "-"))
        return true;
    if (!realpath(path, o->path)) {
        char target;
        if (readlink(path, &target, 1) >= 0)
            return fail(e, "cannot write %.200s (a link that leads "
                        "nowhere); choose another name", path);
        snprintf(o->path, sizeof o->path, "%s", path);
    }
    bool exists = stat(o->path, &old) == 0;
    if (!exists || S_ISREG(old.st_mode))
        snprintf(o->beside, sizeof o->beside, "%s.%ld.part", o->path,
                 (long)getpid());
    o->file = exists && access(o->path, W_OK) ? NULL
        : *o->beside ? fopen(o->beside, "wx") : fopen(o->path, "w");
    if (!o->file) {
        *o->beside = '\0';
        return fail(e, "cannot write %s (%s); choose another name", path,
                    strerror(errno));
    }
    if (exists && *o->beside)
        fchmod(fileno(o->file), old.st_mode & 0777);
    return true;
}

bool output_close(Output *o, Error *e)
{
    bool good = !ferror(o->file) && !fflush(o->file)
        && (!*o->beside || !fsync(fileno(o->file)));
    if (o->file != stdout && fclose(o->file))
        good = false;
    o->file = NULL;
    if (good && (!*o->beside || !rename(o->beside, o->path)))
        return true;
    fail(e, "could not write all of %s (%s); make room or choose "
         "another place", o->path, strerror(errno));
    output_abandon(o);
    return false;
}

void output_abandon(Output *o)
{
    if (o->file && o->file != stdout)
        fclose(o->file);
    if (*o->beside)
        remove(o->beside);
    *o = (Output){ 0 };
}

typedef struct {
    FILE *file;
    const char *path;
    size_t line;                         /* number of the last line */
    bool end, newline;                   /* no more; it had a '\n' */
    char text[65536];                    /* the line, without '\n' */
} Input;

static bool unreadable(const char *path, Error *e)
{
    return fail(e, "cannot read %s (%s); check the name and what it is",
                path, strerror(errno));
}

uint32_t checksum(uint32_t sum, const char *text)
{
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 0x01000193u;
    return sum;
}

static bool line_read(Input *in, Error *e)
{
    size_t n = 0;
    int c;
    for (in->line++; (c = getc(in->file)) != EOF && c != '\n'; n++) {
        if (c == '\0' || n + 1 == sizeof in->text)
            return fail(e, "%s, line %zu: a zero byte or a line of 64 KB; give "
                        "a text file", in->path, in->line);
        in->text[n] = (char)c;
    }
    in->text[n] = '\0';
    in->newline = c == '\n';
    in->end = c == EOF && n == 0;
    return !ferror(in->file) || unreadable(in->path, e);
}

static bool table_push(Table *t, double x, Error *e)
{
    if (t->count == t->room) {
        size_t room = t->room ? 2 * t->room : 64;
        double *data = allocate(room, sizeof *data, "numbers", e);
        if (!data)
            return false;
        for (size_t i = 0; i < t->count; i++)
            data[i] = t->data[i];
        free(t->data);
        t->data = data;
        t->room = room;
    }
    t->data[t->count++] = x;
    return true;
}

static char *next_field(char **rest)
{
    char *field = *rest, *end = field + strcspn(field, ",");
    *rest = *end ? end + 1 : NULL;
    field += strspn(field, " \t");
    while (end > field && strchr(" \t\r", end[-1]))
        end--;
    *end = '\0';
    return field;
}

static bool row_read(Table *t, Input *in, Error *e)
{
    char *rest = in->text, *odd = NULL;
    size_t before = t->count, cols = 0, at = 0;
    if (in->line == 1 && !strncmp(rest, "\xEF\xBB\xBF", 3))
        rest += 3;
    while (rest) {
        char *field = next_field(&rest);
        double x = 0;
        cols++;
        if (number_parse(&x, field) && fabs(x) <= 1e100) {
            if (!table_push(t, x, e))
                return false;
        } else if (!odd) {
            odd = field;
            at = cols;
        }
    }
    bool header = in->line == 1 && t->count == before;
    if (header)
        snprintf(t->header, sizeof t->header, "%.31s", in->text);
    else if (odd)
        {
            for (char *c = odd; *c; c++)
                *c = *c >= ' ' && *c <= '~' ? *c : '?';
            return fail(e, "%s, line %zu, column %zu: \"%.24s\" is no number; "
                        "write it like -1.5e3", in->path, in->line, at, odd);
        }
    if (in->line == 1) {
        t->cols = cols;
        t->first = header ? 2 : 1;
    }
    return cols == t->cols
        || fail(e, "%s, line %zu: %zu columns, but line 1 has %zu; make "
                "them equal", in->path, in->line, cols, t->cols);
}

static bool rows_read(Table *t, Input *in, Error *e)
{
    uint32_t sum = CHECKSUM_START;
    while (line_read(in, e)) {
        if (in->end)
            return t->count || fail(e, "%s has no rows; give a table "
                                    "of numbers", in->path);
        t->whole = in->newline;
        t->sum = sum;
        sum = checksum(checksum(sum, in->text), "\n");
        if (!row_read(t, in, e))
            return false;
    }
    return false;
}

bool table_read(Table *t, const char *path, Error *e)
{
    Input in = { .file = fopen(path, "r"), .path = path };
    *t = (Table){ 0 };
    if (!in.file)
        return unreadable(path, e);
    bool ok = rows_read(t, &in, e);
    fclose(in.file);
    if (!ok)
        free(t->data);
    return ok;
}

static bool deal(Dataset *D, const Table *t, size_t inputs,
                 const char *path, Error *e)
{
    Dataset made = { 0 };
    size_t rows = t->count / t->cols, labels = t->cols - inputs;
    bool ok = matrix_create(&made.X, rows, inputs, e)
        && (!labels || matrix_create(&made.Y, rows, 1, e));
    for (size_t i = 0; ok && i < rows; i++) {
        const double *row = t->data + i * t->cols;
        double label = row[t->cols - 1];
        for (size_t j = 0; j < inputs; j++)
            AT(made.X, i, j) = row[j];
        if (labels)
            AT(made.Y, i, 0) = label;
        if (labels && label != 0 && label != 1)
            ok = fail(e, "%s, line %zu, column %zu: the label is neither 0 nor "
                      "1; make it one of them", path, i + t->first, t->cols);
    }
    if (!ok)
        dataset_destroy(&made);
    else
        *D = made;
    return ok;
}

bool csv_read(Dataset *D, const char *path, size_t inputs, Error *e)
{
    Table t;
    if (!table_read(&t, path, e))
        return false;
    bool ok = true;
    if (inputs && t.cols != inputs && t.cols != inputs + 1)
        ok = fail(e, "%s has %zu columns; give it %zu, or one more with "
                  "labels", path, t.cols, inputs);
    else if (!inputs && t.cols < 2)
        ok = fail(e, "%s has one column; give inputs, then a label", path);
    if (ok)
        ok = deal(D, &t, inputs ? inputs : t.cols - 1, path, e);
    free(t.data);
    return ok;
}

bool csv_write(const char *path, Dataset D, Error *e)
{
    Output o;
    if (!output_open(&o, path, e))
        return false;
    for (size_t j = 0; j < D.X.cols; j++)
        fprintf(o.file, "x%zu,", j + 1);
    fputs("label\n", o.file);
    for (size_t i = 0; i < D.X.rows; i++) {
        char text[32];
        for (size_t j = 0; j < D.X.cols; j++)
            fprintf(o.file, "%s,", number_format(text, AT(D.X, i, j)));
        fputs(AT(D.Y, i, 0) == 1 ? "1\n" : "0\n", o.file);
    }
    return output_close(&o, e);
}
