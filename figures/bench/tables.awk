# tables.awk: what make bench measured, as macros for the chapter and data for figures growth and shares.
# awk -v data=FOLDER -f tables.awk recorded.tsv > macros
function tex(text) {
  gsub(/[_&%#$]/, "\\\\&", text)
  gsub(/\((R|TM)\)/, "", text)
  return text
}
function define(name, text) { printf "\\newcommand\\%s{%s}\n", name, text }
# a number with as many digits as it deserves
function show(x) {
  if (x == "") return "--"
  return sprintf(x < 1.995 ? "%.2f" : x < 9.95 ? "%.1f" : "%.0f", x)
}
function seconds(key) {
  if (!((key, "main", 1) in time)) return "--"
  return sprintf("%.3f", time[key, "main", 1] / epochs["main"] * 1000)
}
# what contender key does in a task, in GFLOP/s
function speed(key, task) {
  if (!((key, task, 1) in time)) return ""
  return flop[task] / time[key, task, 1] * 1e-9
}
function of_peak(key) {
  if (!((key, "main", 1) in time) || !peak["main", "double"]) return "--"
  return sprintf("%.0f", 100 * speed(key, "main") / peak["main", "double"])
}
function megabytes(key) {
  if (!((key, "main") in memory)) return "--"
  return show(memory[key, "main"] / 1024)
}
function head(name, columns, line) {
  printf "\\newcommand\\%s{\\begin{tabular}{@{}%s@{}}\n\\toprule\n%s\\\\\n\\midrule\n", name, columns, line
}
function foot() { print "\\bottomrule\n\\end{tabular}}" }
function stage_row(key) {
  printf "%s & %s & %s & %s & %s\\\\\n", label[key], seconds(key), show(speed(key, "main")), of_peak(key), show(speed(key, "wide"))
}

BEGIN {
  FS = "\t"
  known = split("ours float blas xsmm numpy torch sklearn fann", key, " ")
  split("Ours Float Blas Xsmm Numpy Torch Sklearn Fann", name, " ")
}
$1 == "machine" { machine = $2 }
$1 == "cores" { cores = $2 }
$1 == "date" { date = $2 }
$1 == "rounds" { rounds = $2 }
$1 == "version" && $2 != "float" { versions = versions (versions ? ", " : "") tex($3) }
$1 == "skipped" { skipped = skipped (skipped ? "; " : "") tex($2) }
$1 == "task" { epochs[$2] = $3; flop[$2] = $4 }
$1 == "peak" { peak[$2, $3] = $4 }
$1 == "part" { parts = parts $2 "\t" $3 "\t" $4 "\n" }
$1 == "share" { share[$2] = $3 }
$1 == "time" {
  if (!($3 in label) && $3 ~ /^stage-/) stage[++stages] = $3
  label[$3] = tex($5)
  time[$3, $2, $4] = $6
  ratio[$3, $2, $4] = $9
  least[$3, $2, $4] = $10
  most[$3, $2, $4] = $11
  if ($4 == 1) memory[$3, $2] = $12
}
$1 == "points" || $1 == "width" { size[$1, ++sizes[$1]] = $2; row[$1, sizes[$1]] = $0 }

END {
  define("benchMachine", tex(machine))
  define("benchCores", cores)
  split(date, d, "-")
  split("January February March April May June July August September October November December", month, " ")
  define("benchDate", d[3] + 0 " " month[d[2] + 0] " " d[1])
  define("benchRounds", rounds)
  define("benchVersions", versions)
  define("benchSkipped", skipped)
  define("benchPeak", show(peak["main", "double"]))
  define("benchPeakFloat", show(peak["main", "float"]))
  define("benchShare", sprintf("%.0f", share["main"]))
  define("benchShareFour", sprintf("%.0f", share["four"]))
  define("benchShareWide", sprintf("%.0f", share["wide"]))
  define("benchSpeed", show(speed("ours", "main")))
  # \benchNumpyRatio, ...: times to ours in the main run, with the least and the most of the rounds
  for (i = 1; i <= known; i++) {
    k = key[i]
    define("bench" name[i] "Seconds", seconds(k))
    define("bench" name[i] "Ratio", show(ratio[k, "main", 1]))
    define("bench" name[i] "Least", show(least[k, "main", 1]))
    define("bench" name[i] "Most", show(most[k, "main", 1]))
    define("bench" name[i] "Four", show(ratio[k, "four", 1]))
    define("bench" name[i] "Wide", show(ratio[k, "wide", 1]))
    define("bench" name[i] "WideTwo", show(ratio[k, "wide", 2]))
    define("bench" name[i] "Memory", megabytes(k))
  }

  # two threads, and float against the double of NumPy
  if (time["ours", "wide", 2]) define("benchTwo", sprintf("%.2f", time["ours", "wide", 1] / time["ours", "wide", 2]))
  else define("benchTwo", "--")
  if (time["float", "main", 1]) define("benchFloatNumpy", show(time["numpy", "main", 1] / time["float", "main", 1]))
  else define("benchFloatNumpy", "--")

  head("benchTable", "lrrrrrr", " & \\multicolumn{2}{c}{main run} & four & \\multicolumn{2}{c}{wide, threads} & MB\\\\\n" \
    " & seconds & ratio & ratio & 1 & 2 &")
  for (i = 1; i <= known; i++) {
    k = key[i]
    if (k in label)
      printf "%s & %s & %s & %s & %s & %s & %s\\\\\n", label[k], seconds(k), show(ratio[k, "main", 1]),
        show(ratio[k, "four", 1]), show(ratio[k, "wide", 1]), show(ratio[k, "wide", 2]), megabytes(k)
  }
  foot()

  head("stagesTable", "lrrrr", " & \\multicolumn{3}{c}{main run} & wide\\\\\n" \
    " & seconds & GFLOP/s & of peak (\\%) & GFLOP/s")
  for (i = 1; i <= stages; i++) stage_row(stage[i])
  stage_row("ours")
  if ("blas" in label) stage_row("blas")
  foot()

  # shares.dat: what part of our time goes where
  shares = data "/shares.dat"
  print "task\tpart\tshare" > shares
  printf "%s", parts > shares

  # growth-points.dat: ns per example, at the peak too; growth-width.dat: GFLOP/s
  file["points"] = data "/growth-points.dat"
  file["width"] = data "/growth-width.dat"
  top = peak["growth", "double"]
  for (task in file) {
    print "size median minus plus peak" > file[task]
    for (i = 1; i <= sizes[task]; i++) {
      split(row[task, i], f, "\t")
      at = task == "points" ? 3 : 6
      bound = task == "points" ? flop["main"] / epochs["main"] / 400 / top : top
      print f[2], f[at], f[at] - f[at + 1], f[at + 2] - f[at], bound > file[task]
    }
    close(file[task])
  }
}
