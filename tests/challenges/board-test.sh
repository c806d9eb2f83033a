#!/bin/bash
# board-test.sh: code that does something else than being wrong.  Each line below is put in a part's chunk; the
# board must say just that, and judge the other parts all the same.  BOARD, BOARD_CC and BOARD_LD as in with.sh.
set -eu -o pipefail
work=$BOARD/test
cases() { cat <<'END'
1a|ends the program.*nn.nw:@|exit(0);
1a|ends the program.*nn.nw:@|extern void _exit(int); _exit(0);
1a|does not come to an end.*nn.nw:@|for (volatile unsigned i = 0;; i++) ;
1a|waits, or leaves something running|extern unsigned sleep(unsigned); sleep(100);
1a|does not come to an end|extern int fork(void); for (;;) fork();
1a|does not come to an end|extern int puts(const char *); for (;;) puts("a flood");
1a|store to null pointer.*nn.nw:@|*(double *)NULL = 1;
1a|an address where nothing is.*nn.nw:@|*(volatile double *)4096 = 1;
1a|calls abort.*nn.nw:@|abort();
1a|writes outside o->v, which is 1 x 5.*nn.nw:@|o->v[count] = 1;
1a|reads outside grads, which is 1 x 5.*nn.nw:@|params[0] = grads[-1];
1a|index 5 out of bounds.*nn.nw:@|volatile double a[3]; a[count] = 1;
1a|signed integer overflow.*nn.nw:@|volatile int i = 2147483647; i++;
1a|division by zero.*nn.nw:@|volatile int i = 0; params[0] = 1 / i;
1a|does not free what it allocates: 4 blocks.*nn.nw:@|volatile double *w = malloc(count * sizeof *w); w[0] = 1;
1a|asks for more memory.*nn.nw:@|volatile double *w = malloc(1 << 30); w[0] = 1;
1a|asks for more memory.*nn.nw:@|for (volatile char *p; ; ) { p = malloc(1000); p[0] = 1; }
1a|fills the stack|volatile char a[100000000]; a[0] = 1; a[99999999] = 1;
1a|fills the stack.*nn.nw:@|momentum_step(o, params, grads, count); params[0] += 1;
1a|after free.*nn.nw:@|double *w = malloc(80); free(w); params[0] = w[0];
1a|frees the same memory twice.*nn.nw:@|void *w = malloc(80), *volatile x = w; free(w); free(x);
1a|frees what is not its own.*nn.nw:@|free(params + 1);
1a|an address where nothing is|extern void *mmap(void *, size_t, int, int, int, long); volatile char *p = mmap(NULL, 1UL << 30, 3, 34, -1, 0); for (size_t i = 0; i < 1UL << 30; i += 4096) p[i] = 1;
1a|opens a file.*nn.nw:@|struct f; struct f *fopen(const char *, const char *); fopen("x", "w");
1a|opens a file.*nn.nw:@|extern int open(const char *, int, ...); open("/tmp/x", 0101, 0666);
1a|writes to a file|extern int mkdir(const char *, unsigned); mkdir("x", 0777);
1a|ended by a signal|extern int raise(int); raise(15);
1a|ends before its end|extern long write(int, const void *, size_t); write(3, "C 0 0 done", 10);
1a|x 1b done|char s[232] = "F"; extern long write(int, const void *, size_t); extern char *strcpy(char *, const char *); strcpy(s + 28, "x\n1b\tdone\t"); write(3, s, sizeof s); extern int close(int); close(3);
1a|ends before its end|extern int close(int); close(3);
1a|ends the program|} __attribute__((constructor)) static void evil(void) { extern int puts(const char *); puts("1a\tdone\t"); exit(0);
1a|params\[0\] is nan, should be .*not a finite number|for (size_t i = 0; i < count; i++) { o->v[i] = o->beta * o->v[i] + grads[i] - o->beta * grads[i]; params[i] = sqrt(-1.0); }
2a|writes outside n.Xhat, which is 4 x 3.*nn.nw:@|AT(n.Xhat, X.rows, 0) = 1;
2a|outside an array.*nn.nw:@|AT(n.var, 1, 0) = 1;
2b|writes outside dX, which is 4 x 3.*nn.nw:@|for (size_t i = 0; i <= X.rows; i++) AT(dX, i, 0) = 1;
2c|calls abort, or a function that was given wrong shapes.*nn.nw:@|matmul(Z, X, X);
2c|reads outside X, which is 4 x 3.*nn.nw:@|memcpy(Z.data, X.data, (X.rows * X.cols + 1) * sizeof(double));
3b|reads outside dZ|for (size_t i = 0; i <= X.rows * X.cols; i++) dX.data[i] = dZ.data[i];
4a|writes outside l->b|l->b.data[l->d_out] = 1;
2b|remove the line not_begun..2b..; from your code, and it is judged. nn.nw:@|not_begun("2b"); AT(dX, 0, 0) = 1;
END
}

one() { # NUMBER
  local line part pattern code state message dir=$work/$1 module here
  line=$(cases | sed -n "$1p")
  part=${line%%|*} line=${line#*|} pattern=${line%%|*} code=${line#*|}
  mkdir -p "$dir"
  CODE=$code awk -v head="<<challenge $part: " 'inside && /^@( |$)/ { inside = 0 } !inside { print }
    index($0, head) == 1 && />>=/ { print ENVIRON["CODE"]; inside = 1 }' nn.nw > "$dir/nn.nw"
  here=$(grep -n "^<<challenge $part: .*>>=" "$dir/nn.nw" | cut -d: -f1)
  pattern=${pattern//@/$((here + 1))}
  module=$(awk -F'\t' -v part="$part" '$1 == part { print $2 }' tests/challenges/parts.tsv)
  sh tests/challenges/with.sh "$dir/nn.nw" "$dir" "$module" 2> "$dir/err" || { echo "FAILED to compile: $code: $(head -3 "$dir/err")"; return 1; }
  "$BOARD/board" --source "$dir/nn.nw" --runner "$dir/runner" > "$dir/said"
  message=$(awk -F'\t' -v part="$part" '$1 == part { print $3 }' "$dir/said")
  if ! grep -q -e "$pattern" <<< "$message"; then
    echo "FAILED: $part, $code"; echo "  says: $message"; echo "  not:  $pattern"; return 1
  fi
  # the others (but a constructor runs before any of them)
  if [ "$(grep -c '^[0-9]' "$dir/said")" -ne "$parts" ] || grep -q '	done	' "$dir/said" ||
     { ! grep -q constructor <<< "$code" && [ "$(grep -c '	not begun	' "$dir/said")" -lt $((parts - 1)) ]; }; then
    echo "FAILED: $part, $code: the other parts say"; cat "$dir/said"; return 1
  fi
  rm -r "$dir"
}
parts=$(grep -c '^[0-9]' tests/challenges/parts.tsv)
export work parts BOARD; export -f one cases
rm -rf "$work"
mkdir -p "$work"
count=$(cases | wc -l)
seq "$count" | xargs -P 2 -n 1 bash -c 'set -eu -o pipefail; one "$1"' _ ||
  { echo "board-test: not every one of $count is reported as it should be" >&2; exit 1; }
echo "$count ways of going astray, each reported as what it is"
