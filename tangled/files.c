/* Generated from nn.nw; edit there. files.c: numbers as text, whole files */
#define _XOPEN_SOURCE 700                /* for realpath */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "files.h"

bool number_parse(double *x, const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (!*text || *end || text[strspn(text, "+-.0123456789eE")]
        || !isfinite(value))
        return false;
    *x = value;
    return true;
}

char *number_format(char out[32], double x)
{
    double back = NAN;
    for (int digits = 15; digits <= 17 && back != x; digits++) {
        snprintf(out, 32, "%.*g", digits, x);
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
    if (!realpath(path, o->path))
        snprintf(o->path, sizeof o->path, "%s", path);
    bool exists = lstat(o->path, &old) == 0;
    if (!exists || S_ISREG(old.st_mode))
        snprintf(o->beside, sizeof o->beside, "%s.%ld.part", o->path,
                 (long)getpid());
    o->file = exists && access(o->path, W_OK) ? NULL
        : *o->beside ? fopen(o->beside, "wx") : fopen(o->path, "w");
    if (!o->file) {
        *o->beside = '\0';
        return fail(e, "cannot write %.300s (%s); choose another name",
                    path, strerror(errno));
    }
    if (exists && *o->beside)
        fchmod(fileno(o->file), old.st_mode & 0777);
    return true;
}

bool output_close(Output *o, Error *e)
{
    errno = 0;
    bool good = !fflush(o->file) && !ferror(o->file)
        && (!*o->beside || !fsync(fileno(o->file)));
    if (o->file != stdout && fclose(o->file))
        good = false;
    o->file = NULL;
    if (good && (!*o->beside || !rename(o->beside, o->path)))
        return true;
    fail(e, "could not write all of %.300s (%s); make room or choose "
         "another place", o->path, strerror(errno ? errno : ENOSPC));
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

static const char *const foreign[][2] = {
    { "\xFF\xFE", "a UTF-16 file: save it as UTF-8" },
    { "\xFE\xFF", "a UTF-16 file: save it as UTF-8" },
    { "PK\3\4", "an Excel file or another zip: save a table as CSV" },
    { "@", "an ARFF file: give the rows that follow its @data" },
    { "%", "an ARFF file: give the rows that follow its @data" },
};

char *text_read(const char *path, Error *e)
{
    size_t room = 1;
    char *text = allocate(room, 1, "bytes", e);
    if (!text)
        return NULL;
    FILE *file = strcmp(path, "-") ? fopen(path, "r") : stdin;
    ssize_t length = file ? getdelim(&text, &room, '\0', file) : -1;
    bool ok = length >= 0 || (file && feof(file) && !ferror(file));
    if (!ok)
        fail(e, "cannot read %.300s (%s); check the name and what it "
             "is", path, strerror(errno));
    for (size_t i = 0; ok && i < sizeof foreign / sizeof *foreign; i++)
        if (!strncmp(text, foreign[i][0], strlen(foreign[i][0])))
            ok = fail(e, "%.300s: this is %s", path, foreign[i][1]);
    if (ok && length > 0 && !text[length - 1])
        ok = fail(e, "%.300s has a zero byte; give a text file", path);
    if (file && file != stdin)
        fclose(file);
    if (ok)
        return text;
    free(text);
    return NULL;
}
