/* board.c: judges the parts of the challenges.

     board [--source nn.nw] [--runner FILE] [--expected FILE] [--record] [PART...]

   For each part one line: part, "not begun" or "wrong" or "done", and a message, with tabs between them; then
   details, each line beginning with a tab.  Run it from the folder that has tests/.  --record prints what the
   parts make of the cases, for expected.tsv. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

enum { MOST_PARTS = 99, MOST_LINES = 12 };
static const char *const parts_file = "tests/challenges/parts.tsv";
static char parts[MOST_PARTS][3];
static int part_count;

/* The first two letters of each line that begins with a digit */
static bool read_parts(void)
{
    char line[1000];
    FILE *f = fopen(parts_file, "r");
    if (!f)
        return false;
    while (part_count < MOST_PARTS && fgets(line, sizeof line, f))
        if (*line >= '0' && *line <= '9')
            snprintf(parts[part_count++], sizeof *parts, "%.2s", line);
    fclose(f);
    return part_count > 0;
}

/* 2b needs what 2a makes of the same X. */
static void prepare(const char *part, Case *cases, size_t count)
{
    static const char *const names[] = { "n.Xhat", "n.inverse" };
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; t < cases[n].tensors; t++) {
            Tensor *T = &cases[n].tensor[t];
            for (size_t i = 0; i < 2 && !strcmp(part, "2b"); i++) {
                const double *values = expected("2a", n, names[i], "-");
                if (values && !strcmp(T->name, names[i]))
                    memcpy(T->before, values, T->rows * T->cols * sizeof *values);
            }
            T->right = T->role == MADE || T->role == MOVES ? expected(part, n, T->name, "-") : NULL;
        }
}

static bool by_properties(const char *part)
{
    return !strcmp(part, "3a") || !strcmp(part, "4a");
}

/* A result that nobody recorded would be taken for a right one. */
static void all_recorded(const char *part, const Case *cases, size_t count)
{
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; t < cases[n].tensors; t++) {
            const Tensor *T = &cases[n].tensor[t];
            if (!T->right && (T->role == MADE || T->role == MOVES)) {
                fprintf(stderr, "board: %s of part %s, case %zu, is not in expected.tsv; say make record\n",
                        T->name, part, n);
                exit(2);
            }
        }
}

/* What the code printed, without what the sanitizers did */
static void show_printed(const char *text, FILE *details)
{
    int lines = 0;
    while (*text && lines < MOST_LINES) {
        size_t n = strcspn(text, "\n");
        if (!strncmp(text, "=====", 5) || !strncmp(text, "    #0 ", 7) || !strncmp(text, "AddressSanitizer:", 17))
            return;
        char line[100];
        size_t m = n < sizeof line ? n : sizeof line - 1;
        for (size_t i = 0; i < m; i++)
            line[i] = (unsigned char)text[i] < ' ' || text[i] == 127 ? ' ' : text[i];
        line[m] = 0;
        if (strstr(line, "runtime error: "))
            return;
        fprintf(details, "%s\t  %s\n", lines++ ? "" : "\tyour code printed:\n", line);
        text += n + (text[n] != 0);
    }
    if (*text)
        fprintf(details, "\t  ...\n");
}

/* The state, and a message with the line to look at */
static const char *judge(const char *part, Case *cases, size_t count, const Run *run, char *message, FILE *details)
{
    Chunk chunk = find_chunk(part);
    char word[64] = "";
    bool right = false;
    *message = 0;
    if (!*run->fault && run->not_begun) {
        if (chunk.edited)
            snprintf(message, MAX_TEXT, "remove the line not_begun(\"%s\"); from your code, and it is judged. nn.nw:%d",
                     part, line_with(chunk, "not_begun", false));
        return "not begun";
    }
    if (*run->fault)
        snprintf(message, MAX_TEXT, "%s", run->fault);
    else if (!strcmp(part, "3a"))
        right = judge_dropout(cases, count, message, word, details);
    else if (!strcmp(part, "4a"))
        right = judge_catch(cases, count, message, word, details);
    else
        right = judge_numbers(part, cases, count, message, word, details);
    if (right)
        return "done";
    int line = run->line ? run->line : *run->fault ? line_named_in(chunk, run->printed) : line_with(chunk, word, true);
    if (!line && run->look)
        line = line_with(chunk, run->look, false);
    line = line ? line : chunk.first;
    if (line)
        snprintf(message + strlen(message), MAX_TEXT - strlen(message), ". nn.nw:%d", line);
    return "wrong";
}

static void free_cases(Case *cases, size_t count)
{
    for (size_t n = 0; n < count; n++)
        for (size_t t = 0; t < cases[n].tensors; t++) {
            free(cases[n].tensor[t].before);
            free(cases[n].tensor[t].after);
        }
}

/* one line, whatever the student's code has sent */
static void plain(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = ' ';
}

static void do_part(const char *runner, const char *part, bool record)
{
    static Case cases[MAX_CASES];
    char message[MAX_TEXT], *details;
    size_t count = make_cases(part, cases), size;
    FILE *f = open_memstream(&details, &size);
    prepare(part, cases, count);
    if (!record && !by_properties(part))
        all_recorded(part, cases, count);
    Run run = run_part(runner, part, cases, count);
    if (record && !by_properties(part)) {
        record_part(part, cases, count);
    } else if (!record) {
        const char *state = judge(part, cases, count, &run, message, f);
        show_printed(run.printed, f);
        fflush(f);
        plain(message);
        printf("%s\t%s\t%s\n%s", part, state, message, details);
    }
    fclose(f);
    free(details);
    free(run.printed);
    free_cases(cases, count);
}

static bool known(const char *part)
{
    for (int i = 0; i < part_count; i++)
        if (!strcmp(part, parts[i]))
            return true;
    fprintf(stderr, "board: there is no part '%s'; the parts are in %s\n", part, parts_file);
    return false;
}

int main(int argc, char **argv)
{
    const char *source = "nn.nw", *record_file = "tests/challenges/expected.tsv";
    char runner[4096];
    bool record = false;
    int i;
    char *slash = strrchr(argv[0], '/');
    snprintf(runner, sizeof runner, "%.*srunner", slash ? (int)(slash + 1 - argv[0]) : 0, argv[0]);
    for (i = 1; i < argc && argv[i][0] == '-'; i++)
        if (!strcmp(argv[i], "--record"))
            record = true;
        else if (!strcmp(argv[i], "--source") && i + 1 < argc)
            source = argv[++i];
        else if (!strcmp(argv[i], "--runner") && i + 1 < argc)
            snprintf(runner, sizeof runner, "%s", argv[++i]);
        else if (!strcmp(argv[i], "--expected") && i + 1 < argc)
            record_file = argv[++i];
        else {
            fprintf(stderr, "usage: board [--source nn.nw] [--runner FILE] [--expected FILE] [--record] [PART...]\n");
            return 2;
        }
    char *path = realpath(runner, NULL);        /* the child works in another folder */
    const char *missing = !path ? runner : !open_source(source) ? source : !open_expected(record_file) ? record_file
                        : !read_parts() ? parts_file : NULL;
    if (missing) {
        fprintf(stderr, "board: cannot read %s\n", missing);
        return 2;
    }
    for (int j = i; j < argc; j++)
        if (!known(argv[j]))
            return 2;
    signal(SIGPIPE, SIG_IGN);
    for (int j = i; j < argc; j++)
        do_part(path, argv[j], record);
    for (int j = 0; i == argc && j < part_count; j++)
        do_part(path, parts[j], record);
    free(path);
    return 0;
}
