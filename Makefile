# make help says what there is.  BUILD, CC, OPT, ARCH, SAN, KERNEL and REAL may be set: make test CC=clang BUILD=build/clang
SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS   += -rR --no-print-directory
ifeq ($(MAKELEVEL)$(findstring j,$(firstword -$(MAKEFLAGS))),0)
MAKEFLAGS   += -j$(shell nproc)
endif

CC     = gcc
OPT    = -O3
ARCH   = -march=native
# the three products: product has tiles, plain has loops; set BUILD, too
KERNEL = product
# float: the whole program in single precision, for the benchmark
REAL   = double
OPENMP = $(if $(findstring gcc,$(CC)),-fopenmp)
BUILD  = build
CFLAGS = -std=c11 -D_XOPEN_SOURCE=700 $(OPT) -g -ffp-contract=off $(ARCH) $(OPENMP) $(SAN) \
         $(if $(filter float,$(REAL)),-include figures/bench/float.h -w,-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-psabi -Werror) -MMD -MP
B     := $(BUILD)

CHALLENGES = optimizers batchnorm dropout catch
CHAPTER = base rng matrix product data layer gradcheck loss network complexstep train published bayes recipe files model
MODULES = $(CHAPTER) $(CHALLENGES)
DRAWING = picture experiments
FILES   = $(foreach m,$(MODULES),$m.h $m.c) plain.c nn.c
SUITES  = $(basename $(notdir $(wildcard tests/test_*.c)))
PROOF   = $(basename $(notdir $(wildcard tests/answers/test_*.c)))
# a missing tool is one sentence: $(call need,command,package)
need    = command -v $1 >/dev/null || { echo "make: $1 is missing; install it with: apt-get install $2" >&2; exit 1; }

.PHONY: all redo tangle test check sanitize valgrind bad-input mutants clean help
all: tangle weave
	@cat $B/data/result.txt
	@echo "The chapter is doc/nn.pdf."

redo: ;

# -- tangle: plain C into tangled/ for people, C with #line into $B/src for the compiler
tangle: $B/tangled
$B/tangled: nn.nw tests/tangle.sh $(wildcard tangled/*.[ch]) \
  $(if $(filter-out $(wildcard tangled/*.[ch]),$(FILES:%=tangled/%)),redo) | $B/src
	@$(call need,notangle,noweb)
	@sh tests/tangle.sh nn.nw tangled '' $(FILES)
	@touch $@
$B/lines: $(if $(shell command -v notangle),nn.nw,$(wildcard tangled/*)) | $B/src
	@if command -v notangle >/dev/null; then sh tests/tangle.sh nn.nw $B/src -L $(FILES); \
	else echo "noweb is missing: using the C in tangled/ as it is"; cp tangled/*.[ch] $B/src; fi
	@touch $@
$(FILES:%=$B/src/%): $B/lines ; @test -e $@ || { rm -f $B/lines; $(MAKE) $B/lines; }

# -- compile
$B/obj/%.o: $B/src/%.c | $B/obj
	@$(call need,$(firstword $(CC)),$(firstword $(CC)) libc6-dev)
	@echo "$(CC) $*.c"; $(CC) $(CFLAGS) -I$B/src -Ifigures -c $< -o $@
$B/obj/%.o: figures/%.c | $B/lines $B/obj
	@test -e /usr/include/png.h || { echo "make: png.h is missing; install it with: apt-get install libpng-dev" >&2; exit 1; }
	@echo "$(CC) $*.c"; $(CC) $(CFLAGS) -I$B/src -c $< -o $@
# the loops round twice, and the tests must know
$B/obj/test_product.o: CFLAGS += $(if $(filter plain,$(KERNEL)),-DTWO_ROUNDINGS)
$B/obj/%.o: tests/%.c | $B/lines $B/obj
	@test -e /usr/include/criterion/criterion.h || { echo "make: Criterion is missing; install it with: apt-get install libcriterion-dev" >&2; exit 1; }
	@echo "$(CC) $*.c"; $(CC) $(CFLAGS) -I$B/src -Itests -c $< -o $@
-include $(wildcard $B/obj/*.d)

$(CHALLENGES:%=$B/obj/%.o): CFLAGS += -Wno-unused-parameter -Wno-unused-variable -Wno-conversion -Wno-error

CORE = $(patsubst %,$B/obj/%.o,$(patsubst product,$(KERNEL),$(MODULES)))
$B/nn: $(CORE) $B/obj/nn.o $(DRAWING:%=$B/obj/%.o)
	@$(CC) $(CFLAGS) $^ -lpng -lm -o $@
# the tests need the loops, too: under other names
$B/obj/loops.o: $B/src/plain.c | $B/obj
	@$(CC) $(CFLAGS) -include tests/plain.h -I$B/src -c $< -o $@
$B/tests: $(CORE) $(SUITES:%=$B/obj/%.o) $B/obj/wrap.o $B/obj/loops.o
	@$(CC) $(CFLAGS) $^ -Wl,--wrap=calloc -lcriterion -lm -o $@

# -- test: by a make of its own, whose messages are kept; no other may compile the same files meanwhile
ifneq ($(filter test,$(MAKECMDGOALS)),$(MAKECMDGOALS))
ifneq ($(filter test,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
endif
test:
	@$(DESK) structure
	@WARN=1 $(DESK) build $(MAKE) -s $B/tests
	@bash tests/run.sh $B/tests
	@$(DESK) build $(MAKE) -s board
	@$(DESK) lines
SANITIZE = BUILD=build/sanitize OPT=-O1 ARCH= SAN="-fsanitize=address,undefined -fno-sanitize-recover=all"
sanitize:
	@$(MAKE) test $(SANITIZE)
	@$(MAKE) $(if $(PROOF),answers) bad-input $(SANITIZE)
valgrind:
	@$(call need,valgrind,valgrind)
	@$(MAKE) build/valgrind/tests BUILD=build/valgrind OPT=-O1 ARCH=
	@bash tests/run.sh --valgrind build/valgrind/tests
bad-input: $B/nn
	@bash tests/bad-input.sh $B/nn
mutants: $B/tests $(if $(PROOF),$B/answers/tests)
	@bash tests/mutants.sh
check:
	@$(call need,noroots,noweb)
	@$(call need,pdftotext,poppler-utils)
	@bash tests/check.sh "$(FILES)"

# -- what is beside what it serves; tests/teacher/ is not in a handout
include figures/figures.mk figures/bench/bench.mk doc/doc.mk tests/challenges/challenges.mk
-include tests/teacher/teacher.mk

$B/src $B/obj $B/data $B/answers/obj $B/bench: ; @mkdir -p $@
clean: ; rm -rf build

help:
	@echo "make            program, experiments, figures, and the chapter: doc/nn.pdf"
	@echo "make tangle     the C of nn.nw into tangled/"
	@echo "make test       compile and run the tests"
	@echo "make challenges     the board: which parts of the challenges are done, what is wrong, what is next"
	@echo "make challenge-2b   one part; make hint-2b, make answer-2b, make reset-2b: help with it"
	@echo "make watch          the board again at each save of nn.nw"
	@echo "make handout    the package without the answers: build/handout and build/handout.tar.gz"
	@echo "make grade FILE=student.nw   marks, into build/grade/student: results.json and junit.xml"
	@echo "make desk-check     plays a student: what is said of typical accidents, hints, answers, a reset"
	@echo "make grade-check    stored submissions: untouched, half, full, malicious; is each marked as it should be?"
	@echo "make seal           note nn.nw as it is handed out, for the board to compare with"
	@echo "make answers    the same program with the answers to the challenges in; all tests, and theirs"
	@echo "make figures    run the experiments and draw the figures"
	@echo "make weave      typeset doc/nn.pdf"
	@echo "make check      is what is committed in step with nn.nw?"
	@echo "make bad-input  give the program wrong input, and compare what it says"
	@echo "make sanitize   the tests again, under ASan and UBSan"
	@echo "make valgrind   the tests again, under valgrind"
	@echo "make mutants    put faults into nn.nw, one at a time, and see the tests find them"
	@echo "make wrong-answers  the board on answers with a typical fault: is each one seen and named?"
	@echo "make board-test     the board on code that exits, loops, crashes, leaks, opens files"
	@echo "make stub-check     each answer alone: its part is done, the others not begun"
	@echo "make record         what the answers and typical faults give, into tests/challenges/expected.tsv"
	@echo "make bench          how fast is it, beside NumPy, PyTorch, scikit-learn, FANN, OpenBLAS?  Five minutes"
	@echo "make bench-record   put what make bench measured into the chapter"
	@echo "make clean      remove build/"
