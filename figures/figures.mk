# -- the experiments: each writes its files aside; then they are moved, all together, and NAME.done lists them
RUNS     = architectures published init wdbc main bayes vcurve loss speed
# these train with the answers in
OUTCOMES = optimizers batchnorm dropout
FIGURES := $(filter-out pre,$(basename $(notdir $(wildcard figures/*.tex))))
.PHONY: figures $(FIGURES:%=figure-%)
run = rm -rf $B/data/$*.new; mkdir $B/data/$*.new; $< experiments --out $B/data/$*.new $*; cd $B/data; \
      (cd $*.new; ls; mv * ..) > $*.list; rmdir $*.new; mv $*.list $*.done
$B/data/%.done: $B/nn.bare | $B/data
	@echo "experiment $*"
	$(run)
$B/data/wdbc.done: tests/data/wdbc.csv
$B/data/bench.done: figures/bench/recorded.tsv figures/bench/tables.awk | $B/data
	awk -v data=$B/data -f figures/bench/tables.awk $< > $B/data/macros-bench.tex
	cd $B/data; ls macros-bench.tex growth-* > bench.list; mv bench.list bench.done
$B/data/check.txt: $B/nn.bare | $B/data
	$< check > $@.new
	mv $@.new $@
# a handout has no answers, but what they made
ifeq ($(wildcard tests/teacher),)
$(OUTCOMES:%=$B/data/%.done): $B/data/%.done: figures/recorded/%.done | $B/data
	cp $$(sed 's,^,figures/recorded/,' $<) $B/data
	cp $< $@
endif
DATA = $(patsubst %,$B/data/%.done,$(OUTCOMES) $(RUNS) bench) $B/data/check.txt
# where a file that is listed has gone, nothing is done
$(shell cd $B/data 2> /dev/null && for f in *.done; do [ ! -e $$f ] || ls $$(< $$f) > /dev/null 2>&1 || rm $$f; done)

# -- the figures, each by a run of its own: so its bytes don't depend on what else was old
## figures: run the experiments and draw the figures; make figure-norms draws one
figures: $(FIGURES:%=$B/figures/%.pdf)
$(FIGURES:%=figure-%): figure-%: $B/figures/%.pdf
$B/figures/%.pdf: figures/%.tex figures/pre.tex figures/plot.lua | $B/figures
	$(call need,lualatex,texlive-luatex)
	@echo "draw $*"
	here=$$PWD/figures; cd $B/figures; TEXINPUTS=$$here: SOURCE_DATE_EPOCH=0 FORCE_SOURCE_DATE=1 \
	  lualatex -interaction=nonstopmode -halt-on-error -jobname=$*.new $*.tex > $*.out || { grep -A8 '^!' $*.new.log >&2; exit 1; }
	mv $B/figures/$*.new.pdf $@
from = $(patsubst %,$B/figures/%.pdf,$1): $(patsubst %,$B/data/%.done,$2)
$(call from,spirals cover boundary norms,main bayes)
$(call from,published,published main)
$(call from,vcurve,vcurve)
$(call from,architectures spread init,architectures init bayes)
$(foreach f,$(OUTCOMES),$(eval $(call from,$f,$f)))
$(call from,growth,bench)
$B/figures/ziggurat.pdf: figures/ziggurat.lua
