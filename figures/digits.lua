-- digits.lua: below each misread digit, what it is and what was said
for i, row in ipairs(plot.rows("../data/digits/misread.tsv")) do
  local k, width = (i - 1) % 16, 124 / (16 * 9 - 1)
  tex.sprint(string.format("\\node[font=\\ft,anchor=base] at (%.3f,%.1f) {$%d\\mkern-3mu\\to\\mkern-3mu%d$};", (k * 9 + 4) * width,
    i <= 16 and -9.6 or -20.6, row.truth, row.said))
end
