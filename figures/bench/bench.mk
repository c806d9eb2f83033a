.PHONY: bench bench-record
# -- the benchmark: this package against what is installed.  Contenders in C are bench.c with other products;
# figures/bench/run.py names what is missing
PYTHON = /usr/bin/python3
ROUNDS = 7
STAGES := $(shell sed -n 's/^\#ifdef STAGE_\([a-z0-9]*\).*/\1/p' figures/bench/stages.c)
BENCH  = ours float peak $(STAGES:%=stage-%) $(if $(wildcard /usr/lib/*/libopenblas.so),blas \
           $(if $(wildcard /usr/include/libxsmm.h),xsmm)) \
         $(if $(wildcard /usr/include/doublefann.h),fann)
$B/bench/%.o: figures/bench/%.c $B/flags | $B/lines $B/bench
	@echo "$(CC) $*.c"
	$(call compile,-I$B/src)
$B/bench/stage-%.o: figures/bench/stages.c $B/flags | $B/lines $B/bench
	@echo "$(CC) stages.c, $*"
	$(call compile,-DSTAGE_$* -I$B/src)
$B/bench/peak.o: CFLAGS += -ffp-contract=fast $(if $(filter x86_64,$(shell uname -m)),-mprefer-vector-width=512)
$B/bench/fann.o: CFLAGS += -DFANN_VERSION='"$(shell dpkg-query -W -f '$${Version}' libfann2 2> /dev/null)"'
-include $(wildcard $B/bench/*.d)
$B/bench/ours: $B/bench/bench.o $(CORE)
	$(call link)
$B/bench/blas: LIBS = -lopenblas
$B/bench/xsmm: LIBS = -lxsmm -lopenblas -ldl
$B/bench/blas $B/bench/xsmm $(STAGES:%=$B/bench/stage-%): $B/bench/%: $B/bench/%.o $B/bench/bench.o $(filter-out $B/obj/$(KERNEL).o,$(CORE))
	$(call link,$(LIBS))
# the whole program in single precision
$B/bench/float: redo | $B/bench
	$(MAKE) $B/float/bench/ours BUILD=$B/float EXTRA="-include figures/bench/float.h -w"
	cp $B/float/bench/ours $(new); $(replace)
$B/bench/peak: $B/bench/peak.o
	$(call link)
$B/bench/fann: $B/bench/fann.o
	$(call link,-ldoublefann)
## bench: how fast is it, beside NumPy, PyTorch, scikit-learn, FANN, OpenBLAS, libxsmm?  Six minutes
bench: $(BENCH:%=$B/bench/%)
	$(call need,$(PYTHON),python3)
	CC="$(CC)" ROUNDS=$(ROUNDS) $(PYTHON) figures/bench/run.py $B/bench $B/bench/measured.tsv
	mv $B/bench/measured.tsv $B/bench/recorded.tsv
	@echo "What was measured is in $B/bench/recorded.tsv; make bench-record puts it into the chapter."
## bench-record: put what make bench measured into the chapter
bench-record:
	test -e $B/bench/recorded.tsv || { echo "make: nothing was measured; say make bench" >&2; exit 1; }
	cp $B/bench/recorded.tsv figures/bench/recorded.tsv

# -- what the text takes from the recorded numbers
BENCHED = $(patsubst %,$B/data/%.dat,growth-points growth-width shares)
$B/data/macros-bench.tex $(BENCHED) &: figures/bench/tables.awk figures/bench/recorded.tsv | $B/data
	awk -v data=$B/data -f $^ > $B/data/bench.new; mv $B/data/bench.new $B/data/macros-bench.tex
table-bench table-stages: $B/data/macros-bench.tex
$B/figures/growth.pdf $B/figures/shares.pdf: $(BENCHED)
