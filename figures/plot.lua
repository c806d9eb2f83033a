-- Draws data straight into the PDF, in a fraction of the time that
-- pgfplots would take over it; pgfplots draws the axes around it.
plot = {}

-- The rows of a file, whose first line names the columns: lists of numbers and words, each under its
-- column's name, too.
function plot.rows(file)
  local rows, head = {}
  for line in io.lines(file) do
    local row = {}
    for word in line:gmatch(line:find("\t") and "[^\t]+" or "%S+") do row[#row + 1] = head and tonumber(word) or word end
    if head then
      for i, name in ipairs(head) do row[name] = row[i] end
      rows[#rows + 1] = row
    end
    head = head or row
  end
  return rows
end

-- The middle of a list of numbers, which is sorted
function plot.median(x)
  table.sort(x)
  return (x[(#x + 1) // 2] + x[#x // 2 + 1]) / 2
end

-- The geometric mean of the 25 numbers around the i-th, of fewer (but as many on either side) near the ends
function plot.smoothed(x, i)
  local half, sum = math.min(i - 1, 12, #x - i), 0
  for k = i - half, i + half do sum = sum + math.log(x[k]) end
  return math.exp(sum / (2 * half + 1))
end

-- The points { x, y } of a curve through columns cx, cy.  Options: smooth = true: every fifth, smoothed;
-- mean = n: the means of n rows each, and their middle.
local function series(file, cx, cy, option)
  local x, y, out = {}, {}, {}
  for i, row in ipairs(plot.rows(file)) do x[i], y[i] = row[cx], row[cy] end
  local step = option.smooth and 5 or option.mean or 1
  for i = 1, #x + 1 - (option.mean or 1), step do
    local value = option.smooth and plot.smoothed(y, i) or y[i]
    if option.mean then
      for k = i + 1, i + step - 1 do value = value + y[k] end
      value = value / step
    end
    out[#out + 1] = { option.mean and x[i] + step // 2 or x[i], value }
  end
  return out
end

function plot.pt(length) return tonumber((length:gsub("pt", ""))) end

-- A map from data to big points inside an axis of w x h points (TeX's)
local function map(w, h, xmin, xmax, ymin, ymax, log)
  local ln = log and math.log or function(y) return y end
  local a, b = ln(ymin), ln(ymax)
  w, h = w * 72 / 72.27, h * 72 / 72.27
  return function(x, y)
    if y < ymin then y = ymin elseif y > ymax then y = ymax end
    return (x - xmin) / (xmax - xmin) * w, (ln(y) - a) / (b - a) * h
  end
end
local function literal(out)
  tex.sprint("\\pdfextension literal{" .. table.concat(out, " ") .. "}")
end

-- A polyline through columns cx, cy.  Options: those of series; dash = a PDF dash array;
-- envelope = w: of each stretch of w points only the lowest and the highest.
function plot.curve(w, h, xmin, xmax, ymin, ymax, log, file, width, cx, cy, option)
  local at, pen = map(w, h, xmin, xmax, ymin, ymax, log), "m"
  local all, out = series(file, cx, cy, option), { width .. " w 0 J 1 j" }
  if option.dash then out[#out + 1] = "[" .. option.dash .. "] 0 d" end
  local function draw(x, y)
    out[#out + 1] = string.format("%.2f %.2f %s", x, y, pen)
    pen = "l"
  end
  local left, low, high        -- the envelope's stretch so far
  for i, point in ipairs(all) do
    local x, y = at(point[1], point[2])
    if option.envelope then
      if not left then left, low, high = x, y, y end
      low, high = math.min(low, y), math.max(high, y)
      if x - left >= option.envelope or i == #all then
        draw(left, low)
        if high > low then draw(left, high) end
        left = nil
      end
    else draw(x, y) end
  end
  out[#out + 1] = "S"
  literal(out)
end

-- Lines of the given width from columns 1, 2 to columns 3, 4, which join where they meet.
function plot.pieces(w, h, xmin, xmax, ymin, ymax, log, file, width)
  local at, out = map(w, h, xmin, xmax, ymin, ymax, log), { width .. " w 1 J" }
  for i, row in ipairs(plot.rows(file)) do
    local a, b = at(row[1], row[2])
    out[i + 1] = string.format("%.2f %.2f m %.2f %.2f l", a, b, at(row[3], row[4]))
  end
  out[#out + 1] = "S"
  literal(out)
end

-- Words to the right of the curves' ends, moved apart where they'd touch, each behind a piece of its line.
-- list = { { file, column, word, colour, option of series, width, dash }, ... }
function plot.labels(w, h, xmin, xmax, ymin, ymax, log, list)
  local at, ends, out = map(w, h, xmin, xmax, ymin, ymax, log), {}, {}
  for i, item in ipairs(list) do
    local curve = series(item[1], 1, item[2], item[5] or {})
    local x, y = at(curve[#curve][1], curve[#curve][2])
    ends[i] = { x = x, y = y, word = item[3], colour = item[4], width = item[6], dash = item[7] }
  end
  table.sort(ends, function(a, b) return a.y < b.y end)
  for _ = 1, 50 do
    for i = 2, #ends do
      local push = 8.5 - (ends[i].y - ends[i - 1].y)
      if push > 0 then
        ends[i - 1].y = ends[i - 1].y - push / 2
        ends[i].y = ends[i].y + push / 2
      end
    end
  end
  local longest, room = "", 0
  for _, e in ipairs(ends) do
    local line = ""
    if #e.word > #longest then longest = e.word end
    if e.width then
      line, room = string.format("\\pdfextension literal{q %g w [%s] 0 d 0 2.4 m 15 2.4 l S Q}\\kern18bp ",
        e.width, e.dash or ""), 18
    end
    out[#out + 1] = string.format("\\rlap{\\kern%.2fbp\\raise%.2fbp\\rlap{"
      .. "\\color{%s}%s%s}}", e.x + 3, e.y - 2.4, e.colour, line, e.word)
  end
  tex.sprint("\\smash{\\ft" .. table.concat(out)
    .. string.format("\\kern%.2fbp\\hphantom{%s}}", w + 3 + room, longest))
end

-- A mark at each row of a label: a circle of 0, a triangle of 1; edged in white. r in points.
function plot.marks(w, h, xmin, xmax, ymin, ymax, log, file, shape, r, edge)
  local at = map(w, h, xmin, xmax, ymin, ymax, log)
  local t, k = 1.3 * r, .5523
  local path = shape == "circle"
    and ("r 0 m r k k r 0 r c -k r -r k -r 0 c -r -k -k -r 0 -r c k -r r -k r 0 c b")
      :gsub("%a", { r = string.format("%.2f", r), k = string.format("%.2f", k * r) })
    or string.format("0 %.2f m %.2f %.2f l %.2f %.2f l b", t, -.87 * t, -.5 * t, .87 * t, -.5 * t)
  local out = { "1 G 0 j " .. edge .. " w" }
  for _, row in ipairs(plot.rows(file)) do
    local x, y = at(row[1], row[2])
    if row.label == (shape == "circle" and 0 or 1) then
      out[#out + 1] = string.format("q 1 0 0 1 %.2f %.2f cm %s Q", x, y, path)
    end
  end
  literal(out)
end

-- The number in a column of the row whose first number is nearest to x.
function plot.value(file, column, x)
  local best, found = math.huge, 0
  for _, row in ipairs(plot.rows(file)) do
    local miss = math.abs(math.log(row[1] / x))
    if miss < best then best, found = miss, row[column] end
  end
  tex.sprint(string.format("%.6e", found))
end

-- A lower limit for a log axis: a little under the least positive number of the curves through
-- columns first to last, drawn with the same option.
function plot.low(file, first, last, option)
  local low = math.huge
  for c = first, last do
    for _, row in ipairs(series(file, 1, c, option or {})) do
      if row[2] > 0 and row[2] < low then low = row[2] end
    end
  end
  tex.sprint(string.format("%.4g", .85 * low))
end
return plot
