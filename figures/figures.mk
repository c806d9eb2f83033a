# The experiments (figures/lab*.c), the tables set from their numbers (figures/tables.lua), and the figures.
# make figure-norms and make table-spread make one of them again, with what it needs.
OUTCOMES    = optimizers batchnorm dropout
EXPERIMENTS = published architectures init bayes vcurve loss speed wdbc $(OUTCOMES)
FIGURES     = $(filter-out pre,$(basename $(notdir $(wildcard figures/*.tex))))
TABLES      = log arch-published limit naive spread init wdbc stages bench $(OUTCOMES)
MACROS      = $(patsubst %,$B/data/macros-%.tex,$(EXPERIMENTS) bench)
.PHONY: figures $(FIGURES:%=figure-%) $(TABLES:%=table-%)
.SECONDARY:

# -- the program, and the same with the answers to the challenges in
LAB = $(patsubst figures/%.c,$B/figures/obj/%.o,$(wildcard figures/*.c))
$B/figures/obj/%.o: figures/%.c | $B/lines
	test -e /usr/include/png.h || { echo "make: png.h is missing; install it with: apt-get install libpng-dev" >&2; exit 1; }
	@echo "$(CC) $*.c"
	mkdir -p $(@D)
	$(CC) $(CFLAGS) -I$B/src -c $< -o $@
-include $(wildcard $B/figures/obj/*.d)
$B/figures/experiments: $(CORE) $(LAB)
	$(CC) $(CFLAGS) $^ -lpng -lm -o $@
$B/answers/figures/experiments: $(filter-out $(CHALLENGES:%=$B/obj/%.o),$(CORE)) $(CHALLENGES:%=$B/answers/obj/%.o) $(LAB)
	mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ -lpng -lm -o $@
# without line numbers; it stays as it is where the code does, and so does what was made with it
%/figures/code: %/figures/experiments
	strip -o $@.new $<
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# -- each experiment has a folder of its own, which is there whole or not at all, and a list of what is in it.
# Where something of that is missing, the experiment is run again.
$(foreach list,$(wildcard $B/data/*.list),$(if $(filter-out $(wildcard $B/data/*/*),$(file <$(list))),$(list))): redo
$B/data/%.list: | $B/data
	@echo "experiment $*"
	rm -rf $B/data/$*.new
	mkdir $B/data/$*.new
	$(RUN) $B/data/$*.new
	rm -rf $B/data/$*
	mv $B/data/$*.new $B/data/$*
	echo $B/data/$*/* > $@
$(EXPERIMENTS:%=$B/data/%.list): RUN = $B/figures/code $*
$(filter-out $(OUTCOMES:%=$B/data/%.list),$(EXPERIMENTS:%=$B/data/%.list)): $B/figures/code
# a handout has no answers, but what they do is recorded there
ifneq ($(wildcard figures/recorded),)
$(OUTCOMES:%=$B/data/%.list): RUN = cp -rT figures/recorded/$*
else
$(OUTCOMES:%=$B/data/%.list): RUN = $B/answers/figures/code $*
$(OUTCOMES:%=$B/data/%.list): $B/answers/figures/code
endif
$B/data/wdbc.list: tests/data/wdbc.csv

# -- macros and tables, a file for each experiment; that of the benchmark is set from what was recorded
$B/data/macros-%.tex: figures/tables.lua figures/plot.lua $B/data/%.list
	$(call need,texlua,texlive-luatex)
	texlua $< $B/data $* > $@.new
	mv $@.new $@
$B/data/macros-bench.tex $B/data/growth-points.dat $B/data/growth-width.dat &: figures/bench/recorded.tsv figures/bench/tables.awk | $B/data
	awk -v data=$B/data -f figures/bench/tables.awk $< > $B/data/macros-bench.tex
$B/data/check.txt: $B/nn | $B/data
	$B/nn check > $@
$B/data/result.txt: $B/data/macros-published.tex
	awk -F'[{}]' '/mendPercent/ { own = $$2 } /mainFresh{/ { fresh = $$2 } END { print "The network of the main run is right on " \
	  own " % of its training points\nand on " fresh " % of fresh ones." }' $< > $@
DATA = $(MACROS) $B/data/check.txt $B/data/result.txt
table-log table-arch-published table-limit: $B/data/macros-published.tex
table-limit: $B/data/macros-bayes.tex
table-naive: $B/data/macros-loss.tex
table-spread: $B/data/macros-architectures.tex
table-stages: $B/data/macros-bench.tex
$(patsubst %,table-%,init wdbc bench $(OUTCOMES)): table-%: $B/data/macros-%.tex
$(TABLES:%=table-%): ; @echo $^

# -- the figures
## figures: run the experiments and draw the figures; make figure-norms draws one, make table-spread sets one table
figures: $(FIGURES:%=$B/figures/%.pdf)
from = $(patsubst %,$B/figures/%.pdf,$2): $B/data/$1.list
$(call from,published,published norms cover boundary)
$(call from,bayes,spirals cover boundary architectures)
$(call from,architectures,architectures spread)
$(foreach name,init vcurve $(OUTCOMES),$(eval $(call from,$(name),$(name))))
$B/figures/growth.pdf: $B/data/growth-points.dat $B/data/growth-width.dat
$B/figures/ziggurat.pdf: figures/ziggurat.lua
$B/figures/%.pdf: figures/%.tex figures/pre.tex figures/plot.lua
	$(call need,lualatex,texlive-luatex)
	@echo "draw $*"
	mkdir -p $(@D)
	cd $(@D); SOURCE_DATE_EPOCH=0 TEXINPUTS="$(CURDIR)/figures:" lualatex -interaction=nonstopmode -halt-on-error \
	  -jobname=$*-new $*.tex > $*.out || { grep -A8 '^!' $*-new.log >&2; exit 1; }
	mv $(@D)/$*-new.pdf $@
$(FIGURES:%=figure-%): figure-%: $B/figures/%.pdf ; @echo $<
