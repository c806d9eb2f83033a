/* board.h: a part of a challenge is judged by cases; a case is a set of tensors.  All that is declared
   here is plain C: it opens no file and starts no process, so that it runs wherever C does. */
#ifndef BOARD_H
#define BOARD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_TENSORS = 16, MAX_CONSTANTS = 32, MAX_CASES = 16 };

/* What the student's code has to do with a tensor: leave it as it is; write every
   entry; change it from what it was; whatever it likes. */
typedef enum { STAYS, MADE, MOVES, FREE } Role;

typedef struct {
    char name[16];
    size_t rows, cols;
    Role role;
    double *before, *after;     /* as given to the part, and as it left it */
    const double *right;        /* as it should have left it, or NULL */
} Tensor;

/* a number that a wrong result may be a multiple by */
typedef struct {
    char name[16];
    double value;
} Constant;

typedef struct {
    size_t N;                   /* rows of the batch, 0 where there is none */
    bool training;
    int kind;                   /* of the layer in 4a: see bugs.c */
    uint64_t seed;
    Tensor tensor[MAX_TENSORS];
    size_t tensors;
    Constant constant[MAX_CONSTANTS];
    size_t constants;
    const char *trap;           /* what it means if only this case is wrong, or NULL */
} Case;

/* cases.c: makes the cases of a part, and returns how many; what they need is never freed */
size_t make_cases(const char *part, Case cases[MAX_CASES]);
Tensor *find_tensor(Case *c, const char *name);         /* or NULL */
size_t entries(const Tensor *t);
void *zeroed(size_t bytes);     /* at least one; ends the program where there is no memory */

/* expected.c: recorded numbers.  Takes the text of expected.tsv, and cuts it up: */
bool read_expected(char *text);
/* name: a fault's, or "-" for the right numbers */
const double *expected(const char *part, Case *cases, size_t number, const char *tensor, const char *name);
const char *fault_name(const char *part, size_t i);     /* NULL after the last */
/* puts them into the cases; the name of a tensor for which there are none, or NULL */
const char *expect(const char *part, Case *cases, size_t count);

/* The runner, which holds the student's code, sends for each case 'C', whether a stub was called, and all
   tensors; at the end 'E', or where a fault stopped it 'F', a byte, and a text. */
typedef struct {
    const char *state;          /* "not begun", "wrong", "done" */
    char message[1000];
    char word[64];              /* of the line that is to blame, or "" */
    bool fault;                 /* it isn't the numbers that are wrong */
    char details[4000];         /* lines that begin with a tab */
} Verdict;

/* judge.c: from what was sent, with a zero after it.  trouble: a sentence, where it was stopped; otherwise what is known if
   it didn't come to its end.  Either may be empty. */
Verdict judge(const char *part, Case *cases, size_t count, const char *sent, size_t bytes,
              const char *trouble, const char *otherwise);
void add_text(char *text, size_t size, const char *format, ...);
/* sets message and word, and returns false */
bool blame(Verdict *v, const char *word, const char *format, ...);

/* judge.c, properties.c: is it right?  If not, the verdict says why. */
bool tensor_is_right(const char *part, Case *cases, size_t count, size_t number, const char *name, Verdict *v);
bool nothing_else_changed(Case *cases, size_t count, Verdict *v);
bool dropout_is_right(Case *cases, size_t count, Verdict *v);
bool catch_is_right(Case *cases, size_t count, Verdict *v);

/* guess.c: the first entry that isn't right, but for rounding, or their number; and the cause, or "" */
size_t first_wrong(const Tensor *t);
void find_cause(const char *part, Case *cases, size_t count, size_t number, const char *tensor,
                char *text, size_t size);
#endif
