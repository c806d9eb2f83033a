-- A ziggurat of eight strips: the walk of rng.c, with an r and a v of its own.
-- Prints the picture, in millimetres, for ziggurat.tex.
local N = 8
local function f(x) return math.exp(-x * x / 2) end
local function tail(r)                  -- area beyond r: Simpson's rule
  local n, h, s = 2000, 8 / 2000, 0
  for i = 0, n do
    local w = (i == 0 or i == n) and 1 or (i % 2 == 1 and 4 or 2)
    s = s + w * f(r + i * h)
  end
  return s * h / 3
end
local function walk(r)                  -- edges, and the height above strip 1
  local v, x = r * f(r) + tail(r), {}
  x[N - 1] = r
  for i = N - 1, 2, -1 do
    local y = v / x[i] + f(x[i])
    if y >= 1 then return nil, 2 end
    x[i - 1] = math.sqrt(-2 * math.log(y))
  end
  x[0] = 0
  return x, v / x[1] + f(x[1]), v
end
local low, high = 1, 4                  -- too low an r: the strips overshoot
for i = 1, 100 do
  local r = (low + high) / 2
  local x, top = walk(r)
  if top > 1 then low = r else high = r end
end
local x, top, v = walk(high)
local W, H = 32.8, 44                     -- mm for one unit across and up
local function p(a, b) return string.format("(%.4f,%.4f)", a * W, b * H) end
local function curve(a, b)
  local t = {}
  for i = 0, 60 do
    local c = a + (b - a) * i / 60
    t[i + 1] = p(c, f(c))
  end
  return table.concat(t, "--")
end
local draw = {}
local function add(s) draw[#draw + 1] = s end
local r, base = x[N - 1], v / f(x[N - 1])
add("\\fill[sky!26]" .. p(0, 0) .. "rectangle" .. p(r, f(r)) .. ";")
add("\\fill[rust!38]" .. p(r, 0) .. "--" .. curve(r, 3.55) .. "--" .. p(3.55, 0) .. "--cycle;")
for i = 1, N - 1 do
  local b, t = f(x[i]), i == 1 and 1 or f(x[i - 1])
  add("\\fill[sky!26]" .. p(0, b) .. "rectangle" .. p(x[i - 1], t) .. ";")
  add("\\fill[amber!75]" .. p(x[i - 1], b) .. "--" .. curve(x[i - 1], x[i]) .. "--cycle;")
  add("\\draw[rule,line width=.4pt]" .. p(0, b) .. "rectangle" .. p(x[i], t) .. ";")
  add("\\node[font=\\ft] at" .. p(-.09, (b + t) / 2) .. "{" .. i .. "};")
end
add("\\draw[rule,line width=.4pt,dash pattern=on 1.6pt off 1.4pt]" .. p(r, 0) .. "rectangle"
    .. p(base, f(r)) .. ";")
add("\\draw[rule,line width=.4pt]" .. p(0, 0) .. "rectangle" .. p(r, f(r)) .. ";")
add("\\node[font=\\ft] at" .. p(-.09, f(r) / 2) .. "{0};")
add("\\draw[ink,line width=.9pt]" .. curve(0, 1.8) .. "--" .. curve(1.8, 3.55) .. ";")
add("\\draw[rule,line width=.4pt]" .. p(0, 0) .. "--" .. p(3.6, 0) .. ";")
local function mark(a, s)
  add("\\draw[rule,line width=.4pt]" .. p(a, 0) .. "--++(0,-1);")
  add("\\node[font=\\fs,anchor=base] at" .. p(a, -.1) .. "{" .. s .. "};")
end
mark(0, "$0$")
mark(r, "$r$")
mark(base, "$v/f(r)$")
local function mid(i) return (f(x[i]) + f(x[i - 1])) / 2 end
add("\\node[font=\\ft,blue] at" .. p(.62, mid(4)) .. "{inside};")
add("\\draw[rule,line width=.4pt]" .. p(x[1] + .07, f(x[2]) + .07) .. "--" .. p(1.62, .88) .. ";")
add("\\node[font=\\ft,anchor=west,align=left] at" .. p(1.63, .88) ..
    "{wedge: below the curve it is kept,\\\\ above it all begins anew};")
add("\\draw[rule,line width=.4pt]" .. p(2.62, f(2.62) * .55) .. "--" .. p(2.83, .33) .. ";")
add("\\node[font=\\ft,anchor=south,rust] at" .. p(2.86, .32) .. "{tail};")
add("\\node[font=\\fs,anchor=west] at" .. p(1.62, .53) .. "{$f(x)=e^{-x^2/2}$};")
tex.sprint(table.concat(draw, " "))
