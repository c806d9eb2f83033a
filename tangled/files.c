/* Generated from nn.nw (MIT licence); edit there. files.c: numbers as text, whole files */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include "files.h"

static Output *opened;                   /* with a file beside */
static int standard = STDOUT_FILENO;     /* once taken, its copy */

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
static bool is_open(const struct stat *file, int descriptor)
{
    struct stat other;
    return !S_ISCHR(file->st_mode) && !fstat(descriptor, &other)
        && file->st_ino == other.st_ino
        && file->st_dev == other.st_dev;
}

static bool take_standard(Output *o, Error *e)
{
    struct stat here;
    if (standard == STDOUT_FILENO)
        standard = dup(STDOUT_FILENO);
    o->file = fdopen(dup(standard), "w");
    if (!o->file || fstat(standard, &here))
        return fail(e, "cannot write to standard output, which is "
                    "closed; give it a file");
    dup2(is_open(&here, STDERR_FILENO) ? open("/dev/null", O_WRONLY)
         : STDERR_FILENO, STDOUT_FILENO);
    return true;
}

static void resolve(char real[PATH_MAX], const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    snprintf(folder, sizeof folder, "%.*s.", (int)(name - path), path);
    if (realpath(path, real))
        return;
    if (!realpath(folder, real)
        || strlen(real) + strlen(name) + 2 > PATH_MAX)
        snprintf(real, PATH_MAX, "%s", path);
    else
        sprintf(strchr(real, 0), "/%s", name);
}

bool output_open(Output *o, const char *path, Error *e)
{
    struct stat old;
    *o = (Output){ .path = "standard output" };
    bool exists = path && !stat(path, &old);
    if (!path || !strcmp(path, "-")
        || (exists && (is_open(&old, STDOUT_FILENO)
                       || is_open(&old, standard))))
        return take_standard(o, e);
    resolve(o->path, path);
    for (int k = STDERR_FILENO; exists && !o->file && k < 10; k++)
        if (is_open(&old, k))
            o->file = fdopen(dup(k), "w");
    bool allowed = !o->file && (exists ? !access(path, W_OK)
                                : lstat(path, &old) && errno == ENOENT);
    if (allowed && (!exists || S_ISREG(old.st_mode))) {
        const char *name = strrchr(o->path, '/');
        mode_t mask = umask(0);
        umask(mask);
        snprintf(o->beside, sizeof o->beside, "%.*snn.part.XXXXXX",
                 name ? (int)(name + 1 - o->path) : 0, o->path);
        o->next = opened;
        opened = o;
        int file = mkstemp(o->beside);
        if (file >= 0) {
            fchmod(file, exists ? old.st_mode & 0777 : 0666 & ~mask);
            o->file = fdopen(file, "w");
        }
    } else if (allowed)
        o->file = fopen(o->path, "w");
    if (o->file)
        return true;
    fail(e, "cannot write %.300s (%s); choose another name", path,
         strerror(errno));
    output_abandon(o);
    return false;
}
bool output_close(Output *o, Error *e)
{
    errno = interrupted() && ferror(o->file) ? EINTR : 0;
    bool good = !errno && !fflush(o->file) && !ferror(o->file)
        && (!*o->beside || (!fsync(fileno(o->file))
                            && !rename(o->beside, o->path)));
    if (!good && !errno && write(fileno(o->file), "\n", 1) > 0)
        errno = ENOSPC;
    if (!good)
        fail(e, "could not write all of %.300s (%s); make room or "
             "choose another place", o->path, strerror(errno));
    output_abandon(o);
    return good;
}
void output_abandon(Output *o)
{
    Output **at = &opened;
    if (o->file) {
        close(fileno(o->file));
        fclose(o->file);
    }
    remove(o->beside);
    while (*at && *at != o)
        at = &(*at)->next;
    *at = o->next;
    *o = (Output){ 0 };
}
void outputs_remove(void)
{
    for (Output *o = opened; o; o = o->next)
        unlink(o->beside);
}
static const char *const foreign[][2] = {
    { "\xFF\xFE", "this is UTF-16: save it as UTF-8" },
    { "\xFE\xFF", "this is UTF-16: save it as UTF-8" },
    { "PK\3\4", "this is an Excel file or a zip: save a table as CSV" },
    { "@relation", "this is an ARFF file: give the rows behind @data" },
    { "% ", "it has comments with %, as ARFF: give the rows alone" },
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
        if (!strncasecmp(text, foreign[i][0], strlen(foreign[i][0])))
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
