# -- the web edition: the book as a page, the challenges in a page, and what runs in both.  README's commands need none of it.
W := doc/web
.PHONY: web site site-single web-test web-test-all
node    = command -v node > /dev/null || { echo "make: node is missing; install it with: apt-get install nodejs npm" >&2; exit 1; }
browser = command -v chromium > /dev/null || { echo "make: chromium is missing; install it with: apt-get install chromium" >&2; exit 1; }
# older ones warn of JSON in a module
NODE = node --no-warnings
# for clang in WebAssembly: node optimises half of it otherwise, which takes longer than all that it has to compile here
CLANG = $(NODE) --wasm-tiering-budget=600000000
# the packages, as package-lock.json has them
$W/node_modules/.package-lock.json: $W/package.json $W/package-lock.json
	$(call node)
	command -v npm > /dev/null || { echo "make: npm is missing; install it with: apt-get install npm" >&2; exit 1; }
	cd $W && npm ci --silent || { echo "make: the npm packages of $W could not be fetched; is there a network?" >&2; exit 1; }
	touch $@

## web-test: the web edition in node and in Chromium

# -- the book as a page
## web: the book as a page, doc/nn.html
web: doc/nn.html
# the worst error that each test saw, for its name in the page
$B/measured.tsv: $(if $(PROOF),$B/answers/tests,$B/tests)
	rm -f $(new); PATIENCE=5 MEASURED=$(new) $< > $B/measured.out 2>&1 || { echo "make: a test fails; say make test" >&2; exit 1; }; mv $(new) $@
doc/nn.html: doc/nn.pdf $B/measured.tsv $(addprefix $W/,book.mjs build.mjs noweb.mjs latex.mjs math.mjs figure.mjs fonts.mjs page.mjs dom.mjs formulas.css style.css) $(wildcard $W/live*) $W/remote.mjs $W/clang.mjs $W/node_modules/.package-lock.json
	$(call node)
	$(call need,noweave,noweb)
	$(call need,mutool,mupdf-tools)
	$(call need,cwebp,webp)
	$(call need,hb-subset,libharfbuzz-bin)
	$(call need,woff2_compress,woff2)
	@echo "web"
	$(CLANG) $W/book.mjs $B $(new); mv $(new) $@
.PHONY: book-test
web-test: book-test
book-test: doc/nn.html
	$(call browser)
	$(NODE) $W/test-book.mjs $< $B/measured.tsv

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

# -- the figures that compute
.PHONY: live-test live-network
web-test: live-test
live-test: doc/nn.html
	$(call browser)
	$(NODE) --test --test-reporter=spec $W/test-live.mjs
## live-network: train the network that reads drawn digits again, with the answers to the challenges
live-network: $W/node_modules/.package-lock.json | $B/tangled ; $(NODE) $W/live-network.mjs
