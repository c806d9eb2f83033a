# -- what the text takes from the experiments
MACROS = $(patsubst %,$B/data/macros-%.tex,$(EXPERIMENTS) bench mpi check mutants)
$(EXPERIMENTS:%=$B/data/macros-%.tex): $B/data/macros-%.tex: figures/tables.lua figures/plot.lua $B/data/%.done
	$(call need,texlua,$(TEX))
	texlua $< $B/data $* > $(new); mv $(new) $@
table-log table-arch-published table-limit: $B/data/macros-published.tex
table-limit: $B/data/macros-bayes.tex
table-naive: $B/data/macros-loss.tex
$(patsubst %,table-%,init wdbc check batchnorm digits): table-%: $B/data/macros-%.tex
$(TABLES:%=table-%): ; @echo $^

# -- weave the chapter
WEAVE = noweave -delay -filter doc/index.awk -filter doc/ccolor.awk -index -filter doc/uses.awk -filter doc/hoist.awk
.PHONY: weave
## weave: typeset doc/nn.pdf
weave: doc/nn.pdf
$B/nn.tex: nn.nw doc/index.awk doc/terms.tsv doc/ccolor.awk doc/uses.awk doc/hoist.awk | $B/src
	$(call need,noweave,noweb)
	$(WEAVE) nn.nw > $(new) 2> $B/weave.err; [ ! -s $B/weave.err ] || { cat $B/weave.err; exit 1; }; mv $(new) $@
$B/stamp.tex: nn.nw | $B/src
	echo "\\def\\stamp{$$(sha256sum nn.nw | cut -d' ' -f1)}" > $(new); mv $(new) $@
$B/macros.tex: doc/parts.awk tests/challenges/parts.tsv doc/systems.awk tests/systems.tsv $(MACROS)
	{ cat $(MACROS); awk -f doc/parts.awk tests/challenges/parts.tsv; awk -f doc/systems.awk tests/systems.tsv; } > $(new); mv $(new) $@
$B/data/check.txt: $B/nn.bare | $B/data ; $< check > $(new); mv $(new) $@
$B/data/macros-check.tex: figures/check.awk $B/data/check.txt ; awk -f $^ > $(new); mv $(new) $@
$B/data/macros-mutants.tex: tests/mutants-score.tsv | $B/data
	awk -F'\t' 'NR > 1 && NF == 4 { killed += $$2; left += $$3; same += $$4 } \
	  END { printf "\\newcommand\\mutantsKilled{%d}\\newcommand\\mutantsTried{%d}\\newcommand\\mutantsSame{%d}\n", \
	    killed, killed + left, same }' $< > $(new); mv $(new) $@
doc/cover.png: $B/figures/cover.pdf
	$(call need,pdftoppm,poppler-utils)
	pdftoppm -scale-to 1200 -png -singlefile $< $B/cover; mv $B/cover.png $@
# numbers.tsv: of the equations, for the hints.  The PDF comes last: what it is newer than is there
doc/nn.pdf: $B/nn.tex $B/stamp.tex $B/macros.tex $(FIGURES:%=$B/figures/%.pdf) doc/weave.sh doc/galley.lua doc/breaks.awk $(wildcard doc/*.tex) \
  doc/cover.png $(if $(and $(wildcard doc/numbers.tsv),$(wildcard doc/page.png)),,redo)
	$(call need,lualatex,$(TEX))
	$(call need,pdftoppm,poppler-utils)
	@echo "weave"
	bash doc/weave.sh $B
	sed -n 's/^\\newlabel{\(eq:[a-z-]*\)}{{\([0-9A-Z.]*\)}.*/\1\t\2/p' $B/nn.aux > $B/numbers.tsv
	page=$$(pdftotext $B/nn.pdf - | awk -v RS='\f' '/relu.exact_around/ && !n++ { print NR }'); \
	  pdftoppm -scale-to 1200 -png -singlefile -f $$page -l $$page $B/nn.pdf $B/page
	mv $B/numbers.tsv $B/page.png doc
	mv $B/nn.pdf $@
