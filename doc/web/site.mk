# -- the challenges in a page, and the site
DESK_C = $(filter-out %/guard.c,$(wildcard tests/challenges/*.c tests/challenges/*.inc)) tests/challenges/board.h tests/challenges/sentences.json $W/guard.c
$B/site/objects.bin: nn.nw $(DESK_C) tests/challenges/parts.tsv tests/challenges/hints.txt tests/challenges/challenges.mk \
  $W/clang.mjs $W/desk-nw.mjs $W/desk-build.mjs $W/build.mjs $W/live.c $W/live-build.mjs $W/node_modules/.package-lock.json | $B/tangled
	$(call node)
	@echo "the challenges, for a page"
	$(CLANG) $W/desk-build.mjs $B/site
# of the compiler's files, those that C needs
LLVM = $W/node_modules/@yowasp/clang/gen
FOR_C = include|include/((__)?(std|float)[^/]*|limits|iso646|tgmath|inttypes)\.h|include/wasm32-wasip1(/[^+]*)?|lib|lib/wasm32-(unknown-)?wasip1(/(libc\.a|crt1-(command|reactor)\.o|libclang_rt\.builtins\.a))?
$B/site/llvm-resources.tar: $W/node_modules/.package-lock.json
	mkdir -p $B/site; cp $(LLVM)/*.wasm $B/site; cp $(LLVM)/llvm-resources.tar $(new); \
	tar -tf $(new) | grep -Evx '$(FOR_C)' | tar -f $(new) --delete --no-recursion -T -; mv $(new) $@
# the book as it stands in doc/, which isn't made for this: whoever publishes has no TeX
$B/web/book: redo $(if $(filter web web-test%,$(MAKECMDGOALS)),doc/nn.html)
	mkdir -p $B/web; sha256sum doc/nn.html > $(new) 2> /dev/null || true; $(replace)
$B/site/sw.js: $B/site/objects.bin $B/site/llvm-resources.tar $B/web/book $(wildcard $W/desk*) $W/formulas.css $W/site.mjs $W/build.mjs $W/live-panel.mjs $W/dom.mjs $W/remote.mjs $W/clang.mjs tests/data/digits.csv ; $(NODE) $W/site.mjs $B/site
## site: build/site, for any server of static files: the book as a page, and the challenges to solve in the browser
site: $B/site/sw.js
## site-single: build/challenges.html, the workbench of the challenges in one file, for a USB stick
site-single: $B/challenges.html
$B/challenges.html: $B/site/sw.js ; $(NODE) $W/site.mjs $B/site $@
.PHONY: desk-test desk-test-all
web-test: desk-test
web-test-all: desk-test-all
desk-test: site
	$(call browser)
	$(NODE) $W/test-desk.mjs $B/site
## web-test-all: web-test for all wrong answers, against what the board says natively
desk-test-all: site $B/wrong.txt
	$(call browser)
	$(NODE) $W/test-desk.mjs $B/site $B/wrong.txt
# a handout has no answers, and so has its site
.PHONY: handout-site-test
web-test-all: handout-site-test
handout-site-test: handout $W/node_modules/.package-lock.json
	cp -al $W/node_modules $B/handout/$W/
	$(MAKE) -C $B/handout site BUILD=build
	$(NODE) $W/test-desk.mjs $B/handout/build/site secrets
$B/wrong.txt: nn.nw $(DESK_C) tests/teacher/wrong.tsv ; $(MAKE) wrong-answers > $(new) || test -s $(new); mv $(new) $@
