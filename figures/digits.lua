-- digits.lua: squares of eight by eight pixels in rows of sixteen, and below each misread digit, what it is and what was said
digits = {}
local data, cell, ZOOM = "../data/digits/", 124 / (16 * 9 - 1), 4             -- a cell in mm
local paper = { { 255, 255, 255 }, { 143, 148, 161 }, { 31, 42, 68 } }
local signed = { { 23, 64, 109 }, { 244, 241, 234 }, { 154, 58, 16 } }        -- blue, bone, rust

-- two numbers in hex for each of red, green and blue; level: from 0 to 2
local function colour(level, ramp)
  local low, c = level < 1 and 1 or 2, ""
  for i = 1, 3 do c = c .. string.format("%02x", math.floor(ramp[low][i] + (level - low + 1) * (ramp[low + 1][i] - ramp[low][i]) + .5)) end
  return c
end

-- A picture whose upper left corner is at (0,y): level(k, p) of pixel p of square k, or nil where there's none.  Pixels
-- are ZOOM times as wide and high, since some viewers blur what they enlarge.
local function squares(count, y, ramp, level)
  local across, down = math.min(count, 16) * 9 - 1, (count + 15) // 16 * 9 - 1
  local lines = {}
  for i = 0, down - 1 do
    local line = {}
    for j = 0, across - 1 do
      local k = i // 9 * 16 + j // 9
      local inside = k < count and i % 9 < 8 and j % 9 < 8
      line[j + 1] = string.rep(inside and colour(level(k + 1, i % 9 * 8 + j % 9 + 1), ramp) or "ffffff", ZOOM)
    end
    lines[i + 1] = string.rep(table.concat(line), ZOOM)
  end
  local bp = cell * 72 / 25.4
  tex.sprint(string.format("\\node[inner sep=0pt] at (0,%.2f) {\\pdfextension literal{q %.3f 0 0 %.3f 0 %.3f cm BI /W %d /H %d" ..
    " /CS /RGB /BPC 8 /F /AHx ID %s> EI Q}};", y, across * bp, down * bp, -down * bp, across * ZOOM, down * ZOOM, table.concat(lines)))
end

function digits.misread(y)
  local rows = plot.rows(data .. "misread.tsv")
  for first = 1, #rows, 16 do
    local top = y - (first - 1) // 16 * 11
    squares(math.min(16, #rows + 1 - first), top, paper, function(k, p) return rows[first + k - 1][2 + p] / 8 end)
    for k = 0, math.min(16, #rows + 1 - first) - 1 do
      tex.sprint(string.format("\\node[font=\\ft,anchor=base] at (%.3f,%.1f) {$%d\\mkern-3mu\\to\\mkern-3mu%d$};",
        (k * 9 + 4) * cell, top - 9.6, rows[first + k].truth, rows[first + k].said))
    end
  end
end

-- each unit by its own largest weight
function digits.weights(name, count, y)
  local rows, most = plot.rows(data .. name .. ".tsv"), {}
  for k = 1, count do
    most[k] = 0
    for p = 2, 65 do most[k] = math.max(most[k], math.abs(rows[k][p])) end
  end
  squares(count, y, signed, function(k, p) return rows[k][1 + p] / most[k] + 1 end)
end
return digits
