/* board.c: the judge as a program, which holds no code of a student
     board numbers PART                     the numbers that the part is tried on
     board judge PART TROUBLE OTHERWISE     a verdict on what the runner sent (standard input):
                                            state, message, word, number of the case, with tabs between;
                                            details
     board record PART                      what the runner sent, as lines of expected.inc
   With a SALT, a last argument to each of the first two, the numbers are new ones.  Then standard input begins with what a
   runner that has the answers in it sent: of this part; for its numbers, of 2a for 2b, and of 5a for 5b. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "board.h"

static Part part, answered;
static double sent[1 << 21];    /* more than twice what 3a needs, which has the largest cases */

/* Fifteen digits: the same on every machine, and closer than anything is compared. */
static int record(void)
{
    for (const Tensor *t = part.tensor; t < part.tensor + part.cases[0].tensors; t++) {
        if (t->role != MADE && t->role != MOVES)
            continue;
        printf("{ \"%s\", \"%s\", \"-\", (const double[]){ ", part.name, t->name);
        EACH_CASE(u, t, &part)
            for (size_t i = 0; i < entries(u); i++)
                printf("%.15g, ", isnan(u->after[i]) ? (double)NAN : u->after[i]);
        puts("} },");
    }
    return 0;
}

int main(int argc, char **argv)
{
    bool numbers = argc > 2 && !strcmp(argv[1], "numbers");
    const char *last = argc == (numbers ? 4 : 6) ? argv[argc - 1] : "0";
    const double *theirs = sent;
    uint64_t salt = strtoull(last, NULL, 10);
    if (argc < 3 || !make_cases(&part, argv[2], salt))
        return 2;
    size_t bytes = salt || !numbers ? fread(sent, 1, sizeof sent - 1, stdin) : 0;
    if (salt && bytes) {
        make_cases(&answered, !numbers ? argv[2] : argv[2][0] == '2' ? "2a" : "5a", salt);
        size_t first = bytes_of(&answered);
        if (bytes < first || !unpack(&answered, sent, first))
            return 2;
        theirs += first / sizeof *sent;
        bytes -= first;
    }
    expect(&part, theirs > sent ? &answered : NULL);
    if (numbers) {
        for (size_t t = 0; t < part.tensors; t++)
            fwrite(part.tensor[t].before, sizeof(double), entries(&part.tensor[t]), stdout);
        return 0;
    }
    if (!strcmp(argv[1], "record"))
        return unpack(&part, theirs, bytes) ? record() : 2;
    Verdict v = judge(&part, theirs, bytes, argc > 3 ? argv[3] : "", argc > 4 ? argv[4] : "");
    for (char *c = v.message; *c; c++)      /* one line, whatever the student's code has sent */
        *c = (unsigned char)*c < ' ' || *c == 127 ? ' ' : *c;
    printf("%s\t%s\t%s\t%zu\n%s", v.state, v.message, v.word, v.number, v.details);
    return 0;
}
