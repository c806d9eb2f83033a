-- The plate: what each unit of the main run's network says over the plane, and on the facing page its
-- weights.  The units of a layer stand in the same order on both.
local data, wide = "../data/plate/", 166.5     -- mm
local size, weight, most = { [0] = 2, 64, 32, 16, 1 }, {}, { {}, {}, {} }
local all, n = plot.rows(data .. "params.tsv"), 0
for l = 1, 4 do                               -- weight[layer][from][to]
  weight[l] = {}
  for i = 0, size[l - 1] - 1 do
    weight[l][i] = {}
    for j = 0, size[l] - 1 do
      n = n + 1
      weight[l][i][j] = all[n].param
    end
  end
  n = n + size[l]                             -- its biases
end
for _, u in ipairs(plot.rows(data .. "units.tsv")) do
  for l = 1, 3 do most[l][u.unit] = u[l + 1] end
end

-- Units in the order in which they stand: those of the first layer turn once around, by the direction in
-- which they rise; the others go from those that speak for label 0 to those that speak for label 1, which
-- for the second layer is what the third makes of them.
local order = { [0] = { 0, 1 }, {}, {}, {}, { 0 } }
local function vote(l, j)
  if l == 3 then return weight[4][j][0] end
  local sum = 0
  for k = 0, 15 do sum = sum + weight[3][j][k] * weight[4][k][0] end
  return sum
end
for l = 1, 3 do
  local key = {}
  for j = 0, size[l] - 1 do
    key[j] = l == 1 and -math.atan(weight[1][1][j], weight[1][0][j]) or vote(l, j)
    order[l][j + 1] = j
  end
  table.sort(order[l], function(a, b) return key[a] < key[b] end)
end

plate = {}
local out
local function add(...) out[#out + 1] = string.format(...) end
local function signed(x) return string.format("$%s$", string.format("%+.2f", x)) end

-- Two rows for each layer, its fields twice as wide as those of the layer before; then the output.
function plate.fields()
  out = {}
  local y, gap, cell, frames = 0, .6, wide / 32, {}
  local function field(x, top, side, file, crop)
    add("\\begin{scope}\\clip (%.3f,%.3f) rectangle ++(%.3f,-%.3f);\\node[inner sep=0pt] at (%.3f,%.3f)"
      .. "{\\includegraphics[width=%.3fmm]{%s%s.png}};\\end{scope}",
      x, top, side, side, x + side / 2, top - side / 2, side * (crop or 1), crop and "../data/published/" or data, file)
    frames[#frames + 1] = string.format("(%.3f,%.3f) rectangle ++(%.3f,-%.3f)", x, top, side, side)
  end
  local function head(words, more)
    add("\\node[head] at (0,%.3f) {%s\\quad{\\ft\\upshape\\color{rule!70!black}%s}};", y + 1.6, words, more)
  end
  local words = { { "hidden 1: 64 units", "each folds the plane once, along a straight line" },
    { "hidden 2: 32 units", "sums of such folds, folded again: their creases are bent" },
    { "hidden 3: 16 units", "folded a third time; beneath, the weight with which each speaks to the output" } }
  for l = 1, 3 do
    head(table.unpack(words[l]))
    local under = l == 3 and 4.2 or 0
    for i, j in ipairs(order[l]) do
      local row, column, side = 2 * i > size[l] and 1 or 0, (i - 1) % (size[l] // 2), cell - gap
      local x, top = column * cell, y - row * (cell + under)
      field(x, top, side, "unit-" .. l .. "-" .. j)
      if l == 3 then add("\\node[under] at (%.3f,%.3f) {%s};", x + side / 2, top - side - 3, signed(vote(3, j))) end
    end
    y, cell = y - 2 * (cell + under) - (l == 3 and 7 or 10), 2 * cell
  end
  head("output", "their weighted sum, as a probability")
  field(0, y, 52, "field-main", 2.75 / 2.3)
  add("\\draw[rule,line width=.25pt] %s;", table.concat(frames, " "))
  tex.sprint(table.concat(out))
end

-- The network, from the inputs at the top to the output.  Each weight is a curve, the wider and darker
-- the larger it is; a negative one is blue and dashed.
local left, bp, largest = 17, 72 / 25.4, 0
local level = { [0] = 0, -20, -70, -105, -128 }
local ink = { [true] = { .604, .227, .063 }, [false] = { .090, .251, .427 } }    -- rust, blue
local function place(l, i) return left + (i - .5) * (wide - left) / size[l], level[l] end

-- PDF for a curve of weight w from one point to another, in mm.  n makes each bend a little differently, or
-- else they'd all meet at certain heights and leave white gaps in between.
local function curve(w, x1, y1, x2, y2, n)
  local share = math.abs(w) / largest
  local dark, high, c = .12 + .88 * share ^ .7, y2 - y1, {}
  for i, full in ipairs(ink[w > 0]) do c[i] = 1 - dark * (1 - full) end
  return string.format("%.2f %.2f %.2f RG %s d %.2f w %.1f %.1f m %.1f %.1f %.1f %.1f %.1f %.1f c S", c[1], c[2], c[3],
    w > 0 and "[] 0" or string.format("[2.2 1.1] %.1f", n * 1.3 % 3.3), .1 + 2.2 * share,
    x1 * bp, y1 * bp, x1 * bp, (y1 + (.36 + .16 * (n * .618 % 1)) * high) * bp, x2 * bp, (y2 - (.36 + .16 * (n * .414 % 1)) * high) * bp, x2 * bp, y2 * bp)
end

function plate.weights()
  out = {}
  local edges = {}
  for l = 1, 4 do
    for i, from in ipairs(order[l - 1]) do
      for k, to in ipairs(order[l]) do edges[#edges + 1] = { l, i, k, weight[l][from][to] } end
    end
  end
  table.sort(edges, function(a, b) return math.abs(a[4]) < math.abs(b[4]) end)
  largest = math.abs(edges[#edges][4])
  for n, e in ipairs(edges) do
    local x1, y1 = place(e[1] - 1, e[2])
    local x2, y2 = place(e[1], e[3])
    out[n] = curve(e[4], x1, y1, x2, y2, n)
  end
  local key = { -2.5, -1, -.25, .25, 1, 2.5 }
  for i, w in ipairs(key) do out[#out + 1] = curve(w, wide - 12, level[4] + 16 - 3.4 * i, wide, level[4] + 16 - 3.4 * i, 0) end
  tex.sprint("\\node[inner sep=0pt] at (0,0) {\\pdfextension literal{q " .. table.concat(out, " ") .. " Q}};")
  out = {}
  for i, w in ipairs(key) do add("\\node[note,anchor=mid east] at (%.2f,%.2f) {$%g$};", wide - 13.5, level[4] + 16 - 3.4 * i, w) end
  for l = 0, 4 do
    for i, j in ipairs(order[l]) do
      local x, y = place(l, i)
      add("\\%s (%.3f,%.3f) circle[radius=%.2f];", (most[l] or {})[j] == 0 and "draw[ink,fill=white,line width=.3pt]" or "fill[ink]",
        x, y, l == 1 and .55 or .8)
    end
    local name = { [0] = "inputs: 2", "hidden 1: 64", "hidden 2: 32", "hidden 3: 16", "output: 1" }
    add("\\node[head] at (0,%.2f) {%s};", level[l] - .8, name[l])
    if l > 0 then
      add("\\node[note] at (0,%.2f) {$\\mat W_%d$: $%d\\times%d$};", (level[l] + level[l - 1]) / 2 - .8, l, size[l - 1], size[l])
    end
  end
  for i = 1, 2 do add("\\node[note,anchor=base west] at (%.2f,-.8) {$x_%d$};", place(0, i) + 2, i) end
  add("\\node[note,anchor=base west] at (%.2f,%.2f) {$p$};", place(4, 1) + 2, level[4] - .8)
  tex.sprint(table.concat(out))
end
return plate
