-- texlua tables.lua DATA EXPERIMENT: the macros and tables that the text takes from an experiment,
-- set from the numbers in the folder DATA/EXPERIMENT
local data, experiment = arg[1], arg[2]
local plot = dofile((arg[0]:gsub("tables.lua$", "plot.lua")))
local format = string.format

local function read(name) return plot.rows(data .. "/" .. experiment .. "/" .. name .. ".tsv") end
local function macro(name, ...) print(format("\\newcommand\\%s{%s}", name, format(...))) end
-- rows: the lines of the table without the \\ at their ends
local function tabular(name, columns, head, rows)
  print(format("\\newcommand\\%s{\\begin{tabular}{@{}%s@{}}\n\\toprule\n%s\\\\\n\\midrule",
    name, columns, head))
  for _, row in ipairs(rows) do print(row .. "\\\\") end
  print("\\bottomrule\n\\end{tabular}}")
end
-- the rows of a table: what set makes of each row of a .tsv
local function map(rows, set)
  local lines = {}
  for i, row in ipairs(rows) do lines[i] = set(row, i) end
  return lines
end

-- x with three digits, as a power of ten if it is far from 1
local function short(x)
  local power = x == 0 and 0 or math.floor(math.log(math.abs(x), 10))
  if power < -3 or power > 4 then return format("$%.1f\\cdot10^{%d}$", x / 10.0 ^ power, power) end
  return format("%." .. (power < 0 and 2 - power or power < 2 and 2 or 0) .. "f", x)
end
local function column(rows, name) return map(rows, function(row) return row[name] end) end
-- mean, its standard error, and the deviation
local function summary(x)
  local mean, squares = 0, 0
  for _, v in ipairs(x) do mean = mean + v / #x end
  for _, v in ipairs(x) do squares = squares + (v - mean) ^ 2 end
  return mean, math.sqrt(squares / (#x - 1) / #x), math.sqrt(squares / (#x - 1))
end
-- median and range, with the digits of a format; a column of the rows
local function range(rows, name, digits)
  local x = column(rows, name)
  local median = plot.median(x)
  return format(("%s\\enspace(%s to %s)"):gsub("%%s", { ["%s"] = digits }), median, x[1], x[#x])
end
-- rows in groups with the same number in a column, in their order
local function groups(rows, name)
  local list = {}
  for _, row in ipairs(rows) do
    local last = list[#list]
    if not last or last[1][name] ~= row[name] then
      last = {}
      list[#list + 1] = last
    end
    last[#last + 1] = row
  end
  return list
end

-- The macros of values.tsv are whole numbers, but for these.
local digits = {
  irisRight = "%.1f", bayesBest = "%.2f", bayesTrain = "%.2f", bayesFresh = "%.2f", bayesLine = "%.2f",
  bayesLineFresh = "%.2f", pubFactorFull = "%.3f", pubFactorShort = "%.3f", pubWorth = "%.0f" }
local value = {}
for _, row in ipairs(read("values")) do
  value[row.name] = row.value
  if row.name == "pubCheck" then macro("pubCheck", "$%.2f\\cdot10^{-11}$", row.value * 1e11)
  else macro(row.name, digits[row.name] or "%d", row.value) end
end

local set = {}

function set.bayes() macro("bayesLineShare", "%.4f", value.bayesLine / 100) end

function set.published()
  local ends = groups(read("ends"), "fault")
  local twice, once = ends[1], ends[2]
  local printed = { "0.6983 & 0.505", "0.6848 & 0.560", "0.6800 & 0.608", "0.6787 & 0.615",
    "0.6701 & 0.613", "0.6762 & 0.610" }
  local logs = groups(read("log"), "fault")
  local log = map(logs[1], function(row, i)
    return format("%d & %s & %.4f & %.3f & %.4f & %.3f", row.epoch, printed[i], row.loss, row.right,
      logs[2][i].loss, logs[2][i].right)
  end)
  log[#log + 1] = format("end &  & 0.6225 & & %.4f & & %.4f", twice[1].right, once[1].right)
  tabular("logTable", "r@{\\qquad}rr@{\\qquad}rr@{\\qquad}rr",
    "&\\multicolumn{2}{c@{\\qquad}}{published}&\\multicolumn{2}{c@{\\qquad}}{ours, divided twice}"
    .. "&\\multicolumn{2}{c}{divided once}\\\\\nepoch & loss & acc & loss & acc & loss & acc", log)
  local function cells(row) return format(" & %.2f & %.2f & %.4f", 100 * row.right, row.fresh, row.loss) end
  tabular("archPublishedTable", "lrrrrrr",
    "&\\multicolumn{3}{c}{divided twice}&\\multicolumn{3}{c}{divided once}\\\\\n"
    .. " & training & fresh & loss & training & fresh & loss",
    map({ 2, 3, 4, 5 }, function(i) return twice[i].run .. cells(twice[i]) .. cells(once[i]) end))
  macro("pubAccuracy", "%.4f", twice[1].right)
  macro("pubPercent", "%.2f", 100 * twice[1].right)
  macro("pubFresh", "%.2f", twice[1].fresh)
  macro("mendAccuracy", "%.4f", once[1].right)
  macro("mendPercent", "%.2f", 100 * once[1].right)
  macro("mainFresh", "%.2f", once[1].fresh)
  local fresh = read("fresh")
  macro("mainFreshSpread", "%.2f", select(3, summary(column(fresh, "ours"))))
  local gap, error = summary(map(fresh, function(row) return row.best - row.ours end))
  macro("mainGap", "%.2f", gap)
  macro("mainGapError", "%.2f", error)
  macro("mainSets", "%d", #fresh)
  -- multiplications for an example, in millions for an epoch, in billions for the run; the first layer needs no dX
  local width, weights, biases = column(read("widths"), "width"), 0, 0
  for l = 2, #width do weights, biases = weights + width[l - 1] * width[l], biases + width[l] end
  local backward = 2 * weights - width[1] * width[2]
  macro("mainParams", "%d", weights + biases)
  macro("speedWithDX", "%d", 3 * weights)
  macro("speedForward", "%d", weights)
  macro("speedBackward", "%d", backward)
  local epoch = (weights + backward) * value.mainPoints
  macro("speedEpoch", "%.1f", epoch * 1e-6)
  macro("speedRun", "%.1f", epoch * value.mainEpochs * 1e-9)
end

function set.architectures()
  macro("starts", "%d", #groups(read("starts"), "trial")[1])
end

function set.init()
  local trained, square, norm = groups(read("starts"), "init"), read("squares"), read("norms")
  local function ends(rows, i) return short(rows[1][i + 1]) .. " & " .. short(rows[#rows][i + 1]) end
  tabular("initTable", "lrrrrrr",
    " & \\multicolumn{2}{c}{mean square} & \\multicolumn{2}{c}{gradient} & right, \\% & dead\\\\\n"
    .. "first weights & first & last & first & last & & ",
    map({ "zeros", "0.01", "Xavier", "He", "2" }, function(label, i)
      return format("%s & %s & %s & %s & %.0f", label, ends(square, i), ends(norm, i),
        range(trained[i], "right", "%.1f"),
        plot.median(column(trained[i], "dead")))
    end))
  macro("initXavierFirst", "%.3f", square[1].xavier)
  macro("initXavierLast", "%.3f", square[#square].xavier)
  macro("initHeFirst", "%.2f", square[1].he)
  macro("initHeLast", "%.2f", square[#square].he)
  macro("initSmallPowers", "%.1f", math.log(square[1].small / square[#square].small, 10))
  macro("initLargeSteps", "%.0f, %.0f and %.0f", square[2].large / square[1].large,
    square[3].large / square[2].large, square[4].large / square[3].large)
  macro("initLargeFirstLoss", "%.0f", read("loss")[1].large)
  local right = column(trained[5], "right")
  macro("initLargeMedian", "%.0f", plot.median(right))
  macro("initLargeLeast", "%.0f", right[1])
  macro("initLargeMost", "%.0f", right[#right])
  macro("initLargeDead", "%.0f", plot.median(column(trained[5], "dead")))
  macro("initHeDead", "%.0f", plot.median(column(trained[4], "dead")))
end

function set.vcurve()
  local best = { central = math.huge }
  for _, row in ipairs(read("errors")) do
    if row.central < best.central then best = row end
  end
  macro("vcurveBest", "%s", short(best.h))
end

function set.loss()
  tabular("lossTable", "rrrr",
    "logit $z$ & $-\\ln(1-p)$ & $p$ clipped & $\\operatorname{softplus}(z)$",
    map(read("losses"), function(row)
      return format("$%.0f$ & %s & %s & %s", row.z, row.naive == "inf" and "$\\infty$"
        or short(row.naive == 0 and 0 or row.naive), short(row.clipped), short(row.softplus))
    end))
end

function set.wdbc()
  local rows, means = read("accuracy"), {}
  tabular("wdbcTable", "lrr", "hidden units & accuracy & deviation", map({ "none (a plane)", "16", "32, 16" }, function(label, i)
    local mean, _, deviation = summary(column(rows, i + 1))
    means[i] = mean
    return format("%s & %.2f & %.2f", label, mean, deviation)
  end))
  macro("wdbcLinear", "%.1f", means[1])
  local gap = means[1] - means[2]
  macro("wdbcPatients", "%.1f", gap / 100 * value.wdbcRows)
  macro("wdbcDeviations", "%.1f", math.sqrt(gap / 100 * value.wdbcRows))
  macro("wdbcError", "%.2f", math.sqrt(means[1] * (100 - means[1]) / value.wdbcRows))
end

function set.digits()
  for i, rows in ipairs(groups(read("accuracy"), "network")) do
    local name, right = "digits" .. ({ "One", "Half", "Best" })[i], column(rows, "right")
    macro(name, "%.1f", summary(right))
    macro(name .. "Least", "%.1f", math.min(table.unpack(right)))
    macro(name .. "Most", "%.1f", math.max(table.unpack(right)))
  end
  for _, row in ipairs(plot.rows("figures/bench/digits.tsv")) do
    macro("digits" .. (row.name == "mlp" and "Mlp" or "Logistic"), "%.1f", row.mean)
    if row.name == "mlp" then macro("digitsSklearn", "%s", row.version) end
  end
  local worst, confused, misread = { count = 0 }, read("confused"), 0
  tabular("digitsTable", "rrrrrrrrrrr", "is & 0 & 1 & 2 & 3 & 4 & 5 & 6 & 7 & 8 & 9", map(confused, function(row, i)
    local line = { format("%d", i - 1) }
    for k = 0, 9 do
      local count = row[tostring(k)]
      line[k + 2] = count == 0 and "$\\cdot$" or format("%d", count)
      if k ~= i - 1 then misread = misread + count end
      if k ~= i - 1 and count > worst.count then worst = { count = count, is = i - 1, said = k } end
    end
    return table.concat(line, " & ")
  end))
  macro("digitsMisread", "%d", misread)
  macro("digitsWorstCount", "%d", worst.count)
  macro("digitsWorstIs", "%d", worst.is)
  macro("digitsWorstSaid", "%d", worst.said)
end

function set.optimizers()
  local starts, drawn = read("starts"), { 0.5, 1, 0.03 }
  macro("optEpochs", "%d", starts[1].epochs)
  for m, trials in ipairs(groups(starts, "method")) do
    local name, best = "opt" .. ({ "Sgd", "Momentum", "Adam" })[m], { median = math.huge }
    for _, rows in ipairs(groups(trials, "rate")) do
      local left, lost = 0, 0
      for _, row in ipairs(rows) do
        if row.epoch < 0 then row.epoch = math.huge
        else left, lost = left + row.epochs - 1 - row.epoch, lost + row.lost end
      end
      local trial = { rate = rows[1].rate, median = plot.median(column(rows, "epoch")) }
      if trial.median < best.median then best = trial end
      local at = ({ [0.2] = "Fifth", [0.5] = "Half", [1] = "One" })[trial.rate]
      if at then
        macro(name .. at, "%.0f", trial.median)
        macro(name .. at .. "Lost", "%.0f", 100 * lost / left)
      elseif trial.rate == 0.1 then
        macro(name .. "Dead", "%.0f", plot.median(column(rows, "dead")))
      end
    end
    assert(best.rate == drawn[m], "trials.tsv draws another rate than the best of method " .. m)
    macro(name .. "Rate", "%g", best.rate)
    macro(name .. "Epochs", "%.0f", best.median)
  end
end

function set.nudged()
  local nudged = groups(read("starts"), "trial")[2]
  local apart = column(nudged, "apart")
  macro("nudgeApart", "%.0f", plot.median(apart))
  macro("nudgeFirst", "%.0f", apart[1])
  macro("nudgeEpochs", "%.0f", plot.median(column(nudged, "epoch")))
end

function set.single()
  local right = column(read("starts"), "right")
  macro("singleLeast", "%.0f", math.min(table.unpack(right)))
  macro("singleMedian", "%.0f", plot.median(right))
  macro("singleMost", "%.0f", math.max(table.unpack(right)))
end

function set.batchnorm()
  local norm, lines, ways = read("norms"), {}, { "0.01", "Xavier", "He", "2" }
  for _, way in ipairs({ "small", "large" }) do
    macro("norm" .. way, "%s", short(norm[1][way .. "-same"]))
  end
  macro("normApart", "%.0f", norm[1]["small-same"] / norm[1]["large-same"])
  local starts = groups(read("starts"), "init")
  macro("normEpochs", "%d", starts[1][1].epochs)
  macro("normStarts", "%d", #groups(starts[1], "trial")[1])
  for _, trials in ipairs(starts) do
    local way = ways[trials[1].init]
    for _, rows in ipairs(groups(trials, "rate")) do
      local both = groups(rows, "with")
      lines[#lines + 1] = format("%s & %g & %s & %s", way, rows[1].rate, range(both[1], "fresh", "%.1f"),
        range(both[2], "fresh", "%.1f"))
      if way == "He" then
        local rate = ({ [0.05] = "Low", [0.2] = "Fifth", [0.5] = "Half", [1] = "One", [2] = "Two" })[rows[1].rate]
        for i, with in ipairs({ "Without", "With" }) do
          macro("norm" .. rate .. with, "%.1f", plot.median(column(both[i], "fresh")))
        end
        if rate == "Low" then
          macro("normHeBatchLoss", "%.2f", plot.median(column(both[2], "training")))
          macro("normHeLoss", "%.3f", plot.median(column(both[2], "loss")))
        end
      end
    end
  end
  tabular("batchnormTable", "lrrr", "first weights & rate & without & with batch norm", lines)
end

function set.dropout()
  local all, looks = groups(read("starts"), "p"), read("looks")
  -- what p gains over none: the mean of the differences start by start, and its standard error
  local function gain(rows, name)
    local mean, error = summary(map(rows, function(row, k) return row[name] - all[1][k][name] end))
    return rows == all[1] and "" or format("$%+.1f\\pm%.1f$", mean, error)
  end
  for i, rows in ipairs(all) do
    local name = ({ "None", "Tenth", "Fifth", "Half" })[i]
    macro("drop" .. name, "%.1f", summary(column(rows, "fresh")))
    macro("drop" .. name .. "Trained", "%.0f", summary(column(rows, "trained")))
    macro("drop" .. name .. "Gain", "%s", gain(rows, "fresh"))
    macro("drop" .. name .. "Early", "%s", gain(rows, "early"))
  end
  local least = looks[1]
  for _, row in ipairs(looks) do
    if row.loss0 < least.loss0 then least = row end
  end
  macro("dropLeastEpoch", "%d", least.epoch)
  macro("dropLeastLoss", "%.2f", least.loss0)
  macro("dropLastLoss", "%.1f", looks[#looks].loss0)
end

if set[experiment] then set[experiment]() end
