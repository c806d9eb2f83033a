/* board.c: the judge as a program, which holds no code of a student.

     board EXPECTED.tsv numbers PART                        the numbers that the part is tried on
     board EXPECTED.tsv judge PART TROUBLE OTHERWISE        a verdict on what the runner sent (standard input):
                                                            state, message, word, fault, with tabs; details
     board EXPECTED.tsv record PART                         what the runner sent, as lines of expected.tsv */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

static Case cases[MAX_CASES];

static char *read_all(FILE *f, size_t *bytes)
{
    char *all = NULL;
    size_t room = 1 << 16, got = 1;
    for (*bytes = 0; f && got; *bytes += got) {
        if (!(all = realloc(all, room *= 2)))
            exit(2);
        got = fread(all + *bytes, 1, room - *bytes - 1, f);
        all[*bytes + got] = 0;
    }
    return all;
}

/* Fifteen digits: the same on every machine, and closer than anything is compared. */
static void record(const char *part, size_t count)
{
    for (size_t t = 0; t < cases[0].tensors; t++) {
        const Tensor *T = &cases[0].tensor[t];
        if (T->role != MADE && T->role != MOVES)
            continue;
        printf("%s\t%s\t-\t", part, T->name);
        for (size_t n = 0; n < count; n++) {
            const Tensor *U = find_tensor(&cases[n], T->name);
            for (size_t i = 0; i < entries(U); i++)
                printf("%s%.15g", n + i ? " " : "", isnan(U->after[i]) ? fabs(U->after[i]) : U->after[i]);
        }
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    size_t bytes, length;
    const char *what = argc > 2 ? argv[2] : "", *part = argc > 3 ? argv[3] : "";
    static char *numbers, *sent;        /* not freed, and not lost */
    numbers = read_all(argc > 1 ? fopen(argv[1], "r") : NULL, &length);
    size_t count = make_cases(part, cases);
    if (!numbers || !read_expected(numbers) || !count) {
        fprintf(stderr, "board: cannot read %s, or there is no part '%s'\n", argc > 1 ? argv[1] : "expected.tsv", part);
        return 2;
    }
    const char *missing = expect(part, cases, count);
    if (!strcmp(what, "numbers")) {
        for (size_t n = 0; n < count; n++)
            for (size_t t = 0; t < cases[n].tensors; t++)
                fwrite(cases[n].tensor[t].before, sizeof(double), entries(&cases[n].tensor[t]), stdout);
        return 0;
    }
    if (!strcmp(what, "judge") && missing) {
        fprintf(stderr, "board: %s of part %s is not in %s; say make record\n", missing, part, argv[1]);
        return 2;
    }
    sent = read_all(stdin, &bytes);
    Verdict v = judge(part, cases, count, sent, bytes, argc > 4 ? argv[4] : "", argc > 5 ? argv[5] : "");
    for (char *c = v.message; *c; c++)      /* one line, whatever the student's code has sent */
        *c = (unsigned char)*c < ' ' || *c == 127 ? ' ' : *c;
    if (!strcmp(what, "record"))
        record(part, count);
    else
        printf("%s\t%s\t%s\t%d\n%s", v.state, v.message, v.word, v.fault, v.details);
    return 0;
}
