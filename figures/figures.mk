# The experiments (lab*.c), macros and tables set from their numbers (tables.lua), and the figures.
OUTCOMES    = optimizers batchnorm dropout
EXPERIMENTS = published architectures init bayes vcurve loss speed wdbc $(OUTCOMES)
FIGURES     = $(filter-out pre,$(basename $(notdir $(wildcard figures/*.tex))))
TABLES      = log arch-published limit naive spread init wdbc stages bench $(OUTCOMES)
MACROS      = $(patsubst %,$B/data/macros-%.tex,$(EXPERIMENTS) bench)
DATA        = $(MACROS) $B/data/check.txt $B/data/result.txt
.PHONY: figures $(FIGURES:%=figure-%) $(TABLES:%=table-%)

# -- the program, and the same with the answers to the challenges in
LAB = $(patsubst figures/%.c,$B/figures/obj/%.o,$(wildcard figures/*.c))
$B/figures/obj/%.o: figures/%.c | $B/lines $B/figures/obj
	test -e /usr/include/png.h || { echo "make: png.h is missing; install it with: apt-get install libpng-dev" >&2; exit 1; }
	@echo "$(CC) $*.c"
	$(CC) $(CFLAGS) -I$B/src -c $< -o $@
-include $(wildcard $B/figures/obj/*.d)
$B/figures/experiments: $(CORE) $(LAB)
$B/answers/figures/experiments: $(filter-out $(CHALLENGES:%=$B/obj/%.o),$(CORE)) $(CHALLENGES:%=$B/answers/obj/%.o) $(LAB) | $B/answers/figures
%/figures/experiments: ; $(CC) $(CFLAGS) $^ -lpng -lm -o $@
# a copy without line numbers stays as it is where only prose has changed, and so does all that is made with it
%/figures/code: %/figures/experiments ; strip -o $@.new $<; cmp -s $@.new $@ || cp $@.new $@; rm $@.new

# -- an experiment's folder is there whole or not at all; what was in it is listed, and where something is missing it is made again
$(foreach l,$(wildcard $B/data/*.list),$(if $(filter-out $(wildcard $B/data/*/*),$(file <$l)),$l)): redo
$B/data/%.list: $B/figures/code | $B/data
	@echo "experiment $*"
	rm -rf $B/data/$*.new; mkdir $B/data/$*.new
	$(RUN) $B/data/$*.new
	rm -rf $B/data/$*; mv $B/data/$*.new $B/data/$*
	echo $B/data/$*/* > $@
RUN = $B/figures/code $*
$(OUTCOMES:%=$B/data/%.list): RUN = $(if $(RECORDED),cp -rT figures/recorded/$*,$B/answers/figures/code $*)
# a handout has no answers; what they do is recorded there
RECORDED = $(wildcard figures/recorded)
$(OUTCOMES:%=$B/data/%.list): $(if $(RECORDED),,$B/answers/figures/code)
$B/data/wdbc.list: tests/data/wdbc.csv
$B/data/macros-%.tex: figures/tables.lua figures/plot.lua $B/data/%.list
	$(call need,texlua,texlive-luatex)
	texlua $< $B/data $* > $@.new; mv $@.new $@
$B/data/macros-bench.tex $B/data/growth-points.dat $B/data/growth-width.dat &: figures/bench/tables.awk figures/bench/recorded.tsv | $B/data
	awk -v data=$B/data -f $^ > $B/data/macros-bench.new; mv $B/data/macros-bench.new $B/data/macros-bench.tex
$B/data/check.txt: $B/nn | $B/data ; $B/nn check > $@.new; mv $@.new $@
$B/data/result.txt: $B/data/macros-published.tex
	sed -n '/mendPercent/s/.*{\(.*\)}/The network of the main run is right on \1 % of its training points/p; /mainFresh{/s/.*{\(.*\)}/and on \1 % of fresh ones./p' $< > $@
from = $1: $(patsubst %,$B/data/macros-%.tex,$2)
$(eval $(call from,table-log table-arch-published table-limit,published))
$(eval $(call from,table-limit,bayes))
$(eval $(call from,table-naive,loss))
