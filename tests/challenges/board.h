/* board.h: a part of a challenge is judged by cases; a case is a set of tensors */
#ifndef BOARD_H
#define BOARD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { MAX_TENSORS = 16, MAX_CONSTANTS = 32, MAX_CASES = 16, MAX_TEXT = 1000 };

/* What the student's code has to do with a tensor: leave it as it is; write every
   entry; change it from what it was; whatever it likes. */
typedef enum { STAYS, MADE, MOVES, FREE } Role;

typedef struct {
    const char *name;
    size_t rows, cols;
    Role role;
    double *before, *after;     /* as given to the part, and as it left it */
    const double *right;        /* as it should have left it, or NULL */
} Tensor;

/* a number that a wrong result may be a multiple by */
typedef struct {
    const char *name;
    double value;
} Constant;

typedef struct {
    size_t N;                   /* rows of the batch, 0 where there is none */
    bool training;
    int kind;                   /* of the layer in 4a: see bugs.h */
    uint64_t seed;
    Tensor tensor[MAX_TENSORS];
    size_t tensors;
    Constant constant[MAX_CONSTANTS];
    size_t constants;
    const char *trap;           /* what it means if only this case is wrong, or NULL */
} Case;

/* cases.c: makes the cases of a part, returns how many */
size_t make_cases(const char *part, Case cases[MAX_CASES]);
Tensor *find_tensor(Case *c, const char *name);         /* or NULL */

/* What the runner, which holds the student's code, sends to descriptor 3: after each case
   a Sent of kind 'C' and all tensors; once, 'L' where memory was left behind, 'F' with a text
   where a fault stopped it, and at the end 'E'. */
typedef struct {
    char kind;
    bool not_begun;             /* C: a stub was called */
    size_t blocks, bytes;       /* L */
    int line;                   /* L: of nn.nw, or 0 */
    char text[200];             /* F */
} Sent;

/* child.c: what a run of a part came to */
typedef struct {
    size_t cases;               /* so many were finished */
    bool not_begun;
    char fault[MAX_TEXT];       /* one sentence, or empty */
    const char *look;           /* a word of the line that is to blame, or NULL */
    int line;                   /* of nn.nw, or 0 */
    char *printed;              /* by the student's code and the sanitizers */
} Run;
Run run_part(const char *runner, const char *part, Case *cases, size_t count);

/* source.c: a part's chunk in nn.nw */
typedef struct {
    int first, last;            /* lines of its code */
    bool edited;                /* holds more than a stub does */
} Chunk;
bool open_source(const char *path);
Chunk find_chunk(const char *part);
int line_with(Chunk chunk, const char *word, bool whole);    /* or 0 */
int line_named_in(Chunk chunk, const char *report);     /* or 0 */

/* expected.c: the recorded numbers of tests/challenges/expected.tsv; fault is "-" for the right
   ones, otherwise the sentence that names the fault */
bool open_expected(const char *path);
const double *expected(const char *part, size_t number, const char *tensor, const char *fault);
const char *fault_name(const char *part, size_t i);     /* NULL after the last */
void record_part(const char *part, const Case *cases, size_t count);

/* judge.c: a message where something is wrong; details: printed when the message is */
bool judge_numbers(const char *part, Case *cases, size_t count, char *message, char *word, FILE *details);
/* the shared pieces */
bool nothing_else_changed(Case *cases, size_t count, char *message, char *word, FILE *details);
bool tensor_is_right(const char *part, Case *cases, size_t count, size_t number, const char *name,
                     char *message, char *word, FILE *details);

/* properties.c: the same for the parts that numbers can't judge */
bool judge_dropout(Case *cases, size_t count, char *message, char *word, FILE *details);
bool judge_catch(Case *cases, size_t count, char *message, char *word, FILE *details);
#endif
