PYTHON3 := $(or $(shell command -v python3),echo "make: python3 is missing; install it with: apt-get install python3" >&2; exit 1;)
export PYTHONDONTWRITEBYTECODE = 1
.PHONY: board challenges challenge hint answer reset watch restore

# -- the board: a judge, and a runner, which has the students' code and gcc's sanitizers in it.
# The judge is plain C: without POSIX, so that it can run where there is none.
# Without -pie, for there are systems (WSL2, vm.mmap_rnd_bits=32) that put a program where the sanitizer has its shadow.
# What isn't the students' is compiled from the same sources as the tests, with the loops for the tiles, which take the
# sanitizers longer than all the rest; where nothing but its line numbers has changed, it's as it was.
JUDGE    = board cases judge guess properties
TOLD     = alone plain $(filter-out parallel product published bayes recipe files table model options,$(CHAPTER))
RUNNER   = $(patsubst %,$B/board/run/%.o,$(TOLD) $(CHALLENGES) runner guard bugs cases)
BOARD_CC = gcc -std=c11 -D_XOPEN_SOURCE=700 -O1 -g -ffp-contract=off -Wall -Wextra -Wno-unused-parameter \
           -Wno-unused-variable -Wno-psabi -Werror=implicit-function-declaration -fsanitize=address,undefined \
           -fno-sanitize-recover=all -fmax-errors=20 -fno-pie -I$B/src -Itests/challenges
BOARD_LD = -no-pie -Wl,--wrap=exit,--wrap=_exit,--wrap=fopen,--wrap=open -lm
made = -MMD -MP -MT $@ -MF $(new).d -c $< -o $(new); mv $(new).d $(@:.o=.d); mv $(new) $@
$B/board/obj/%.o: tests/challenges/%.c $B/flags | $B/board/obj
	$(call need,$(firstword $(CC)),$(firstword $(CC)) libc6-dev)
	$(CC) -std=c11 -O2 -g -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-enum-float-conversion $(WERROR) $(EXTRA) $(made)
$B/board/lines: $B/lines $(call gone,$(TOLD:%=$B/board/src/%.c)) | $B/board/src
	for m in $(TOLD:%=%.c); do \
	  diff -qI '^#line' $B/src/$$m $B/board/src/$$m > /dev/null 2>&1 || cp $B/src/$$m $B/board/src; done; touch $@
$(TOLD:%=$B/board/src/%.c): $B/board/lines ;
$B/board/run/%.o: tests/challenges/%.c | $B/lines $B/board/run ; $(BOARD_CC) $(made)
# not optimised: then a debugger, and a report on a loop without end, have the right line
$(CHALLENGES:%=$B/board/run/%.o): $B/board/run/%.o: $B/src/%.c | $B/board/run ; $(BOARD_CC) -O0 $(made)
$B/board/run/%.o: $B/board/src/%.c | $B/board/run
	$(call need,gcc,gcc libc6-dev)
	@echo "gcc $*.c, for the board"
	$(BOARD_CC) $(made)
-include $(wildcard $B/board/obj/*.d $B/board/run/*.d)
$B/board/runner: $(RUNNER) ; $(BOARD_CC) $^ $(BOARD_LD) -o $(new); mv $(new) $@
$B/board/board: $(JUDGE:%=$B/board/obj/%.o) ; $(CC) $(EXTRA) $^ -lm -o $(new); mv $(new) $@
board: $B/board/board $B/board/runner

# -- the desk: what a student types
DESK = BUILD=$B MAKE="$(MAKE)" BOARD_CC="$(BOARD_CC)" $(PYTHON3) tests/challenges/desk.py
## challenges: the board: which parts of the challenges are done, what is wrong, what is next
challenges: ; +$(DESK) board
challenge-%: ; +$(DESK) part $*
challenge: ; $(DESK) part
## challenge-2b: one part; make hint-2b, make answer-2b, make reset-2b: help with it
hint-% answer-% reset-%: ; $(DESK) $(subst -, ,$@)
hint answer reset: ; $(DESK) $@
## debug-2b: gdb at the first line of a part, in the case that is wrong
debug-%: ; +$(DESK) $(subst -, ,$@)
## restore: put back what you changed in nn.nw outside of the challenges
restore: ; $(DESK) restore
## watch: the board again at each save of nn.nw
watch:
	$(call need,entr,entr)
	@echo "Watching nn.nw; q or Ctrl-C ends it."
	@# entr ends with 2 where the file was away for a moment, as with editors that save by renaming
	+while echo nn.nw | entr -$$(if [ -t 1 ]; then echo c; else echo n; fi) $(MAKE) challenges; [ $$? = 2 ]; do :; done
ifeq ($(wildcard tests/teacher),)
answers wrong-answers stub-check record handout grade:
	@echo "make: '$@' needs the answers to the challenges, which are not in this package" >&2; exit 1
endif
