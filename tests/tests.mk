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

# -- attacks that invent their input: clang's libFuzzer, the chapter's C with the answers where they are, and sanitizers
# (3.5 million inputs for each of the three, once: no fault in the C)
.PHONY: fuzz
FUZZERS      = csv model options
FUZZ_SECONDS = 20
FUZZ = clang -std=c11 -D_XOPEN_SOURCE=700 -O1 -g -ffp-contract=off -w -fno-sanitize-recover=all -I$B/src
fuzzed = $(call need,clang,clang libclang-rt-dev); mkdir -p $(@D); $(FUZZ) -fsanitize=fuzzer-no-link,address,undefined -c $< -o $@
FUZZ_O = $(patsubst $B/%.o,$B/fuzz/%.o,$(if $(PROOF),$(ANSWERED),$(CORE)))
## fuzz: invent tables, models and command lines for FUZZ_SECONDS=20 each; none may crash the program
fuzz: $(FUZZERS:%=$B/fuzz/%)
	for f in $(FUZZERS); do mkdir -p $B/fuzz/new-$$f; echo "$$f, $(FUZZ_SECONDS) s"; \
	  $B/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2000 -max_len=4096 -print_final_stats=1 \
	    -artifact_prefix=$B/fuzz/ $B/fuzz/new-$$f tests/fuzz/$$f > $B/fuzz/$$f.log 2>&1 || \
	    { tail -n 40 $B/fuzz/$$f.log; exit 1; }; sed -n 's/^stat::number_of_executed_units: */  runs without a fault: /p' $B/fuzz/$$f.log; done
$(FUZZ_O): $(patsubst %,$B/src/%,$(filter %.h,$(FILES)))
$B/fuzz/obj/%.o: $B/src/%.c ; $(fuzzed)
$B/fuzz/answers/obj/%.o: $B/answers/src/%.c ; $(fuzzed)
$B/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz.h $(FUZZ_O)
	$(FUZZ) -fsanitize=fuzzer,address,undefined $(filter %.c %.o,$^) -lcsv -lm -o $@
