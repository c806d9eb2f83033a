# make help says what there is; V=1 shows the commands.  These may be set: make test CC=clang OPT=-O1 BUILD=build/clang
SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS   += -rR --no-print-directory $(if $(filter 1,$(V)),,-s)
ifeq ($(MAKELEVEL)$(findstring j,$(firstword -$(MAKEFLAGS))),0)
MAKEFLAGS   += -j$(shell nproc)
endif

CC     = gcc
OPT    = -O3
ARCH   = -march=native
# the three products: product has tiles, of multiplications that add; plain has loops, for a processor that can't
CAN   := $(shell { $(CC) -march=native -dM -E -x c /dev/null || $(CC) -dM -E -x c /dev/null; } 2> /dev/null)
KERNEL = $(if $(filter __FMA__ __FP_FAST_FMA __ARM_FEATURE_FMA,$(CAN)),product,plain)
# on how many processes: alone on one, parallel on those that mpirun starts
RANKS  = alone
# more flags: sanitizers, say
EXTRA  =
# a warning is an error where CI is set; a newer compiler of yours may have more to say, and goes on
WERROR = $(if $(CI),-Werror)
BUILD  = build
B     := $(BUILD)
OPENMP = $(if $(findstring gcc,$(CC)),-fopenmp)
# moved to an older processor, the program is refused by one sentence of the loader's: CPU ISA level is lower than required
NEEDED = $(if $(filter __x86_64__,$(CAN)),$(if $(filter -march=native,$(ARCH)),$(if $(OPENMP),-mneeded)))
CFLAGS = -std=c11 -D_XOPEN_SOURCE=700 $(OPT) -g -ffp-contract=off $(ARCH) $(NEEDED) $(OPENMP) \
         -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-enum-float-conversion -Wno-psabi $(NARROW) $(WERROR) $(EXTRA)
# where a size has 32 bits, a number of 64 becomes one; the table of options keeps those that do below
NARROW = $(if $(filter __LP64__,$(CAN)),,-Wno-conversion)

CHALLENGES = optimizers batchnorm dropout catch softmax
CHAPTER = base rng matrix product data layer gradcheck loss network complexstep parallel train published bayes files table model recipe options
MODULES = $(CHAPTER) $(CHALLENGES)
FILES   = $(foreach m,$(MODULES),$m.h $m.c) plain.c alone.c nn.c
SUITES  = $(basename $(notdir $(wildcard tests/test_*.c)))
PROOF   = $(basename $(notdir $(wildcard tests/answers/test_*.c)))
NOWEB  := $(shell command -v notangle)

# a missing tool is one sentence: $(call need,command,package)
missing = { echo "make: $1 is missing; install it with: apt-get install $2 (README.md has the line for all that is needed)" >&2; exit 1; }
need    = command -v $1 > /dev/null || $(missing)
header  = test -e /usr/include/$1 || $(missing)
TEX     = texlive-luatex texlive-latex-recommended texlive-latex-extra texlive-pictures '^fonts-texgyre' fonts-jetbrains-mono
# so is a folder that somebody else has made, root mostly
CLOSED := $(shell for f in . $(wildcard $B $B/flags); do test -w $$f || { stat -c "you can't write $$f, which is %U's; say: sudo chown -R $$(id -u) $$PWD" $$f; break; }; done)
$(if $(CLOSED),$(if $(filter help,$(MAKECMDGOALS)),,$(error $(CLOSED))))
# all is made aside and renamed, so that nothing half-made survives, whatever is killed
new     = $@.$$$$
compile = $(CC) $(CFLAGS) -MMD -MP -MT $@ -MF $(new).d $1 -c $< -o $(new); mv $(new).d $(@:.o=.d); mv $(new) $@
link    = $(CC) $(CFLAGS) $(filter %.o,$^) $1 $(LINKED) -lcsv -lm -o $(new); mv $(new) $@
# the same contents keep their time, and what depends on them isn't made again
replace = if cmp -s $(new) $@; then rm $(new); else mv $(new) $@; fi
# where one of several files is missing, all are made again
gone    = $(if $(filter-out $(wildcard $1),$1),redo)

.PHONY: all redo tangle test debug tags clean help
## all: program, experiments, figures, and the chapter, doc/nn.pdf; this is what make alone does
all: tangle weave
	sed -n 's/.*mainFresh{\(.*\)}/The network of the main run is right on \1 % of fresh points./p' $B/data/macros-published.tex
	@echo "The chapter is doc/nn.pdf."
redo: ;

# -- tangle: plain C into tangled/ for people, C with #line into $B/src for the compiler
## tangle: the C of nn.nw into tangled/
tangle: $B/tangled
$B/tangled: nn.nw tests/tangle.sh $(wildcard tangled/*.[ch]) $(call gone,$(FILES:%=tangled/%)) | $B/src
	$(call need,notangle,noweb)
	sh tests/tangle.sh nn.nw tangled '' $(FILES)
	touch $@
$B/lines: $(if $(NOWEB),nn.nw tests/tangle.sh,$(wildcard tangled/*)) $(call gone,$(FILES:%=$B/src/%)) | $B/src
	$(if $(NOWEB),sh tests/tangle.sh nn.nw $B/src -L $(FILES),\
	echo "noweb is missing: using the C in tangled/ as it is"; cp tangled/*.[ch] $B/src)
	touch $@
$(FILES:%=$B/src/%): $B/lines ;

# -- compile, and again with other flags, another compiler or processor, or where a suite has gone
$B/flags: redo | $B/obj
	@echo '$(CC) $(CFLAGS) $(KERNEL) $(RANKS) $(SUITES) $(PROOF) $(FORKED) $(CAN)' > $(new); $(replace)
$B/obj/%.o: $B/src/%.c $B/flags
	$(call need,$(firstword $(CC)),$(firstword $(CC)) libc6-dev)
	$(call header,csv.h,libcsv-dev)
	@echo "$(CC) $*.c"
	$(call compile,-I$B/src)
# suites aren't optimised, which takes the compiler a third of the time; what they test is
$B/obj/%.o: tests/%.c $B/flags | $B/lines
	$(call header,criterion/criterion.h,libcriterion-dev)
	@echo "$(CC) $*.c"
	$(call compile,-O0 -I$B/src -Itests)
# gcc would store the halves of a generator's state as one vector, and wait for it at the next draw
$B/obj/rng.o: CFLAGS += -fno-tree-slp-vectorize
# its loops are short and at work in the cache: fewer turns
$B/obj/layer.o: CFLAGS += -funroll-loops
# the tests need the loops, too: under other names
$B/obj/loops.o: $B/src/plain.c $B/flags
	$(call compile,-include tests/plain.h -I$B/src)
-include $(wildcard $B/obj/*.d)
# the loops round twice, and the tests must know
$B/obj/test_product.o: CFLAGS += $(if $(filter plain,$(KERNEL)),-DTWO_ROUNDINGS)
$(CHALLENGES:%=$B/obj/%.o): CFLAGS += -Wno-unused-parameter -Wno-unused-variable -Wno-conversion -Wno-error

# FORKED=1: without Criterion's library, whose new process for each test takes valgrind a second
HELPERS = $(patsubst %,$B/obj/%.o,wrap loops $(if $(FORKED),forked,patience))
CRITERION = -Wl,--wrap=calloc,--wrap=malloc $(if $(FORKED),,-lcriterion)
CORE = $(patsubst %,$B/obj/%.o,$(patsubst parallel,$(RANKS),$(patsubst product,$(KERNEL),$(MODULES))))
# with the answers to the challenges in
ANSWERED = $(filter-out $(CHALLENGES:%=$B/obj/%.o),$(CORE)) $(CHALLENGES:%=$B/answers/obj/%.o)
$B/nn: $(CORE) $B/obj/nn.o $B/flags
	$(call link)
$B/tests: $(CORE) $(SUITES:%=$B/obj/%.o) $(HELPERS) $B/flags
	$(call link,$(CRITERION))
# a program without its debug information, which is all that a line of prose changes
$B/%.bare: $B/%
	strip -R .note.gnu.build-id -o $(new) $<; $(replace)

# -- test: by a make of its own, whose messages are kept; no other may compile the same files meanwhile
ifneq ($(filter test,$(MAKECMDGOALS)),$(MAKECMDGOALS))
ifneq ($(filter test,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
endif
## test: compile and run the tests, and say how the challenges stand
test:
	$(DESK) structure
	$(if $(NOWEB),$(DESK) build $(MAKE) tangle)
	WARN=1 $(DESK) build $(MAKE) $B/tests $B/nn
	bash tests/run.sh $B/tests
	$(DESK) build $(MAKE) board
	$(DESK) lines
## debug: build/debug/nn and build/debug/tests for gdb: not optimised, no sanitizer
debug: ; $(MAKE) BUILD=$B/debug OPT=-O0 FORKED=1 $B/debug/nn $B/debug/tests

# -- for editors
## tags: where each name is defined, in lines of nn.nw
tags: $B/lines
	$(call need,ctags,universal-ctags)
	ctags --langmap=C:+.nw --line-directives=yes -n -o - $B/src/*.[ch] | sed 's,\t$B/src/,\t,' > $(new); mv $(new) $@
## compile_commands.json: how each C file is compiled, for clangd and its like
compile_commands.json: $B/lines
	for file in tests/*.c tests/*/*.c figures/*.c figures/*/*.c $(patsubst %,$B/src/%,$(filter %.c,$(FILES))); do \
	  printf '{"directory": "%s", "file": "%s", "command": "%s -c %s"},\n' "$$PWD" "$$file" \
	    '$(CC) $(filter-out -mneeded,$(CFLAGS)) $(shell mpicc --showme:compile 2> /dev/null) -I$B/src -Itests -Itests/challenges -Ifigures' "$$file"; \
	done | sed '1s/^/[/; $$s/,$$/]/' > $(new); mv $(new) $@

# -- what is beside what it serves; tests/teacher/ is not in a handout
include figures/figures.mk figures/bench/bench.mk doc/doc.mk tests/tests.mk tests/fuzz/fuzz.mk tests/mpi/mpi.mk \
  tests/challenges/challenges.mk doc/web/web.mk doc/web/site.mk
-include tests/teacher/teacher.mk

$B/src $B/obj $B/data $B/figures/obj $B/answers/obj $B/answers/figures $B/board/obj $B/board/run $B/board/src $B/board/answers $B/bench: ; mkdir -p $@
## clean: remove what was built
clean: ; rm -rf $B tags compile_commands.json
## help: what there is, this list
help:
	awk -F': ' '/^## / { sub(/^## /, ""); target = $$1; sub(/^[^:]*: /, ""); printf "make %-22s %s\n", target, $$0 }' \
	  $(filter Makefile %.mk,$(MAKEFILE_LIST))
