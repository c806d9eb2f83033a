#!/usr/bin/awk -f
# index.awk -- noweb filter: finds the terms of doc/terms.tsv in the prose, and makes an entry of the index of the
# first place in each section, unless \index names the term there anyway (as where it's defined).
BEGIN {
  FS = "\t"
  while ((getline < "doc/terms.tsv") > 0) if ($0 !~ /^#/) { pattern[++terms] = $1; entry[terms] = $2; any = any (any ? "|" : "") $1 }
  any = "[^A-Za-z_\\\\](" any ")[^A-Za-z_]"                # most lines have none, and a pattern that changes is slow
}
{ stream[NR] = $0 }
/^@begin docs/ { docs = 1 }
/^@end docs/ { docs = 0 }
docs && /^@text \\(section|chapter)[*{]/ { section++ }
docs && /^@text / {
  t = $0
  while (match(t, /\\index\{[^}]*\}/)) { marked[section, substr(t, RSTART + 7, RLENGTH - 8)] = 1; t = substr(t, RSTART + RLENGTH) }
}
# words that a reader sees: no arguments of references, no mathematics
function words(s) {
  gsub(/\\(label|ref|eqref|cite|index|test|begin|end|hyperref|input)(\[[^]]*\])?\{[^}]*\}/, " ", s)
  gsub(/\$[^$]*\$/, " ", s)
  return s
}
function balance(s,   n) { gsub(/\\[{}$\\]/, "", s); n = gsub(/\{/, "", s); return n - gsub(/\}/, "", s) }
function dollars(s) { gsub(/\\\$/, "", s); return gsub(/\$/, "", s) }
END {
  section = depth = odd = 0
  for (i = 1; i <= NR; i++) {
    s = stream[i]
    if (s ~ /^@begin docs/) { docs = 1; line = last = ""; depth = odd = 0 }
    if (s ~ /^@end docs/) docs = 0
    if (docs && s == "@quote") quote = 1
    if (docs && s ~ /^@text / && !quote) line = line substr(s, 7)
    if (s == "@endquote") quote = 0
    if (docs && s == "@nl") {
      if (line ~ /^\\(section|chapter)[*{]/) section++
      if (line ~ /^\\begin\{(equation|align|table|tabular|figure|verbatim|quote|thebibliography)/) skip++
      if (line ~ /^\\backmatter/) skip++
      if (line ~ /^ *$/) { depth = odd = 0; last = ""; plot = 0 }
      if (line ~ /^\\plotfig/) plot = 1
      depth += balance(line); odd = (odd + dollars(line)) % 2
      if (section && !skip && !plot && !depth && !odd && line !~ /^\\|%/ && line != "") {
        text = " " words(last " " line) " "
        if (text ~ any) for (k = 1; k <= terms; k++)
          if (!((section, entry[k]) in marked) && text ~ ("[^A-Za-z_\\\\](" pattern[k] ")[^A-Za-z_]")) {
            marked[section, entry[k]] = 1
            print "@text \\nnindex{" entry[k] "}"
          }
      }
      if (line ~ /^\\end\{(equation|align|table|tabular|figure|verbatim|quote|thebibliography)/) skip--
      last = substr(line, length(line) - 40)
      line = ""
    }
    print s
  }
}
