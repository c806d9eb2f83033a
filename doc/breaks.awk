#!/usr/bin/awk -f
# breaks.awk: what is wrong where pages break, counted from what stands on each (nn.pages, written by galley.lua):
#   page number height used ends|-     a page, its lines' room, how much of it is used, and whether a chapter ends on it
#   code y chunk k n                   the k-th of n lines of a chunk; the first is its name
#   line y paragraph k n               the k-th of n lines of a paragraph; of a heading: heading
#   float y name                       a figure or a table;  box y: anything else
function fault(kind, what) { count[kind]++; total++; print "page " page ": " what > "/dev/stderr" }
BEGIN {
  FS = "\t"
  n = split("split chunk,left lead-in,left heading,figure in a chunk,short page,widow,orphan,overfull page", kinds, ",")
}
$1 == "page" {
  if (last == "heading") fault("left heading", "a heading is the last on the page")
  if (short > 72 && !ended) fault("short page", "it ends " int(short / 12) " lines early")
  page = $2; short = $3 - $4; ended = $5 == "ends"; rows = 0
  if (short < -.5) fault("overfull page", $4 " of " $3 " pt are used")
  next
}
$1 == "float" { figure = 1; next }
{ top = !rows++ }
$1 == "code" {
  if (chunk == $3) {
    if (figure) fault("figure in a chunk", "a figure stands inside a chunk")
    if (top && $5 <= 9) fault("split chunk", "a chunk of " $5 - 1 " lines is split")
    else if (top && ($4 <= 4 || $5 - $4 < 2)) fault("split chunk", "a chunk has fewer than three lines on one side")
  } else if (top && last == "line") fault("left lead-in", "what leads in to its first chunk is on the page before")
  else if (rows == 2 && last == "line" && of > 1) fault("left lead-in", "only one line leads in to its first chunk")
}
top && last == "line" && of > 1 && k == 1 { fault("orphan", "the page before ends with the first line of a paragraph") }
top && $1 == "line" && $3 == paragraph && $4 == $5 { fault("widow", "it begins with the last line of a paragraph") }
{ last = $1; figure = 0; chunk = paragraph = k = of = 0 }
$1 == "code" { chunk = $3 }
$1 == "line" { paragraph = $3; k = $4; of = $5 }
END {
  for (i = 1; i <= n; i++) printf "%s%s %d", (i > 1 ? ", " : "breaks: "), kinds[i], count[kinds[i]]
  print ""
  exit total > 0
}
