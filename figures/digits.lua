-- digits.lua: squares of eight by eight pixels in rows of sixteen, and below each misread digit, what it is and what was said
digits = {}
local data, cell, bp = "../data/digits/", 124 / (16 * 9 - 1), 72 / 25.4       -- mm
local paper = { { 1, 1, 1 }, { .561, .580, .631 }, { .122, .165, .267 } }
local signed = { { .604, .227, .063 }, { .957, .945, .918 }, { .090, .251, .427 } }      -- rust, bone, blue

-- The square number k from 0: 64 numbers of a row behind the first few; from -most to most or, on paper, from 0
local function square(k, row, behind, most, y, ramp)
  local out, top = {}, y - k // 16 * 9 * cell
  for p = 0, 63 do
    local level = row[behind + 1 + p] / most
    level = ramp == paper and 2 * level or level + 1
    local low, c = level < 1 and 1 or 2, {}
    for i = 1, 3 do c[i] = ramp[low][i] + (level - low + 1) * (ramp[low + 1][i] - ramp[low][i]) end
    out[p + 1] = string.format("%.3f %.3f %.3f rg %.2f %.2f %.2f %.2f re f", c[1], c[2], c[3],
      (k % 16 * 9 + p % 8) * cell * bp, (top - p // 8 * cell) * bp, cell * bp + .05, -cell * bp - .05)
  end
  tex.sprint("\\node[inner sep=0pt] at (0,0) {\\pdfextension literal{q " .. table.concat(out, " ") .. " Q}};")
end

function digits.misread(y)
  for i, row in ipairs(plot.rows(data .. "misread.tsv")) do
    local k, top = (i - 1) % 16, i <= 16 and y or y - 11
    square(k, row, 2, 16, top, paper)
    tex.sprint(string.format("\\node[font=\\ft,anchor=base] at (%.3f,%.1f) {$%d\\mkern-3mu\\to\\mkern-3mu%d$};",
      (k * 9 + 4) * cell, top - 9.6, row.truth, row.said))
  end
end

-- each unit by its own largest weight
function digits.weights(name, count, y)
  local rows = plot.rows(data .. name .. ".tsv")
  for k = 1, count do
    local most = 0
    for p = 2, 65 do most = math.max(most, math.abs(rows[k][p])) end
    square(k - 1, rows[k], 1, most, y, signed)
  end
end
return digits
