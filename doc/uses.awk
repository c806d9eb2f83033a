#!/usr/bin/awk -f
# uses.awk -- noweb filter, after -index: of the names that -index found, keep those that mean what they seem to.
# A name counts where the file sees its definition: in the same module, or by a header that is included and has it.
# It doesn't count after . or ->, where it's a field, nor where a variable bears the name of a function.
# In the margin it stands once a section. Says of each chunk the file that it ends up in.
function module(file) { sub(/\..*/, "", file); return file }
function add(set, key) { if (!((key) in set)) set[key] = 1 }
function mark_root(chunk, file,   n, i, part) {          # chunk and all that it uses belong to file
  if ((chunk, file) in in_file) return
  in_file[chunk, file] = 1
  files_of[chunk] = files_of[chunk] file "\t"
  n = split(uses[chunk], part, "\t")
  for (i = 1; i < n; i++) mark_root(part[i], file)
}
function mark_includes(file, from,   n, i, part) {       # from is seen in file
  if ((file, from) in sees) return
  sees[file, from] = 1
  n = split(includes[from], part, "\t")
  for (i = 1; i < n; i++) mark_includes(file, part[i])
}
function is_field(i) { return i > 1 && stream[i - 1] ~ /^@text .*(\.|->)$/ && stream[i - 1] !~ /\.\.\.$/ }
# a command of the program, or a suite of tests
function is_word(i) { return stream[i - 1] ~ /^@text (.*[ \/])?nn $/ || (stream[i - 1] == "@quote" && stream[i - 2] ~ /suite $/) }
# the label of the definition that a use in this chunk means; empty if there is none
function meant(name, chunk,   n, i, part, d, k, def) {
  n = split(files_of[chunk], part, "\t")
  for (i = 1; i < n; i++)
    for (k = 1; k <= defs[name]; k++)
      if ((def_chunk[name, k], part[i]) in in_file || in_module(def_chunk[name, k], module(part[i]))) return def_label[name, k]
  for (i = 1; i < n; i++)
    for (k = 1; k <= defs[name]; k++) {
      d = split(files_of[def_chunk[name, k]], def, "\t")
      while (--d > 0)
        if ((part[i], module(def[d]) ".h") in sees && (module(def[d]) ".h", name) in mentions) return def_label[name, k]
    }
  # a module may keep its promises in two files: product.h, plain.c
  for (i = 1; i < n; i++)
    for (d in headers) if ((part[i], d) in sees && (d, name) in mentions) return def_label[name, 1]
  return ""
}
function in_module(chunk, m) { return (chunk, m ".c") in in_file || (chunk, m ".h") in in_file }
# a variable, a parameter or a field of this name is declared on this line
function declares(line, name) {
  return line ~ "(^|[ (,;{])(double|float|int|bool|char|size_t|u?int[0-9]+_t|uint128|unsigned|long|void|[A-Z][A-Za-z0-9]*)( const)? [*]*([a-z_0-9]+(\\[[^]]*\\])?( = [^,;()]*)?, [*]*)*" name "([^A-Za-z0-9_(]|$)"
}
function variable(name, chunk,   n, i, part) {
  n = split(files_of[chunk], part, "\t")
  for (i = 1; i < n; i++) if ((part[i], name) in variables) return 1
  return 0
}
{ stream[NR] = $0 }
/^@begin code/ { code = 1; line = ""; label = "" }
/^@end code/   { code = 0 }
/^@xref label / && code && label == "" { label = substr($0, 13) }
/^@defn /      { chunk = substr($0, 7); order[++chunks] = chunk; name_at = 1 }
code && /^@use / { uses[chunk] = uses[chunk] substr($0, 6) "\t" }
code && /^@index defn / { k = ++defs[$3]; def_chunk[$3, k] = chunk; def_label[$3, k] = label }
code && /^@index use / { used[++n_used] = NR; used_chunk[NR] = chunk }
code && /^@(text|literal) / { t = $0; sub(/^@[a-z]* /, "", t); sub(/^\\nw[A-Z]\{/, "", t); if ($1 == "@literal") sub(/\}$/, "", t); line = line t; from[NR] = chunk }
code && /^@literal \\nwS\{".*\.h"\}/ && line ~ /#include/ { t = $0; gsub(/^[^"]*"|"[^"]*$/, "", t); include[chunk] = include[chunk] t "\t" }
code && /^@nl/ { text[chunk] = text[chunk] line "\n"; for (; seen <= NR; seen++) if (seen in used_chunk) line_of[seen] = line; line = "" }
END {
  for (i = 1; i <= chunks; i++) if (order[i] ~ /^\[\[.*\]\]$/) { file = order[i]; gsub(/[][]/, "", file); mark_root(order[i], file) }
  for (c in text) if (c ~ /^answer /) { c2 = c; sub(/^answer /, "challenge ", c2); n = split(files_of[c2], part, "\t"); for (i = 1; i < n; i++) mark_root(c, part[i]) }
  for (c in text) if (c ~ / \(answer\)$/) { c2 = c; sub(/ \(answer\)$/, "", c2); n = split(files_of[c2], part, "\t"); for (i = 1; i < n; i++) mark_root(c, part[i]) }
  for (c in text) {
    n = split(files_of[c], part, "\t")
    for (i = 1; i < n; i++) {
      includes[part[i]] = includes[part[i]] include[c]
      if (part[i] ~ /\.h$/) {
        headers[part[i]] = 1
        t = text[c]
        while (match(t, /[A-Za-z_][A-Za-z0-9_]*/)) { mentions[part[i], substr(t, RSTART, RLENGTH)] = 1; t = substr(t, RSTART + RLENGTH) }
      }
    }
  }
  for (f in includes) mark_includes(f, f)
  for (k = 1; k <= n_used; k++) {
    i = used[k]; name = substr(stream[i], 12); c = used_chunk[i]
    if (!call(i) && !is_field(i) && declares(line_of[i], name)) {
      n = split(files_of[c], part, "\t")
      for (j = 1; j < n; j++) variables[part[j], name] = 1
    }
  }
  for (i = 1; i <= NR; i++) emit(i)
}
# is what follows the name an opening parenthesis?
function call(i) { return stream[i + 2] ~ /^@text \(/ }
function is_function(name,   k) {
  if (name ~ /^[A-Z]/) return 0                           # a type, even one of functions
  for (k = 1; k <= defs[name]; k++) if (text[def_chunk[name, k]] ~ "(^|[^A-Za-z0-9_])" name "\\(") return 1
  return 0
}
function emit(i,   s, n, name, part, to) {
  s = stream[i]
  if (s ~ /^@begin code/) { inside = 1; delete kept; delete target }
  if (s ~ /^@text \\(section|chapter)[*{]/) delete listed
  if (s ~ /^@defn /) {
    chunk = substr(s, 7)
    print s
    if (chunk !~ /^\[\[/ && (n = split(files_of[chunk], part, "\t")) > 1) {
      name = part[1]
      if (n > 2) name = n > 3 ? n - 1 "\\nnfiles" : name "\\nnand{}" part[2]
      print "@literal \\nnfile{" name "}"
    }
    return
  }
  # a use in code: @xref ref LABEL, @index use NAME, @text NAME
  if (inside && s ~ /^@xref ref / && stream[i + 1] ~ /^@index use /) {
    name = substr(stream[i + 1], 12)
    to = ""
    if (!is_field(i) && !(is_function(name) && !call(i + 1) && variable(name, chunk))) to = meant(name, chunk)
    if (to == "") { skip = i + 1; dropped++; return }
    kept[name] = 1; target[name] = to
    print "@xref ref " to
    return
  }
  if (i == skip) return
  if (!inside && s ~ /^@xref ref / && stream[i + 1] ~ /^@index use / && (is_field(i) || is_word(i))) { skip = i + 1; return }
  if (s ~ /^@index beginuses/) { list = ""; in_list = 1; return }
  if (in_list) {
    if (s ~ /^@index useitem /) {
      name = substr(s, 16)
      if (name in kept && !(name in listed)) { list = list "@index isdefined " target[name] "\n" s "\n"; listed[name] = 1 }
    } else if (s ~ /^@index enduses/) {
      if (list != "") printf "@index beginuses\n%s%s\n", list, s
      in_list = 0
    }
    return
  }
  if (s ~ /^@end code/) inside = 0
  print s
}
