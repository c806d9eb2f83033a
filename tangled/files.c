/* Generated from nn.nw; edit there. files.c: numbers as text, whole files */
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
    if (o->file && exists && *o->beside)
        fchmod(fileno(o->file), old.st_mode & 0777);
    if (o->file)
        return true;
    *o->beside = '\0';
    return fail(e, "cannot write %.300s (%s); choose another name",
                path, strerror(errno));
}
bool output_close(Output *o, Error *e)
{
    errno = 0;
    bool good = !fflush(o->file) && !ferror(o->file)
        && (!*o->beside || (!fsync(fileno(o->file))
                            && !rename(o->beside, o->path)));
    if (!good)
        fail(e, "could not write all of %.300s (%s); make room or "
             "choose another place", o->path,
             strerror(errno ? errno : ENOSPC));
    output_abandon(o);
    return good;
}
void output_abandon(Output *o)
{
    if (o->file && o->file != stdout)
        fclose(o->file);
    remove(o->beside);
    *o = (Output){ 0 };
}
static const char *const foreign[][2] = {
    { "\xFF\xFE", "this is UTF-16: save it as UTF-8" },
    { "\xFE\xFF", "this is UTF-16: save it as UTF-8" },
    { "PK\3\4", "this is an Excel file or a zip: save a table as CSV" },
    { "@", "this is an ARFF file: give the rows behind its @data" },
    { "%", "this is an ARFF file: give the rows behind its @data" },
};
enum { FOREIGN = sizeof foreign / sizeof *foreign };
char *text_read(const char *path, Error *e)
{
    size_t room = 1;
    char *text = strdup("");
    FILE *file = strcmp(path, "-") ? fopen(path, "r") : stdin;
    bool read = text && file
        && (getdelim(&text, &room, '\0', file) >= 0 || feof(file));
    const char *what = !read || ferror(file) ? strerror(errno)
        : feof(file) ? NULL : "it has a zero byte and is no text";
    for (size_t i = 0; read && i < FOREIGN; i++)
        if (!strncmp(text, foreign[i][0], strlen(foreign[i][0])))
            what = foreign[i][1];
    if (file && file != stdin)
        fclose(file);
    if (!what)
        return text;
    free(text);
    fail(e, "cannot read %.300s (%s); check the name and what it is",
         path, what);
    return NULL;
}
