# -- the web edition: the book as a page, the challenges in a page, and what runs in both.  README's commands need none of it.
W := doc/web
.PHONY: web site site-single live web-test web-test-all
node    = command -v node > /dev/null || { echo "make: node is missing; install it with: apt-get install nodejs npm" >&2; exit 1; }
browser = command -v chromium > /dev/null || { echo "make: chromium is missing; install it with: apt-get install chromium" >&2; exit 1; }
# the packages, as package-lock.json has them
$W/node_modules/.package-lock.json: $W/package.json $W/package-lock.json
	$(call node)
	command -v npm > /dev/null || { echo "make: npm is missing; install it with: apt-get install npm" >&2; exit 1; }
	cd $W && npm ci --silent || { echo "make: the npm packages of $W could not be fetched; is there a network?" >&2; exit 1; }
	touch $@

# -- the book as a page
## web: the book as a page, doc/nn.html
web: doc/nn.html
doc/nn.html: doc/nn.pdf $(addprefix $W/,book.mjs noweb.mjs latex.mjs math.mjs figure.mjs fonts.mjs page.mjs style.css) $W/node_modules/.package-lock.json
	$(call node)
	@echo "web"
	node $W/book.mjs $B $(new); mv $(new) $@
.PHONY: book-test
web-test: book-test
book-test: doc/nn.html
	$(call browser)
	node $W/test-book.mjs $<
