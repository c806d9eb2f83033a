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
.PHONY: figures

# -- run the experiments, draw, weave
$B/data/%.done: $B/nn | $B/data
	@echo "nn experiments $*"
	$B/nn experiments --out $B/data $*
	touch $@
$B/data/check.txt: $B/nn | $B/data
	$B/nn check > $@
$B/data/bench.done: figures/bench/recorded.tsv figures/bench/tables.awk | $B/data
	awk -v data=$B/data -f figures/bench/tables.awk $< > $B/data/macros-bench.tex
	touch $@
DATA = $(OUTCOMES:%=$B/data/%.done) $(RUNS:%=$B/data/%.done) $B/data/check.txt $B/data/bench.done
## figures: run the experiments and draw the figures
figures: $(SHEETS:%=$B/figures/%.done)
$B/figures/drawn.done: $(patsubst %,$B/data/%.done,published main bayes vcurve)
$B/figures/compared.done: $(patsubst %,$B/data/%.done,architectures init bayes)
$B/figures/outcomes.done: $(OUTCOMES:%=$B/data/%.done)
$B/figures/measured.done: $B/data/bench.done
$B/figures/%.done: figures/draw.sh $(wildcard figures/*.tex figures/*.lua)
	$(call need,lualatex,texlive-luatex)
	$(call need,pdfseparate,poppler-utils)
	@echo "draw $($*)"
	SOURCE_DATE_EPOCH=0 bash figures/draw.sh $B/figures/$* $($*)
	touch $@
