# what needs the answers to the challenges, and what only a teacher needs; a handout has no tests/teacher/

.PHONY: answers answers-board record record-check wrong-answers stub-check handout handout-check grade grade-check desk-check

# -- the same program with the answers to the challenges in
$B/answers/lines: nn.nw tests/tangle.sh | $B/answers/obj
	$(call need,notangle,noweb)
	ANSWERS=all sh tests/tangle.sh nn.nw $B/answers/src -L $(CHALLENGES:%=%.c)
	touch $@
$(CHALLENGES:%=$B/answers/src/%.c): $B/answers/lines ;
$B/answers/obj/%.o: $B/answers/src/%.c $B/flags | $B/lines
	@echo "$(CC) $*.c, answered"
	$(call compile,-I$B/src)
$B/answers/obj/%.o: tests/answers/%.c $B/flags | $B/lines $B/answers/obj
	@echo "$(CC) $*.c, answers"
	$(call compile,-I$B/src -Itests)
-include $(wildcard $B/answers/obj/*.d)
$B/answers/nn: $(ANSWERED) $B/obj/nn.o $B/flags
	$(call link)
$B/answers/tests: $(ANSWERED) $(SUITES:%=$B/obj/%.o) $(PROOF:%=$B/answers/obj/%.o) $(HELPERS) $B/flags
	$(call link,$(CRITERION))

# what needs the answers
answers-board: $B/board/board
	$(BOARD_ENV) ANSWERS=all sh tests/challenges/with.sh nn.nw $B/board/all $(CHALLENGES)
	ANSWERS=all $B/board/board --runner $B/board/all/runner | tee $B/board/all/said
	! grep -v '^	' $B/board/all/said | grep -qv '	done	'
## record: what the answers and typical faults give, into tests/challenges/expected.tsv
record: $B/board/board
	$(BOARD_ENV) bash tests/challenges/record.sh tests/challenges/expected.tsv
record-check: $B/board/board
	$(BOARD_ENV) bash tests/challenges/record.sh $B/board/expected.tsv
	cmp $B/board/expected.tsv tests/challenges/expected.tsv || { echo "make: tests/challenges/expected.tsv is out of step; say make record" >&2; exit 1; }
## wrong-answers: the board on answers with a typical fault: is each one seen and named?
wrong-answers: $B/board/board
	$(BOARD_ENV) bash tests/challenges/wrong-answers.sh
## stub-check: each answer alone: its part is done, the others not begun
stub-check: $B/board/board
	$(BOARD_ENV) bash tests/challenges/stub-check.sh

## answers: the same program with the answers to the challenges in; all tests, and theirs
answers: $B/nn $B/answers/nn $B/answers/tests
	bash tests/run.sh $B/answers/tests tests tests/answers
	bash tests/answers/options.sh $B/nn $B/answers/nn
	$(MAKE) answers-board

# -- for teachers: the package without the answers, and marks
FILE ?=
## handout: the package without the answers: build/handout and build/handout.tar.gz
handout: figures
	+bash tests/challenges/handout.sh $B/handout
## handout-check: is no answer in the handout, and does it work?
handout-check: handout
	+bash tests/challenges/handout-check.sh $B/handout.tar.gz
## grade FILE=student.nw: marks, into build/grade/student: results.json and junit.xml
grade:
	$(call need,python3,python3)
	python3 tests/challenges/grade.py "$(FILE)" $B/grade/$(basename $(notdir $(FILE)))
## desk-check: plays a student: what is said of typical accidents, hints, answers, a reset
desk-check: $B/tests board
	BUILD=$B bash tests/challenges/desk-check.sh
## grade-check: stored submissions: untouched, half, full, malicious; is each marked as it should be?
grade-check:
	$(call need,python3,python3)
	python3 tests/challenges/grade-check.py
