/* verdict.c: what a run of a part came to, from what it sent and how it ended */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "board.h"

void add_text(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

bool blame(Verdict *v, const char *word, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(v->message, sizeof v->message, format, arguments);
    va_end(arguments);
    snprintf(v->word, sizeof v->word, "%s", word);
    return false;
}

/* The next message, or false; pointer and rest move on. */
static bool next(const char **p, size_t *rest, void *to, size_t bytes)
{
    if (*rest < bytes)
        return false;
    memcpy(to, *p, bytes);
    *p += bytes;
    *rest -= bytes;
    return true;
}

/* What was sent, into the cases.  Returns true if it came to its end; fault: the sentence for why it didn't. */
static bool unpack(const char *p, size_t rest, Case *cases, size_t count, bool *not_begun, const char **fault)
{
    char head[2] = "";          /* kind; whether a stub was called */
    size_t n = 0;
    while (next(&p, &rest, head, 2) && head[0] == 'C' && n < count) {
        Case *c = &cases[n++];
        *not_begun |= head[1];
        for (size_t t = 0; t < c->tensors; t++) {
            c->tensor[t].after = zeroed(entries(&c->tensor[t]) * sizeof(double));
            if (!next(&p, &rest, c->tensor[t].after, entries(&c->tensor[t]) * sizeof(double)))
                return false;
        }
        *head = 0;
    }
    if (*head == 'F')
        *fault = p;
    return *head == 'E' && n == count;
}

/* a sanitizer's word for it, as a sentence */
static const char *sentence_for(const char *word)
{
    static const char *const known[][2] = {
        { "exit", "ends the program (exit), which no part has to do" },
        { "open", "opens a file, which no part has to do" },
        { "allocation-size-too-big", "asks for more memory than a part may have (64 MB)" },
        { "out-of-memory", "asks for more memory than a part may have (64 MB)" },
        { "stack-overflow", "fills the stack: a recursion without end, or a large array" },
        { "buffer-overflow", "reads or writes outside an array" },
        { "use-after-free", "uses memory after free" },
        { "double-free", "frees the same memory twice" },
        { "bad-free", "frees what is not its own" },
        { "not malloc()-ed", "frees what is not its own" },
        { "SEGV", "uses an address where nothing is (NULL, or far outside an array)" },
        { "wild-", "uses an address where nothing is (far outside an array)" },
        { "null-deref", "uses an address where nothing is (NULL)" },
        { "signal", "calls abort, or a function that was given wrong shapes does" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(word, known[i][0]))
            return known[i][1];
    return word;
}

Verdict judge(const char *part, Case *cases, size_t count, const char *sent, size_t bytes,
              const char *trouble, const char *otherwise)
{
    Verdict v = { .state = "wrong", .fault = true };
    const char *fault = NULL;
    bool not_begun = false, ended = unpack(sent, bytes, cases, count, &not_begun, &fault), right = false;
    if (*trouble) {
        blame(&v, "", "%s", trouble);
    } else if (fault) {
        blame(&v, "", "%s", sentence_for(fault));
    } else if (!ended) {
        blame(&v, "", "%s", *otherwise ? otherwise : "ends before its end");
    } else if (not_begun) {
        v.state = "not begun";
    } else {
        v.fault = false;
        right = !strcmp(part, "3a") ? dropout_is_right(cases, count, &v)
            : !strcmp(part, "4a") ? catch_is_right(cases, count, &v) : numbers_are_right(part, cases, count, &v);
        v.state = right ? "done" : "wrong";
    }
    return v;
}
