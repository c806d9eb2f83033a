#!/usr/bin/awk -f
# breaks.awk: what went wrong where pages break, counted from what galley.lua says stands on each (build/nn.pages)
function fault(kind, what) { count[kind]++; total++; print "page " page ": " what > "/dev/stderr" }
function lines(points) { return sprintf("%.1f", points / 12) }
BEGIN {
  FS = "\t"
  n = split("split chunk,left lead-in,figure in a chunk,short page,widow,orphan,overfull page", kinds, ",")
}
$1 == "page" {
  before = page; page = $2; top = 1
  if (before != "" && short > 72 && !ended) { fault("short page", "") }
  height = $3; used = $4; ended = $5 == "ends"; short = height - used
  if (used > height + .5) fault("overfull page", used " of " height " pt are used")
  next
}
{ kind = $1 == "other" ? "box" : $1 }
# a figure inside a chunk: between two lines of one, on one page or at the top of a page
kind == "float" { if (!top || last == "") hung = 1; floats = 1; next }
{
  if (kind == "code") {
    if (last == "code" && chunk == $3) {
      if (floats) fault("figure in a chunk", "a figure inside chunk " $3)
      if (top) {
        if ($5 <= 9) fault("split chunk", "a chunk of " $5 - 1 " lines is split")
        else if ($4 <= 4 || $5 - $4 < 2) fault("split chunk", "fewer than three lines of a chunk on one side")
      }
    } else if (top && $4 == 1 && (last == "line" || last == "box") && !chapter_before) fault("left lead-in", "what leads in to a chunk is on the page before")
    chunk = $3
  } else if (kind == "line") {
    if (last == "line" && par == $3 && top) {
      if ($4 == $5) fault("widow", "begins with a paragraph's last line")
      if ($4 == 2) fault("orphan", "the page before ends with a paragraph's first line")
    }
    par = $3; k = $4; of = $5
  } else if (top && last == "line" && of > 1 && k == 1) fault("orphan", "the page before ends with a paragraph's first line")
  # the line before the chunk's: of its paragraph, the last two stay with it
  if (kind == "code" && $4 == 1 && last == "line" && first_row == 1 && of > 1) fault("left lead-in", "only one line leads in to a chunk")
  if (top) first_row = 0
  first_row++
  last = kind; top = 0; floats = 0
}
END {
  for (i = 1; i <= n; i++) printf "%s%s %d", (i > 1 ? ", " : "breaks: "), kinds[i], count[kinds[i]]
  print ""
  exit total > 0
}
