/* A folder of its own for each test, and whole files as text. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes an empty folder and goes there; scratch_remove leaves nothing. */
static inline void scratch_make(void)
{
    char name[] = "/tmp/nn-test-XXXXXX";
    cr_assert(mkdtemp(name) != NULL);
    cr_assert(chdir(name) == 0);
}

/* How many entries the folder has, "." and ".." apart. */
static inline size_t scratch_count(void)
{
    size_t count = 0;
    DIR *dir = opendir(".");
    cr_assert(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(dir);
    return count;
}

static inline void scratch_remove(void)
{
    char here[4096];
    DIR *dir = opendir(".");
    cr_assert(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) {
            remove(entry->d_name);
        }
    }
    closedir(dir);
    cr_assert(getcwd(here, sizeof here) != NULL);
    cr_assert(chdir("/") == 0);
    cr_expect(rmdir(here) == 0, "%s isn't empty", here);
}

static inline void write_bytes(const char *path, const char *text, size_t length)
{
    remove(path); /* some file systems are slow to overwrite a file */
    FILE *file = fopen(path, "wb");
    cr_assert(file != NULL);
    cr_assert(fwrite(text, 1, length, file) == length);
    cr_assert(fclose(file) == 0);
}

static inline void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

/* The file and a zero behind it; the caller frees it. */
static inline char *read_bytes(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file != NULL, "%s isn't there", path);
    size_t room = 1 << 20;
    char *text = malloc(room);
    cr_assert(text != NULL);
    *length = fread(text, 1, room - 1, file);
    text[*length] = '\0';
    fclose(file);
    return text;
}

static inline void expect_same_bytes(const char *a, const char *b)
{
    size_t m, n;
    char *x = read_bytes(a, &m), *y = read_bytes(b, &n);
    cr_expect(m == n && memcmp(x, y, m) == 0, "%s and %s differ", a, b);
    free(x);
    free(y);
}

#endif
