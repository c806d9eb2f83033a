# what else the program must stand, and what is committed
.PHONY: sanitize valgrind bad-input mutants check make-test
## sanitize: the tests again, under ASan and UBSan, with the answers where they are: each suite once
SANITIZE = BUILD=$B/sanitize OPT=-O1 ARCH= PATIENCE=5 EXTRA="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-pie -no-pie"
sanitize:
	$(MAKE) $(if $(PROOF),answers challenges,test) bad-input $(SANITIZE)
## valgrind: the tests again, under valgrind
valgrind:
	$(call need,valgrind,valgrind)
	$(MAKE) $B/valgrind/tests BUILD=$B/valgrind OPT=-O1 ARCH=
	bash tests/run.sh --valgrind $B/valgrind/tests
## bad-input: give the program wrong input, and compare what it says
bad-input: $B/nn
	KERNEL=$(KERNEL) bash tests/bad-input.sh $B/nn
## mutants: put faults into nn.nw, one at a time, and see the tests find them
mutants: $B/tests $(if $(PROOF),$B/answers/tests)
	bash tests/mutants.sh
## check: is what is committed in step with nn.nw?
check:
	$(call need,noroots,noweb)
	$(call need,pdftotext,poppler-utils)
	bash tests/check.sh "$(FILES)"
## make-test: does make do what it must, and no more?  Works in a scratch folder, two minutes
make-test: ; bash tests/make-test.sh
