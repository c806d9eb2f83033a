# what needs the answers to the challenges, and what only a teacher needs; a handout has no tests/teacher/
.PHONY: answers answers-board board-test record record-check wrong-answers stub-check handout handout-check grade grade-check desk-check
# -- the same program with the answers to the challenges in
$B/answers/lines: nn.nw tests/tangle.sh $(call gone,$(CHALLENGES:%=$B/answers/src/%.c)) | $B/answers/obj
	$(call need,notangle,noweb)
	ANSWERS=all sh tests/tangle.sh nn.nw $B/answers/src -L $(CHALLENGES:%=%.c)
	touch $@
$(CHALLENGES:%=$B/answers/src/%.c): $B/answers/lines ;
$B/answers/obj/%.o: $B/answers/src/%.c $B/flags | $B/lines
	@echo "$(CC) $*.c, answered"
	$(call compile,-I$B/src)
$B/answers/obj/%.o: tests/answers/%.c $B/flags | $B/lines $B/answers/obj
	@echo "$(CC) $*.c, answers"
	$(call compile,-O0 -I$B/src -Itests)
-include $(wildcard $B/answers/obj/*.d)
$B/answers/nn: $(ANSWERED) $B/obj/nn.o $B/flags
	$(call link)
$B/answers/tests: $(ANSWERED) $(SUITES:%=$B/obj/%.o) $(PROOF:%=$B/answers/obj/%.o) $(HELPERS) $B/flags
	$(call link,$(CRITERION))
## answers: the same program with the answers to the challenges in; all tests, and theirs
answers: $B/nn $B/answers/nn $B/answers/tests
	bash tests/run.sh $B/answers/tests tests tests/answers
	bash tests/answers/options.sh $B/nn $B/answers/nn
	$(MAKE) answers-board
# -- is the board right?  check.py's functions have the targets' names
CHECK = BUILD=$B CC='$(BOARD_CC)' LD="$(BOARD_LD)" OBJECTS="$(RUNNER)" JUDGE="$(JUDGE)" $(PYTHON3) tests/teacher
## wrong-answers: the board on answers with a typical fault: is each one seen and named?
## stub-check: each answer alone: its part is done, the others not begun
## board-test: the board on code that exits, loops, crashes, leaks, opens files
answers-board wrong-answers stub-check board-test: board ; $(CHECK)/check.py $@
## record: what the answers and typical faults give, into tests/challenges/expected.inc
record: board ; $(CHECK)/check.py record tests/challenges/expected.inc
record-check: board
	$(CHECK)/check.py record $B/board/expected.inc
	cmp $B/board/expected.inc tests/challenges/expected.inc || { echo "make: expected.inc is out of step; say make record" >&2; exit 1; }
## desk-check: plays a student: what is said of typical accidents, hints, answers, a reset
## grade-check: submissions: untouched, half, full, malicious; is each marked as it should be?
desk-check: board $B/tests ; $(CHECK)/play.py tests/teacher/desk.txt nn.nw
grade-check: board $(GRADED) ; $(CHECK)/play.py tests/teacher/grade.txt student.nw
## grade FILE=ann/nn.nw: marks, into build/grade/ann, or OUT=folder: results.json and junit.xml; SEED=12: on that seed's numbers
# names are data, so they go by the environment
override FILE := $(value FILE)
override OUT := $(value OUT)
override SEED := $(value SEED)
export FILE OUT SEED
GRADED = $B/board/layers $B/board/answers/runner $B/board/run/asks.o
$B/board/run/asks.o: tests/teacher/layers.c | $B/lines $B/board/run ; $(BOARD_CC) -DASKS $(made)
$B/board/run/layers.o: tests/teacher/layers.c | $B/lines $B/board/run ; $(BOARD_CC) $(made)
$B/board/layers: $(patsubst %,$B/board/run/%.o,$(TOLD) layers bugs cases) ; $(BOARD_CC) $^ -no-pie -lm -o $(new); mv $(new) $@
$(CHALLENGES:%=$B/board/answers/%.o): $B/board/answers/%.o: $B/answers/src/%.c | $B/lines $B/board/answers ; $(BOARD_CC) -O0 -w $(made)
$B/board/answers/runner: $(patsubst %,$B/board/run/%.o,$(TOLD) runner guard asks cases) $(CHALLENGES:%=$B/board/answers/%.o)
	$(BOARD_CC) $^ $(BOARD_LD) -o $(new); mv $(new) $@
grade: private RUNNER := $(subst /bugs.o,/asks.o,$(RUNNER))
grade: board $(GRADED)
	$(call need,bwrap,bubblewrap)
	$(CHECK)/grade.py
## handout: the package without the answers: build/handout and build/handout.tar.gz
handout: figures $(OUTCOMES:%=$B/data/%.done) ; +bash tests/teacher/handout.sh $B/handout
## handout-check: is no answer in the handout, and does it work?
handout-check: handout ; +bash tests/teacher/handout-check.sh $B/handout.tar.gz
