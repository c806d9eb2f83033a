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

# -- the figures that compute
.PHONY: live-test live-network
web-test: live-test
live-test: doc/nn.html
	$(call browser)
	$(NODE) --test --test-reporter=spec $W/test-live.mjs
## live-network: train the network that reads drawn digits again, with the answers to the challenges
live-network: $W/node_modules/.package-lock.json | $B/tangled ; $(NODE) $W/live-network.mjs
