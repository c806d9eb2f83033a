PARTS   = $(shell awk '/^[0-9]/ { print $$1 }' tests/challenges/parts.tsv)
.PHONY: board board-test challenges seal watch $(foreach c,challenge hint answer reset,$(PARTS:%=$c-%))

# -- the board: a runner, which has the students' code and sanitizers in it, and a judge, which hasn't.
# The runner is always made by gcc, whose sanitizers find the lines without help.
# What isn't the students' comes from tangled/, so that an edit of theirs compiles four modules and no more.
JUDGE    = board child source expected judge guess properties cases
RUNNER   = $(CHAPTER:%=$B/board/run/%.o) $(patsubst %,$B/board/run/%.o,runner bugs cases)
BOARD_CC = gcc -std=c11 -D_XOPEN_SOURCE=700 -O1 -g -ffp-contract=off -Wall -Wextra -Wno-unused-parameter \
           -Wno-unused-variable -Wno-psabi -Werror=implicit-function-declaration -fsanitize=address,undefined \
           -fno-sanitize-recover=all -MMD -MP -Itangled -Itests/challenges
BOARD_LD = -Wl,--wrap=exit,--wrap=_exit,--wrap=fopen,--wrap=open -lm
$B/board/lines: nn.nw tests/tangle.sh | $B/board/obj $B/board/run
	$(call need,gcc,gcc libc6-dev)
	$(call need,notangle,noweb)
	sh tests/tangle.sh nn.nw $B/board/src -L $(CHALLENGES:%=%.c)
	touch $@
$(CHALLENGES:%=$B/board/src/%.c): $B/board/lines ;
$B/board/obj/%.o: tests/challenges/%.c $B/flags | $B/board/obj
	$(call need,$(firstword $(CC)),$(firstword $(CC)) libc6-dev)
	$(call compile,-Itangled)
$B/board/run/%.o: $B/board/src/%.c ; $(BOARD_CC) -c $< -o $@
$B/board/run/%.o: tests/challenges/%.c | $B/board/run ; $(BOARD_CC) -c $< -o $@
$B/board/run/%.o: tangled/%.c | $B/board/run
	@echo "gcc $*.c, for the board"
	$(BOARD_CC) -c $< -o $@
-include $(wildcard $B/board/obj/*.d $B/board/run/*.d)
$B/board/runner: $(RUNNER) $(CHALLENGES:%=$B/board/run/%.o)
	$(BOARD_CC) $^ $(BOARD_LD) -o $@
$B/board/board: $(JUDGE:%=$B/board/obj/%.o) | $B/board/runner
	$(CC) $(CFLAGS) $^ -lm -o $@
board: $B/board/board

# -- the desk: what a student types.  The structure of nn.nw is looked at first, then the build's messages are
# kept, and shown short, with the challenge in which each line is
DESK = BUILD=$B sh tests/challenges/challenges.sh
## challenges: the board: which parts of the challenges are done, what is wrong, what is next
challenges:
	$(DESK) structure
	$(DESK) build $(MAKE) board
	$(DESK) board
## challenge-2b: one part; make hint-2b, make answer-2b, make reset-2b: help with it
$(PARTS:%=challenge-%): challenge-%:
	$(DESK) structure
	$(DESK) build $(MAKE) board
	$(DESK) part $*
$(PARTS:%=hint-%): hint-%: ; $(DESK) hint $*
$(PARTS:%=answer-%): answer-%: ; $(DESK) answer $*
$(PARTS:%=reset-%): reset-%: ; $(DESK) reset $*
## watch: the board again at each save of nn.nw
watch: ; MAKE="$(MAKE)" $(DESK) watch
## seal: note nn.nw as it is handed out, for the board to compare with
seal: ; $(DESK) seal

BOARD_ENV = BOARD=$B/board BOARD_CC='$(BOARD_CC)' BOARD_LD="$(BOARD_LD)"
## board-test: the board on code that exits, loops, crashes, leaks, opens files
board-test: $B/board/board
	$(BOARD_ENV) bash tests/challenges/board-test.sh
