/* source.c: where in nn.nw a part's code is */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

static char **line;             /* line[0] is the first */
static int lines;

bool open_source(const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f)
        return false;
    char text[4096];
    while (fgets(text, sizeof text, f)) {
        if (!(line = realloc(line, (size_t)(lines + 1) * sizeof *line)) || !(line[lines] = strdup(text)))
            exit(2);
        lines++;
    }
    return fclose(f) == 0;
}

/* ANSWERS, in the environment, as in tests/tangle.sh: then the code is the answer's */
static bool answered(const char *part)
{
    const char *answers = getenv("ANSWERS");
    return answers && (strstr(answers, part) || strstr(answers, "all"));
}

/* Is it a line that the stub has, too, or none at all? */
static bool of_stub(const char *text)
{
    static const char *const stub[] = { "not_begun(", "matrix_copy(Z, X);", "matrix_copy(dX, dZ);" };
    text += strspn(text, " \t\r\n");
    for (size_t i = 0; i < sizeof stub / sizeof *stub; i++)
        if (!strncmp(text, stub[i], strlen(stub[i]))) {
            text += strcspn(text, ";");
            text += *text == ';';
            text += strspn(text, " \t\r\n");
        }
    return !*text || !strncmp(text, "/*", 2) || !strncmp(text, "//", 2);
}

Chunk find_chunk(const char *part)
{
    Chunk c = { 0 };
    char head[32];
    int n = snprintf(head, sizeof head, "<<%s %s: ", answered(part) ? "answer" : "challenge", part), i = 0;
    while (i < lines && (strncmp(line[i], head, (size_t)n) || !strstr(line[i], ">>=")))
        i++;
    if (i == lines)
        return c;
    c.first = i + 2;
    for (i++; i < lines && !(line[i][0] == '@' && (!line[i][1] || isspace((unsigned char)line[i][1]))); i++)
        c.edited |= !of_stub(line[i]);
    c.last = i;
    return c;
}

static bool part_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '>';
}

/* Where the word is in the text, on its own if whole; or NULL */
static const char *find_word(const char *text, const char *word, bool whole)
{
    size_t n = strlen(word);
    for (const char *p = text; (p = strstr(p, word)); p++)
        if (!whole || ((p == text || !part_of_word(p[-1])) && !isalnum((unsigned char)p[n]) && p[n] != '_'))
            return p;
    return NULL;
}

static bool assigns(const char *text)
{
    for (const char *p = text; (p = strchr(p, '=')); p++)
        if (p[1] != '=' && !strchr("=<>!", p[-1]))
            return true;
    return false;
}

/* The first line that assigns to it, or else the first that has it */
int line_with(Chunk chunk, const char *word, bool whole)
{
    int found = 0;
    for (int i = chunk.first; word && i <= chunk.last; i++) {
        const char *p = find_word(line[i - 1], word, whole);
        if (p && assigns(p))
            return i;
        if (p && !found)
            found = i;
    }
    return found;
}

/* The first line in the chunk that a sanitizer's report names, or else the first of nn.nw */
int line_named_in(Chunk chunk, const char *report)
{
    int first = 0;
    for (const char *p = report; (p = strstr(p, ".nw:")); p++) {
        int n = atoi(p + 4);
        if (n >= chunk.first && n <= chunk.last)
            return n;
        first = first ? first : n;
    }
    return first;
}
