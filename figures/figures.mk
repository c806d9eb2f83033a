# -- the experiments: figures/lab.c runs one of them, which writes its numbers
# these train with the answers in
OUTCOMES    = optimizers nudged single batchnorm dropout digits
EXPERIMENTS = published architectures init bayes vcurve loss wdbc plate $(OUTCOMES)
FIGURES    := $(filter-out pre,$(basename $(notdir $(wildcard figures/*.tex))))
TABLES      = log arch-published limit init naive wdbc stages bench check batchnorm digits
.PHONY: figures $(FIGURES:%=figure-%) $(TABLES:%=table-%)
LAB = $(patsubst figures/%.c,$B/figures/obj/%.o,$(wildcard figures/*.c))
$B/figures/obj/%.o: figures/%.c $B/flags | $B/lines $B/figures/obj
	$(call header,png.h,libpng-dev)
	@echo "$(CC) $*.c"
	$(call compile,-I$B/src)
-include $(wildcard $B/figures/obj/*.d)
$B/figures/experiments: $(CORE) $(LAB) $B/flags
	$(call link,-lpng)
$B/answers/figures/experiments: $(ANSWERED) $(LAB) $B/flags | $B/answers/figures
	$(call link,-lpng)
# the folder NAME of an experiment is there whole or not at all, and NAME.done lists what is in it
run = rm -rf $B/data/$*.new; mkdir $B/data/$*.new; $1 $B/data/$*.new; rm -rf $B/data/$*; mv $B/data/$*.new $B/data/$*; ls $B/data/$*/* > $@
# in RESULTS, a folder, is what was made of the files $1, by $2 into a folder: the same needn't be made again
once = $(if $(RESULTS),kept="$(RESULTS)/$*-$$(cat $1 | sha256sum | cut -c-16)"; [ -e "$$kept" ] || { mkdir -p "$$kept.$$$$"; \
  $2 "$$kept.$$$$"; mv -T "$$kept.$$$$" "$$kept" 2> /dev/null || rm -r "$$kept.$$$$"; }; cp -rT "$$kept",$2)
experiment = $(call once,$^,$< $*)
$(patsubst %,$B/data/%.done,$(filter-out $(OUTCOMES),$(EXPERIMENTS))): $B/data/%.done: $B/figures/experiments.bare | $B/data
	@echo "experiment $*"
	$(call run,$(experiment))
# a handout has no answers, but what they made
$(OUTCOMES:%=$B/data/%.done): $B/data/%.done: $(if $(wildcard tests/teacher),$B/answers/figures/experiments.bare,figures/recorded/%) | $B/data
	@echo "experiment $*, $(if $(wildcard tests/teacher),with the answers,as recorded with the answers)"
	$(call run,$(if $(wildcard tests/teacher),$(experiment),cp -rT $<))
$B/data/wdbc.done: tests/data/wdbc.csv
$(patsubst %,$B/data/%.done,architectures init optimizers nudged single batchnorm): figures/trials.tsv
$B/data/digits.done: tests/data/digits.csv tests/data/iris.csv
$B/data/macros-digits.tex: figures/bench/digits.tsv
# where a file that is listed has gone, nothing is done
$(shell for f in $(wildcard $B/data/*.done); do for g in $$(< $$f); do [ -e $$g ] || { rm $$f; break; }; done; done)

# -- the figures, each by a run of its own: so its bytes don't depend on what else was old
## figures: run the experiments and draw the figures; make figure-norms draws one, make table-init sets one table
figures: $(FIGURES:%=$B/figures/%.pdf)
$(FIGURES:%=figure-%): figure-%: $B/figures/%.pdf ; @echo $<
$B/figures/%.pdf: figures/%.tex figures/pre.tex figures/plot.lua | $B/figures/obj
	$(call need,lualatex,$(TEX))
	@echo "draw $*"
	here=$$PWD/figures; draw() { \
	  (cd $B/figures; TEXINPUTS=$$here: SOURCE_DATE_EPOCH=0 FORCE_SOURCE_DATE=1 lualatex -interaction=nonstopmode -halt-on-error \
	    -jobname=$*.new $*.tex > $*.out || { grep -A8 '^!' $*.new.log >&2; exit 1; }); mv $B/figures/$*.new.pdf $$1/$*.pdf; }; \
	$(call once,$(filter-out %.done,$^) $$(cat /dev/null $(filter %.done,$^)),draw) $B/figures
from = $(patsubst %,$B/figures/%.pdf,$1): $(patsubst %,$B/data/%.done,$2)
$(call from,published norms cover boundary plate,published)
$(call from,spirals cover boundary architectures,bayes)
$(call from,architectures spread,architectures)
$(call from,plate weights,plate)
$(foreach f,init vcurve $(OUTCOMES),$(eval $(call from,$f,$f)))
$B/figures/ziggurat.pdf $B/figures/depth.pdf $B/figures/digits.pdf $B/figures/shares.pdf: $B/figures/%.pdf: figures/%.lua
$B/figures/plate.pdf $B/figures/weights.pdf: figures/plate.lua
