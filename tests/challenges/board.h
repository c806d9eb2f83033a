/* board.h: a part of a challenge is judged by cases; a case is a set of tensors.  Cases, expected numbers, judge and
   guesses are plain C: they open no file and start no process, so that they run wherever C does. */
#ifndef BOARD_H
#define BOARD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_TENSORS = 16, MAX_CASES = 32, WORD = 8 };

/* The layers of 4a, right ones first; properties.c says what they are, bugs.c makes them */
typedef enum {
    LINEAR, CURVED, SQUARED, MEANS, LAST_ROW, SIGN, ADDS, REVERSED, NO_NUMBER, FLAT, SATURATED, NEARLY, DOUBLED, NEGATED, KINDS
} Kind;

/* What a part has to do with a tensor: leave it as it is; write every entry; change it from what it was; whatever it likes */
typedef enum { STAYS, MADE, MOVES, FREE } Role;

typedef struct Case Case;
typedef struct {
    Case *of;
    char name[16];
    size_t rows, cols;
    size_t skip;                /* entries of this tensor in the cases before this one */
    Role role;
    double *before;             /* as given to the part */
    const double *after;        /* as it left it */
    const double *right;        /* as it should have left it, or NULL */
} Tensor;

struct Case {
    size_t N;                   /* rows of the batch, 0 where there is none */
    bool training;
    bool in_place;              /* 5b: dZ and P are the same memory */
    Kind kind;                  /* of the layer in 4a */
    size_t number;              /* from 0 */
    Tensor *tensor;
    size_t tensors;
};

typedef struct {
    const char *name;           /* "2b" */
    Case cases[MAX_CASES];      /* with the same tensors in the same order */
    size_t count;
    Tensor tensor[MAX_CASES * MAX_TENSORS];     /* those of the first case, of the second ... */
    size_t tensors;             /* of all */
} Part;

/* for each case its tensor u, of the name that t has in its own */
#define EACH_CASE(u, t, part) for (Tensor *u = &(part)->tensor[(size_t)((t) - (part)->tensor) % (part)->cases[0].tensors]; \
                                   u < (part)->tensor + (part)->tensors; u += (part)->cases[0].tensors)

/* cases.c: false if there is no such part; what it needs is never freed.  salt: 0 for the numbers that everybody knows; any
   other makes new ones, which only the answers can tell the right results of */
bool make_cases(Part *part, const char *name, uint64_t salt);
Tensor *find_tensor(Case *c, const char *name);         /* or NULL */
size_t entries(const Tensor *t);
void *zeroed(size_t bytes);     /* at least one; ends the program where there is no memory */

typedef struct {
    const char *part, *tensor;
    const char *fault;          /* that makes these numbers, or "-": they are right */
    const double *values;       /* of all cases, one after the other */
} Record;

/* judge.c: records of a tensor, of which number 0 has the right numbers; NULL after the last */
const Record *recorded(const char *part, const Tensor *t, size_t number);
/* puts them into the cases; or, where the numbers are new, those that the answers left in this part, or in the one before */
void expect(Part *part, Part *answered);

/* The runner, which holds the student's code, sends a word of eight letters: "numbers " and all tensors of all
   cases, "stub    ", or "fault ", two digits for the number of the case, and a text. */
size_t bytes_of(const Part *part);      /* that it sends if all is well */
bool unpack(Part *part, const double *sent, size_t bytes);      /* false if it isn't numbers, or not all */

typedef struct {
    const char *state;          /* "not begun", "wrong", "done" */
    char message[1000];
    char word[64];              /* of the line that is to blame; "" where it isn't the numbers */
    char details[8000];         /* lines that begin with a tab */
    size_t number;              /* of the case that it's about */
} Verdict;

/* judge.c: on what was sent, with a zero after it.  trouble: a sentence, if it did what it mustn't; otherwise what is
   known if it didn't come to its end.  Either may be empty. */
Verdict judge(Part *part, const double *sent, size_t bytes, const char *trouble, const char *otherwise);
void add_text(char *text, size_t size, const char *format, ...);
bool blame(Verdict *v, const char *word, const char *format, ...);      /* sets message and word; returns false */

/* properties.c: is it right?  If not, the verdict says why. */
void expect_mask(Part *part);           /* what 3a should have left; which entries it drops is its choice */
bool dropout_is_right(Case *cases, Verdict *v);
bool catch_is_right(Part *part, Verdict *v);

/* guess.c: the first entry that isn't right, but for rounding, or their number; and the cause, or "" */
size_t first_wrong(const Tensor *t);
void find_cause(Part *part, Tensor *t, char *text, size_t size);

/* runner.c: the case that is run; and whether the student's code runs */
extern Case *guarded;
extern bool watching;
__attribute__((format(printf, 1, 2))) void tell_fault(const char *format, ...);
bool tell_outside(const char *at, bool writes);         /* false: that is at no tensor's edge */

/* guard.c, around the student's code; where there are no sanitizers and limits something else can stand in its place */
void guard_begin(bool limits);  /* from now on, what is printed doesn't get among the results */
size_t guard_end(void);         /* how many blocks of memory are left behind? */
void tell(const void *bytes, size_t count);
_Noreturn void stop_here(const char *what);             /* tells of a fault, and ends */
#define EXITS "ends the program (exit), which no part has to do"
#define OPENS "opens a file, which no part has to do"

/* bugs.c: makes a linear layer one of the kinds of challenge 4a, and counts what the check does with it */
typedef struct { double *forward, *backward, *step, *other; } Seen;      /* other: forward in another mode */
struct Layer;
void put_bug(struct Layer *l, Kind kind, Seen *seen);
#endif
