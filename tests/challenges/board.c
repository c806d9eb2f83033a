/* board.c: the judge as a program, which holds no code of a student.

     board numbers PART                     the numbers that the part is tried on
     board judge PART TROUBLE OTHERWISE     a verdict on what the runner sent (standard input):
                                            state, message, word, fault, with tabs; details
     board record PART                      what the runner sent, as lines of expected.inc */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "board.h"

static Part part;

/* Fifteen digits: the same on every machine, and closer than anything is compared. */
static void record(void)
{
    size_t each = part.cases[0].tensors;
    for (size_t t = 0; t < each; t++) {
        if (part.tensor[t].role != MADE && part.tensor[t].role != MOVES)
            continue;
        printf("{ \"%s\", \"%s\", \"-\", (const double[]){ ", part.name, part.tensor[t].name);
        for (size_t at = t; at < part.tensors; at += each)
            for (size_t i = 0; i < entries(&part.tensor[at]); i++)
                printf("%.15g, ", isnan(part.tensor[at].after[i]) ? (double)NAN : part.tensor[at].after[i]);
        puts("} },");
    }
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "", *name = argc > 2 ? argv[2] : "";
    static char *sent;          /* not freed, and not lost */
    if (!make_cases(&part, name)) {
        fprintf(stderr, "board: there is no part '%s'\n", name);
        return 2;
    }
    const char *missing = expect(&part);
    if (!strcmp(what, "numbers")) {
        for (size_t t = 0; t < part.tensors; t++)
            fwrite(part.tensor[t].before, sizeof(double), entries(&part.tensor[t]), stdout);
        return 0;
    }
    size_t room = sent_bytes(&part) + sizeof((Verdict *)0)->message;
    sent = zeroed(room + 1);
    size_t bytes = fread(sent, 1, room, stdin);
    if (!strcmp(what, "record") && unpack(&part, sent, bytes)) {
        record();
        return 0;
    }
    if (missing) {
        fprintf(stderr, "board: %s of part %s is not in expected.inc; say make record\n", missing, name);
        return 2;
    }
    Verdict v = judge(&part, sent, bytes, argc > 3 ? argv[3] : "", argc > 4 ? argv[4] : "");
    for (char *c = v.message; *c; c++)      /* one line, whatever the student's code has sent */
        *c = (unsigned char)*c < ' ' || *c == 127 ? ' ' : *c;
    printf("%s\t%s\t%s\t%d\n%s", v.state, v.message, v.word, v.fault, v.details);
    return 0;
}
