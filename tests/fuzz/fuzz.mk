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
