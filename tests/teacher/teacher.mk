# what needs the answers to the challenges, and what only a teacher needs; a handout has no tests/teacher/

.PHONY: answers answers-board board-test record record-check wrong-answers stub-check handout handout-check grade grade-check desk-check

# -- the same program with the answers to the challenges in
ANSWERED = $(filter-out $(CHALLENGES:%=$B/obj/%.o),$(CORE)) $(CHALLENGES:%=$B/answers/obj/%.o)
$B/answers/lines: nn.nw tests/tangle.sh | $B/answers/obj $B/lines
	@$(call need,notangle,noweb)
	@ANSWERS=all sh tests/tangle.sh nn.nw $B/answers/src -L $(CHALLENGES:%=%.c)
	@touch $@
$(CHALLENGES:%=$B/answers/src/%.c): $B/answers/lines ;
$B/answers/obj/%.o: $B/answers/src/%.c
	@echo "$(CC) $*.c, answered"; $(CC) $(CFLAGS) -I$B/src -c $< -o $@
$B/answers/obj/%.o: tests/answers/%.c | $B/lines $B/answers/obj
	@echo "$(CC) $*.c, answers"; $(CC) $(CFLAGS) -I$B/src -Itests -c $< -o $@
-include $(wildcard $B/answers/obj/*.d)
$B/answers/nn: $(ANSWERED) $B/obj/nn.o $(DRAWING:%=$B/obj/%.o)
	@$(CC) $(CFLAGS) $^ -lpng -lm -o $@
$B/answers/tests: $(ANSWERED) $(SUITES:%=$B/obj/%.o) $(PROOF:%=$B/answers/obj/%.o) $B/obj/wrap.o $B/obj/loops.o
	@$(CC) $(CFLAGS) $^ -Wl,--wrap=calloc -lcriterion -lm -o $@

answers: $B/nn $B/answers/nn $B/answers/tests
	@bash tests/run.sh $B/answers/tests tests tests/answers
	@bash tests/answers/options.sh $B/nn $B/answers/nn
	@$(MAKE) answers-board

# -- is the board right?  FILE is a name that anybody may have chosen, so it goes by the environment
CHECK = BUILD=$B CC='$(BOARD_CC)' LD="$(BOARD_LD)" $(PYTHON3) tests/teacher
## answers-board: with all answers in, is each part done?
answers-board: board ; $(CHECK)/check.py answers
## stub-check: each answer alone: its part is done, the others not begun
stub-check: board ; $(CHECK)/check.py alone
## wrong-answers: the board on answers with a typical fault: is each one seen and named?
wrong-answers: board ; $(CHECK)/check.py wrong
## board-test: the board on code that exits, loops, crashes, leaks, opens files; and is the judge plain C?
board-test: board
	$(CHECK)/check.py astray
	! grep -hE '^ *#include <' $(JUDGE:%=tests/challenges/%.c) tests/challenges/board.h | grep -vE '<(math|std[a-z]*|string)\.h>'
## record: what the answers and typical faults give, into tests/challenges/expected.tsv
record: board ; $(CHECK)/check.py record tests/challenges/expected.tsv
record-check: board
	$(CHECK)/check.py record $B/board/expected.tsv
	cmp $B/board/expected.tsv tests/challenges/expected.tsv || { echo "make: expected.tsv is out of step; say make record" >&2; exit 1; }
## desk-check: plays a student: what is said of typical accidents, hints, answers, a reset
desk-check: $B/tests board ; $(CHECK)/desk-check.py

# -- the package without the answers, and marks
## handout: the package without the answers: build/handout and build/handout.tar.gz
handout: figures ; +bash tests/teacher/handout.sh $B/handout
handout-check: handout ; +bash tests/teacher/handout-check.sh $B/handout.tar.gz
## grade: FILE=student.nw: marks, into build/grade/student: results.json and junit.xml
override FILE := $(value FILE)
export FILE OUT
grade: board ; $(CHECK)/grade.py
## grade-check: stored submissions: untouched, half, full, malicious; is each marked as it should be?
grade-check: board ; $(CHECK)/grade-check.py

$(OUTCOMES:%=$B/data/%.done): $B/data/%.done: $B/answers/nn | $B/data
	@echo "nn experiments $*, with the answers"; $B/answers/nn experiments --out $B/data $*
	@touch $@
