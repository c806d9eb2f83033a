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
-- mean and deviation
local function summary(x)
  local sum, squares = 0, 0
  for _, v in ipairs(x) do sum, squares = sum + v, squares + v * v end
  local mean = sum / #x
  return mean, math.sqrt(math.max(0, squares / #x - mean * mean))
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
  bayesTrain = "%.2f", bayesFresh = "%.2f", bayesLine = "%.2f", bayesLineFresh = "%.2f",
  pubFactorFull = "%.3f", pubFactorShort = "%.3f", pubWorth = "%.0f", speedEpoch = "%.1f", speedRun = "%.1f" }
local value = {}
for _, row in ipairs(read("values")) do
  value[row.name] = row.value
  if row.name == "pubCheck" then macro("pubCheck", "$%.2f\\cdot10^{-11}$", row.value * 1e11)
  else macro(row.name, digits[row.name] or "%d", row.value) end
end

local set = {}

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
  macro("mainFreshSpread", "%.2f", once[1].deviation)
end

function set.architectures()
  local all = groups(read("starts"), "arch")
  local label = { "4", "32", "32, 16", "64, 32, 16" }
  local function range(x) return format(" & %.2f\\enspace(%.2f to %.2f)", plot.median(x), x[1], x[#x]) end
  tabular("spreadTable", "lrrr", "hidden units & parameters & training & fresh points",
    map(all, function(rows, i)
      return format("%s & %d", label[i], rows[1].parameters) 
        .. range(column(rows, "train")) .. range(column(rows, "fresh"))
    end))
end

function set.init()
  local trained, square, norm = read("trained"), read("squares"), read("norms")
  local function ends(rows, i) return short(rows[1][i + 1]) .. " & " .. short(rows[#rows][i + 1]) end
  tabular("initTable", "lrrrrrr",
    " & \\multicolumn{2}{c}{mean square} & \\multicolumn{2}{c}{gradient} & loss & accuracy\\\\\n"
    .. "first weights & first & last & first & last & & (\\%)",
    map({ "zeros", "0.01", "Xavier", "He", "2" }, function(label, i)
      return format("%s & %s & %s & %.4f & %.2f", label, ends(square, i), ends(norm, i),
        trained[i].loss, trained[i].right)
    end))
  macro("initXavierFirst", "%.3f", square[1].xavier)
  macro("initXavierLast", "%.3f", square[#square].xavier)
  macro("initHeFirst", "%.2f", square[1].he)
  macro("initHeLast", "%.2f", square[#square].he)
  macro("initLargeLoss", "%.4f", trained[5].loss)
  macro("initLargeAccuracy", "%.0f", trained[5].right)
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
  local rows = read("accuracy")
  local label = { "none (a plane)", "16", "32, 16" }
  tabular("wdbcTable", "lrr", "hidden units & accuracy & deviation", map(rows, function(row, i)
    return format("%s & %.2f & %.2f", label[i], row.mean, row.deviation)
  end))
  macro("wdbcLinear", "%.1f", rows[1].mean)
  macro("wdbcOne", "%.1f", rows[2].mean)
  macro("wdbcDeep", "%.1f", rows[3].mean)
end

function set.optimizers()
  local epochs = value.optEpochs
  local label = { "gradient descent", "momentum", "Adam" }
  local function epoch(x) return x == math.huge and "never" or format("%.0f", x) end
  local lines = {}
  for m, trials in ipairs(groups(read("starts"), "method")) do
    local best = { median = math.huge }
    for i, rows in ipairs(groups(trials, "rate")) do
      local arrived, left, lost = 0, 0, 0
      for _, row in ipairs(rows) do
        if row.epoch < 0 then row.epoch = math.huge
        else arrived, left, lost = arrived + 1, left + epochs - 1 - row.epoch, lost + row.lost end
      end
      local when = column(rows, "epoch")
      local trial = { rate = rows[1].rate, median = plot.median(when) }
      if trial.median < best.median then best = trial end
      lines[#lines + 1] = format("%s & %g & %d & %s & ", i == 1 and label[m] or "", trial.rate, arrived,
        epoch(trial.median)) .. (arrived == 0 and " & "
        or format("(%.0f to %s) & %.1f", when[1], epoch(when[#when]), 100 * lost / left))
    end
    local name = "opt" .. ({ "Sgd", "Momentum", "Adam" })[m]
    macro(name .. "Rate", "%g", best.rate)
    macro(name .. "Epochs", "%.0f", best.median)
  end
  tabular("optimizerTable", "lrrrlr",
    "method & rate & arrived & \\multicolumn{2}{l}{epochs to 99\\,\\%} & later below 95\\,\\%", lines)
end

function set.batchnorm()
  local trained, norm, ways = read("trained"), read("norms"), 4
  local function cells(i)
    return format(" & %s & %s & %.2f", short(norm[1][i + 1]), short(norm[#norm][i + 1]), trained[i].right)
  end
  tabular("batchnormTable", "lrrrrrr",
    " & \\multicolumn{3}{c}{without} & \\multicolumn{3}{c}{with batch norm}\\\\\n"
    .. "first weights & first & last & right & first & last & right",
    map({ "0.01", "Xavier", "He", "2" }, function(label, i)
      return label .. cells(i) .. cells(ways + i)
    end))
  local loss = column(read("loss"), "he-with")
  macro("normHeBatchLoss", "%.2f", plot.smoothed(loss, #loss - 12))
  macro("normHeLoss", "%.3f", trained[ways + 3].loss)
end

function set.dropout()
  local loss, all = read("loss"), groups(read("starts"), "p")
  -- the last column: what p gains over none, the mean of the differences start by start, and its
  -- standard error
  tabular("dropoutTable", "lrrrrr", "$p$ & training & fresh & deviation & loss, fresh & gain",
    map(all, function(rows, i)
      local fresh, deviation = summary(column(rows, "fresh"))
      local gain, spread = summary(map(rows, function(row, k) return row.fresh - all[1][k].fresh end))
      return format("%g & %.1f & %.1f & %.1f & %.3f & ", rows[1].p,
        summary(column(rows, "right")), fresh, deviation, loss[#loss][i + 1])
        .. (i == 1 and "" or format("$%+.1f\\pm%.1f$", gain, spread / math.sqrt(#rows - 1)))
    end))
end

if set[experiment] then set[experiment]() end
