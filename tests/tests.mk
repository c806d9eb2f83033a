# what else the program must stand, and what is committed
.PHONY: sanitize valgrind bad-input mutants commands check make-test
## sanitize: the tests again, under ASan and UBSan, with the answers where they are: each suite once
SANITIZE = BUILD=$B/sanitize OPT=-O1 ARCH= PATIENCE=5 SPARSE=1 FORKED=1 EXTRA="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-pie -no-pie"
sanitize:
	$(MAKE) $(if $(PROOF),answers challenges,test) bad-input $(SANITIZE)
## valgrind: the tests again, under valgrind
valgrind:
	$(call need,valgrind,valgrind)
	$(MAKE) $B/valgrind/tests BUILD=$B/valgrind OPT=-O1 ARCH= FORKED=1
	bash tests/run.sh --valgrind $B/valgrind/tests
## bad-input: give the program wrong input, and compare what it says
bad-input: $B/nn
	KERNEL=$(KERNEL) bash tests/bad-input.sh $B/nn
## mutants: put faults into nn.nw, one at a time, and see the tests find them
# those of the lists (OF="NAME ..."), or with ALL=1 each operator, constant, condition, call and statement; of some
# modules by OF="loss layer", a share of them by PART=3/20, drawn by SAMPLE=60 and SEED; AGAIN=1: what survived last
# time; BY=sanitizers
mutants:
	BUILD=$B $(PYTHON3) tests/mutants.py $(if $(ALL),$(if $(PART),--part $(PART)) $(if $(SAMPLE),--sample $(SAMPLE)) \
	  $(if $(AGAIN),--again) $(if $(BY),--sanitize),--listed) $(OF)
## commands: does the program print what is recorded in tests/commands.txt, to the last digit?
commands: $B/nn
	bash tests/commands.sh $B/nn
## check: is what is committed in step with nn.nw?
check:
	$(call need,noroots,noweb)
	$(call need,pdftotext,poppler-utils)
	bash tests/check.sh "$(FILES)"
## make-test: does make do what it must, and no more?  Works in a scratch folder, two minutes
make-test: ; bash tests/make-test.sh

## proof: for all shapes up to a bound: products and the reader of models stay inside their memory
.PHONY: proof
proof: $B/lines $(if $(PROOF),$B/answers/lines)
	sh tests/proof/proof.sh $B/src $B/proof $(if $(PROOF),$B/answers/src,$B/src)

# -- which lines run: at -O0, in a folder of its own
.PHONY: coverage coverage-built
COVERED = $B/nn $(if $(PROOF),$B/answers/nn $B/answers/tests,$B/tests)
## coverage: the share of the book's lines and branches that the tests run
coverage:
	$(MAKE) coverage-built BUILD=$B/coverage OPT=-O0 OPENMP= EXTRA="--coverage -Dalways_inline=unused" COVERAGE=1
	bash tests/coverage.sh $B/coverage $(MODULES) plain alone nn
coverage-built: $(COVERED)
ifdef COVERAGE
$(COVERED): LINKED = -Wl,--wrap=abort
$(COVERED): $B/obj/coverage.o
# otherwise each product takes many times as long
$B/obj/product.o: override OPT = -O1
endif
