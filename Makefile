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
RUNS    = architectures published init wdbc main bayes vcurve loss speed
# these train with the answers in
OUTCOMES = optimizers batchnorm dropout
# figures by what they are drawn from: nothing, quick runs, long runs
still    = flow network relu-sigmoid ziggurat
drawn    = spirals cover boundary norms published vcurve
compared = architectures spread init
outcomes = optimizers batchnorm dropout
measured = growth
SHEETS   = still drawn compared outcomes measured
SUITES  = $(basename $(notdir $(wildcard tests/test_*.c)))
PROOF   = $(basename $(notdir $(wildcard tests/answers/test_*.c)))
WEAVE   = noweave -delay -filter doc/ccolor.awk -index -filter doc/hoist.awk
# a missing tool is one sentence: $(call need,command,package)
need    = command -v $1 >/dev/null || { echo "make: $1 is missing; install it with: apt-get install $2" >&2; exit 1; }

PARTS   = $(shell awk '/^[0-9]/ { print $$1 }' tests/challenges/parts.tsv)

.PHONY: bench bench-record
.PHONY: all redo tangle test answers figures weave check sanitize valgrind bad-input mutants clean help
.PHONY: handout handout-check grade grade-check desk-check answers-board record record-check wrong-answers stub-check board-test board challenges seal watch
.PHONY: $(foreach c,challenge hint answer reset,$(PARTS:%=$c-%))
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

# handout: leave out
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
# handout: go on

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
	@$(call need,gcc,gcc libc6-dev)
	@$(call need,notangle,noweb)
	@sh tests/tangle.sh nn.nw $B/board/src -L $(CHALLENGES:%=%.c)
	@touch $@
$(CHALLENGES:%=$B/board/src/%.c): $B/board/lines ;
$B/board/obj/%.o: tests/challenges/%.c | $B/board/obj
	@$(call need,$(firstword $(CC)),$(firstword $(CC)) libc6-dev)
	@$(CC) $(CFLAGS) -Itangled -c $< -o $@
$B/board/run/%.o: $B/board/src/%.c ; @$(BOARD_CC) -c $< -o $@
$B/board/run/%.o: tests/challenges/%.c | $B/board/run ; @$(BOARD_CC) -c $< -o $@
$B/board/run/%.o: tangled/%.c | $B/board/run ; @$(BOARD_CC) -c $< -o $@
-include $(wildcard $B/board/obj/*.d $B/board/run/*.d)
$B/board/runner: $(RUNNER) $(CHALLENGES:%=$B/board/run/%.o)
	@$(BOARD_CC) $^ $(BOARD_LD) -o $@
$B/board/board: $(JUDGE:%=$B/board/obj/%.o) | $B/board/runner
	@$(CC) $(CFLAGS) $^ -lm -o $@
board: $B/board/board

# -- the desk: what a student types.  The structure of nn.nw is looked at first, then the build's messages are
# kept, and shown short, with the challenge in which each line is
DESK = BUILD=$B sh tests/challenges/challenges.sh
challenges:
	@$(DESK) structure
	@$(DESK) build $(MAKE) -s board
	@$(DESK) board
$(PARTS:%=challenge-%): challenge-%:
	@$(DESK) structure
	@$(DESK) build $(MAKE) -s board
	@$(DESK) part $*
$(PARTS:%=hint-%): hint-%: ; @$(DESK) hint $*
$(PARTS:%=answer-%): answer-%: ; @$(DESK) answer $*
$(PARTS:%=reset-%): reset-%: ; @$(DESK) reset $*
watch: ; @MAKE="$(MAKE)" $(DESK) watch
seal: ; @$(DESK) seal

BOARD_ENV = BOARD=$B/board BOARD_CC='$(BOARD_CC)' BOARD_LD="$(BOARD_LD)"
# handout: leave out
# what needs the answers
answers-board: $B/board/board
	@$(BOARD_ENV) ANSWERS=all sh tests/challenges/with.sh nn.nw $B/board/all $(CHALLENGES)
	@ANSWERS=all $B/board/board --runner $B/board/all/runner | tee $B/board/all/said
	@! grep -v '^	' $B/board/all/said | grep -qv '	done	'
record: $B/board/board
	@$(BOARD_ENV) bash tests/challenges/record.sh tests/challenges/expected.tsv
record-check: $B/board/board
	@$(BOARD_ENV) bash tests/challenges/record.sh $B/board/expected.tsv
	@cmp $B/board/expected.tsv tests/challenges/expected.tsv || { echo "make: tests/challenges/expected.tsv is out of step; say make record" >&2; exit 1; }
wrong-answers: $B/board/board
	@$(BOARD_ENV) bash tests/challenges/wrong-answers.sh
stub-check: $B/board/board
	@$(BOARD_ENV) bash tests/challenges/stub-check.sh
# handout: go on
board-test: $B/board/board
	@$(BOARD_ENV) bash tests/challenges/board-test.sh

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
# handout: leave out
answers: $B/nn $B/answers/nn $B/answers/tests
	@bash tests/run.sh $B/answers/tests tests tests/answers
	@bash tests/answers/options.sh $B/nn $B/answers/nn
	@$(MAKE) answers-board
# handout: go on
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

# handout: leave out
# -- for teachers: the package without the answers, and marks
FILE ?=
handout: figures
	+@bash tests/challenges/handout.sh $B/handout
handout-check: handout
	+@bash tests/challenges/handout-check.sh $B/handout.tar.gz
grade:
	@$(call need,python3,python3)
	@python3 tests/challenges/grade.py "$(FILE)" $B/grade/$(basename $(notdir $(FILE)))
desk-check: $B/tests board
	@BUILD=$B bash tests/challenges/desk-check.sh
grade-check:
	@$(call need,python3,python3)
	@python3 tests/challenges/grade-check.py
# handout: go on

# -- the benchmark: this package against what is installed.  Contenders in C are bench.c with other products;
# figures/bench/run.py names what is missing
PYTHON = /usr/bin/python3
ROUNDS = 7
STAGES := $(shell sed -n 's/^\#ifdef STAGE_\([a-z0-9]*\).*/\1/p' figures/bench/stages.c)
BENCH  = ours float peak $(STAGES:%=stage-%) $(if $(wildcard /usr/lib/*/libopenblas.so),blas) \
         $(if $(wildcard /usr/include/doublefann.h),fann)
$B/bench/%.o: figures/bench/%.c | $B/lines $B/bench
	@echo "$(CC) $*.c"; $(CC) $(CFLAGS) -I$B/src -c $< -o $@
$B/bench/stage-%.o: figures/bench/stages.c | $B/lines $B/bench
	@echo "$(CC) stages.c, $*"; $(CC) $(CFLAGS) -DSTAGE_$* -I$B/src -c $< -o $@
$B/bench/peak.o: CFLAGS += -ffp-contract=fast $(if $(filter x86_64,$(shell uname -m)),-mprefer-vector-width=512)
$B/bench/fann.o: CFLAGS += -DFANN_VERSION='"$(shell dpkg-query -W -f '$${Version}' libfann2 2> /dev/null)"'
-include $(wildcard $B/bench/*.d)
$B/bench/ours: $B/bench/bench.o $(CORE)
	@$(CC) $(CFLAGS) $^ -lm -o $@
$B/bench/blas: LIBS = -lopenblas
$B/bench/blas $(STAGES:%=$B/bench/stage-%): $B/bench/%: $B/bench/%.o $B/bench/bench.o $(filter-out $B/obj/$(KERNEL).o,$(CORE))
	@$(CC) $(CFLAGS) $^ $(LIBS) -lm -o $@
$B/bench/float: $B/lines figures/bench/float.h | $B/bench
	@$(MAKE) build/float/bench/ours REAL=float BUILD=build/float
	@cp build/float/bench/ours $@
$B/bench/peak: $B/bench/peak.o
	@$(CC) $(CFLAGS) $^ -o $@
$B/bench/fann: $B/bench/fann.o
	@$(CC) $(CFLAGS) $^ -ldoublefann -lm -o $@
bench: $(BENCH:%=$B/bench/%)
	@$(call need,$(PYTHON),python3)
	@CC="$(CC)" ROUNDS=$(ROUNDS) $(PYTHON) figures/bench/run.py $B/bench $B/bench/measured.tsv
	@mv $B/bench/measured.tsv $B/bench/recorded.tsv
	@echo "What was measured is in $B/bench/recorded.tsv; make bench-record puts it into the chapter."
bench-record:
	@test -e $B/bench/recorded.tsv || { echo "make: nothing was measured; say make bench" >&2; exit 1; }
	@cp $B/bench/recorded.tsv figures/bench/recorded.tsv

# -- run the experiments, draw, weave
$B/data/%.done: $B/nn | $B/data
	@echo "nn experiments $*"; $B/nn experiments --out $B/data $*
	@touch $@
# handout: leave out
$(OUTCOMES:%=$B/data/%.done): $B/data/%.done: $B/answers/nn | $B/data
	@echo "nn experiments $*, with the answers"; $B/answers/nn experiments --out $B/data $*
	@touch $@
# handout: go on
$B/data/check.txt: $B/nn | $B/data
	@$B/nn check > $@
$B/data/bench.done: figures/bench/recorded.tsv figures/bench/tables.awk | $B/data
	@awk -v data=$B/data -f figures/bench/tables.awk $< > $B/data/macros-bench.tex
	@touch $@
DATA = $(OUTCOMES:%=$B/data/%.done) $(RUNS:%=$B/data/%.done) $B/data/check.txt $B/data/bench.done
figures: $(SHEETS:%=$B/figures/%.done)
$B/figures/drawn.done: $(patsubst %,$B/data/%.done,published main bayes vcurve)
$B/figures/compared.done: $(patsubst %,$B/data/%.done,architectures init bayes)
$B/figures/outcomes.done: $(OUTCOMES:%=$B/data/%.done)
$B/figures/measured.done: $B/data/bench.done
$B/figures/%.done: figures/draw.sh $(wildcard figures/*.tex figures/*.lua)
	@$(call need,lualatex,texlive-luatex)
	@$(call need,pdfseparate,poppler-utils)
	@echo "draw $($*)"; SOURCE_DATE_EPOCH=0 bash figures/draw.sh $B/figures/$* $($*)
	@touch $@

weave: doc/nn.pdf
$B/nn.tex: nn.nw doc/ccolor.awk doc/hoist.awk doc/parts.awk tests/challenges/parts.tsv $(DATA)
	@$(call need,noweave,noweb)
	@$(WEAVE) nn.nw > $@ 2> $B/weave.err; test ! -s $B/weave.err || { cat $B/weave.err; exit 1; }
	@cat $B/data/macros-*.tex > $B/macros.tex
	@awk -f doc/parts.awk tests/challenges/parts.tsv >> $B/macros.tex
	@echo "\\def\\stamp{$$(sha256sum nn.nw | cut -d' ' -f1)}" > $B/stamp.tex
doc/nn.pdf: $B/nn.tex doc/weave.sh $(wildcard doc/*.tex) $(SHEETS:%=$B/figures/%.done)
	@$(call need,lualatex,texlive-luatex)
	@echo "weave"; bash doc/weave.sh $B
	@mv $B/nn.pdf $@
	@sed -n 's/^\\newlabel{\(eq:[a-z-]*\)}{{\([0-9A-Z.]*\)}.*/\1\t\2/p' $B/nn.aux > doc/numbers.tsv
	@pdftoppm -r 100 -png -singlefile $B/figures/cover.pdf doc/cover

$B/src $B/obj $B/data $B/answers/obj $B/board/obj $B/board/run $B/bench: ; @mkdir -p $@
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
