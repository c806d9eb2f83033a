.PHONY: bench bench-record
# -- the benchmark: this package against what is installed.  Contenders in C are bench.c with other products;
# figures/bench/run.py names what is missing
PYTHON = /usr/bin/python3
ROUNDS = 7
STAGES := $(shell sed -n 's/^\#ifdef STAGE_\([a-z0-9]*\).*/\1/p' figures/bench/stages.c)
BENCH  = ours float peak $(STAGES:%=stage-%) $(if $(wildcard /usr/lib/*/libopenblas.so),blas) \
         $(if $(wildcard /usr/include/doublefann.h),fann)
$B/bench/%.o: figures/bench/%.c | $B/lines $B/bench
	@echo "$(CC) $*.c"
	$(CC) $(CFLAGS) -I$B/src -c $< -o $@
$B/bench/stage-%.o: figures/bench/stages.c | $B/lines $B/bench
	@echo "$(CC) stages.c, $*"
	$(CC) $(CFLAGS) -DSTAGE_$* -I$B/src -c $< -o $@
$B/bench/peak.o: CFLAGS += -ffp-contract=fast $(if $(filter x86_64,$(shell uname -m)),-mprefer-vector-width=512)
$B/bench/fann.o: CFLAGS += -DFANN_VERSION='"$(shell dpkg-query -W -f '$${Version}' libfann2 2> /dev/null)"'
-include $(wildcard $B/bench/*.d)
$B/bench/ours: $B/bench/bench.o $(CORE)
	$(CC) $(CFLAGS) $^ -lm -o $@
$B/bench/blas: LIBS = -lopenblas
$B/bench/blas $(STAGES:%=$B/bench/stage-%): $B/bench/%: $B/bench/%.o $B/bench/bench.o $(filter-out $B/obj/$(KERNEL).o,$(CORE))
	$(CC) $(CFLAGS) $^ $(LIBS) -lm -o $@
$B/bench/float: $B/lines figures/bench/float.h | $B/bench
	$(MAKE) build/float/bench/ours REAL=float BUILD=build/float
	cp build/float/bench/ours $@
$B/bench/peak: $B/bench/peak.o
	$(CC) $(CFLAGS) $^ -o $@
$B/bench/fann: $B/bench/fann.o
	$(CC) $(CFLAGS) $^ -ldoublefann -lm -o $@
## bench: how fast is it, beside NumPy, PyTorch, scikit-learn, FANN, OpenBLAS?  Five minutes
bench: $(BENCH:%=$B/bench/%)
	$(call need,$(PYTHON),python3)
	CC="$(CC)" ROUNDS=$(ROUNDS) $(PYTHON) figures/bench/run.py $B/bench $B/bench/measured.tsv
	mv $B/bench/measured.tsv $B/bench/recorded.tsv
	@echo "What was measured is in $B/bench/recorded.tsv; make bench-record puts it into the chapter."
## bench-record: put what make bench measured into the chapter
bench-record:
	test -e $B/bench/recorded.tsv || { echo "make: nothing was measured; say make bench" >&2; exit 1; }
	cp $B/bench/recorded.tsv figures/bench/recorded.tsv
