WEAVE   = noweave -delay -filter doc/ccolor.awk -index -filter doc/hoist.awk
.PHONY: weave

## weave: typeset doc/nn.pdf
weave: doc/nn.pdf
$B/nn.tex: nn.nw doc/ccolor.awk doc/hoist.awk doc/parts.awk tests/challenges/parts.tsv $(DATA)
	$(call need,noweave,noweb)
	$(WEAVE) nn.nw > $@ 2> $B/weave.err; test ! -s $B/weave.err || { cat $B/weave.err; exit 1; }
	cat $(MACROS) > $B/macros.tex
	awk -f doc/parts.awk tests/challenges/parts.tsv >> $B/macros.tex
	echo "\\def\\stamp{$$(sha256sum nn.nw | cut -d' ' -f1)}" > $B/stamp.tex
doc/nn.pdf: $B/nn.tex doc/weave.sh $(wildcard doc/*.tex) $(FIGURES:%=$B/figures/%.pdf)
	$(call need,lualatex,texlive-luatex)
	@echo "weave"
	bash doc/weave.sh $B
	mv $B/nn.pdf $@
	sed -n 's/^\\newlabel{\(eq:[a-z-]*\)}{{\([0-9A-Z.]*\)}.*/\1\t\2/p' $B/nn.aux > doc/numbers.tsv
	pdftoppm -r 100 -png -singlefile $B/figures/cover.pdf doc/cover
