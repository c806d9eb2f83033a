-- What a step's time is made of: for each part a bar for each task, of .9 mm a per cent.  Prints TikZ for shares.tex.
local colour = { main = "blue", four = "sky", wide = "amber" }
local row = { main = 0, four = 1, wide = 2 }
local top, parts = {}, 0
for _, r in ipairs(plot.rows(DATA .. "shares.dat")) do
  if not top[r.part] then
    top[r.part], parts = 8.4 * parts, parts + 1
    tex.sprint(string.format("\\node[anchor=base east] at (-1,%.1f) {%s};", top[r.part] + 4.4, r.part))
  end
  local y, length = top[r.part] + 2.45 * row[r.task], .9 * r.share
  tex.sprint(string.format("\\fill[%s] (0,%.1f) rectangle (%.2f,%.1f);", colour[r.task], y, length, y + 2))
  tex.sprint(string.format(r.share < 9.95 and "\\node[anchor=west] at (%.2f,%.1f) {%.1f};"
    or "\\node[anchor=west] at (%.2f,%.1f) {%.0f};", length, y + 1, r.share))
end
