-- Twenty layers of 64 units, 64 examples: how long the gradient by what each layer is given is, as a multiple of
-- that by what the last one puts out.  Prints plots for depth.tex: one draw of the weights for each curve.
local LAYERS, UNITS, ROWS = 20, 64, 64
local state = 1
local function uniform()                -- Park and Miller: the same on every machine
  state = state * 48271 % 2147483647
  return state / 2147483647
end
local function normal()                 -- Box and Muller
  return math.sqrt(-2 * math.log(uniform())) * math.cos(2 * math.pi * uniform())
end
local function random(rows, cols, deviation)
  local A = {}
  for i = 1, rows do
    A[i] = {}
    for j = 1, cols do A[i][j] = deviation * normal() end
  end
  return A
end
local function product(A, B, transposed)
  local C = {}
  for i = 1, #A do
    C[i] = {}
    for k = 1, UNITS do
      local sum = 0
      for j = 1, UNITS do sum = sum + A[i][j] * (transposed and B[k][j] or B[j][k]) end
      C[i][k] = sum
    end
  end
  return C
end
local function each(A, f, B)
  local C = {}
  for i = 1, #A do
    C[i] = {}
    for j = 1, UNITS do C[i][j] = f(A[i][j], B and B[i][j]) end
  end
  return C
end
local function norm(A)
  local sum = 0
  each(A, function(a) sum = sum + a * a return 0 end)
  return math.sqrt(sum)
end

local relu = { function(z) return z > 0 and z or 0 end,
               function(d, z) return z > 0 and d or 0 end }
local sigmoid = { function(z) return 1 / (1 + math.exp(-z)) end,
                  function(d, z) local p = 1 / (1 + math.exp(-z)) return d * p * (1 - p) end }
-- colour, word, activation, d v, by what a layer multiplies the norm, at most for the sigmoid, and which corner of
-- the word stands at which layer
for _, c in ipairs { { "amber!55!rust", "ReLU, twice He", relu, 4, math.sqrt(2), "south west", 1 },
                     { "blue", "ReLU, He", relu, 2, 1, "south west", 1 },
                     { "sky", "ReLU, Xavier", relu, 1, math.sqrt(1 / 2), "north west", 2 },
                     { "rust", "sigmoid, Xavier", sigmoid, 1, 1 / 4, "north west", 4 } } do
  state = 1
  local A, Z, W = random(ROWS, UNITS, 1), {}, {}
  for l = 1, LAYERS do
    W[l] = random(UNITS, UNITS, math.sqrt(c[4] / UNITS))
    Z[l] = product(A, W[l])
    A = each(Z[l], c[3][1])
  end
  local d, points = random(ROWS, UNITS, 1), {}
  local top = norm(d)
  for l = LAYERS, 1, -1 do
    d = product(each(d, c[3][2], Z[l]), W[l], true)
    points[#points + 1] = string.format("(%d,%.3e)", l, norm(d) / top)
  end
  tex.sprint(string.format("\\addplot[%s,line width=.5pt,domain=1:%d,samples=2] {%.6f^(%d-x)};",
    c[1], LAYERS, c[5], LAYERS + 1))
  tex.sprint(string.format("\\addplot[%s,only marks,mark=*,mark size=1.2pt] coordinates {%s};", c[1], table.concat(points)))
  tex.sprint(string.format("\\node[font=\\ft,text=%s!80!ink,anchor=%s,inner ysep=3pt,inner xsep=1pt] at (axis cs:%d,%.3e) {%s};",
    c[1], c[6], c[7], c[5] ^ (LAYERS + 1 - c[7]), c[2]))
end
