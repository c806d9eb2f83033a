# mpi.awk: what make bench-mpi measured, as macros for the chapter and data for figure scaling.
# awk -v data=FOLDER -f mpi.awk mpi.tsv > macros
# The model of a step on R ranks, with batches of N rows: fixed + row N/R + 2 (R-1) alpha + 2 n beta (R-1)/R
function define(name, text) { printf "\\newcommand\\mpi%s{%s}\n", name, text }
function show(x) { return sprintf(x < 1.995 ? "%.2f" : x < 9.95 ? "%.1f" : "%.0f", x) }
function round(x) { return sprintf("%.0f", x) }
function step(rows, ranks) {
  return fixed + row * rows / ranks + 2 * (ranks - 1) * alpha + 2 * n * beta * (ranks - 1) / ranks
}
function best(rows,   gain) { gain = row * rows - 2 * n * beta; return gain > 0 ? sqrt(gain / (2 * alpha)) : 1 }
function speedup(who, rows) { return time[who, "step", 1, rows] / time[who, "step", 2, rows] }
function thousands(x) { x = round(x); while (match(x, /[0-9][0-9][0-9][0-9]($|\{)/)) x = substr(x, 1, RSTART) "{,}" substr(x, RSTART + 1); return x }
BEGIN { FS = "\t"; n = 533505 }
$1 == "machine" { machine = $2 }
$1 == "date" { date = $2 }
$1 == "rounds" { rounds = $2 }
$1 == "version" { version[$2] = $3 }
$1 == "ours" || $1 == "torch" { time[$1, $2, $3, $4] = $5 }
END {
  # a line through the times of a step on one rank, with errors relative to the time; alpha and beta from the sums
  for (rows = 256; rows <= 4096; rows *= 2) {
    y = time["ours", "step", 1, rows]; w = 1 / y / y
    s += w; sx += w * rows; sy += w * y; sxx += w * rows * rows; sxy += w * rows * y
  }
  row = (s * sxy - sx * sy) / (s * sxx - sx * sx)
  fixed = (sy - row * sx) / s
  if (fixed < 0) { fixed = 0; row = sxy / sxx }
  alpha = time["ours", "sum", 2, 1] / 2
  beta = (time["ours", "sum", 2, n] - time["ours", "sum", 2, 1]) / n
  split(date, d, "-")
  split("January February March April May June July August September October November December", month, " ")
  define("Date", d[3] + 0 " " month[d[2] + 0] " " d[1])
  define("Rounds", rounds)
  define("Version", version["mpi"])
  define("Alpha", show(alpha * 1e6))
  define("Beta", show(beta * 1e9))
  define("Sum", show(time["ours", "sum", 2, n] * 1e3))
  define("Row", show(row * 1e6))
  define("StepOne", show(time["ours", "step", 1, 1024] * 1e3))
  define("StepTwo", show(time["ours", "step", 2, 1024] * 1e3))
  name[256] = "Small"; name[1024] = "Middle"; name[4096] = "Large"
  for (rows in name) {
    define("Up" name[rows], sprintf("%.2f", speedup("ours", rows)))
    define("Best" name[rows], round(best(rows)))
    define("Most" name[rows], show(step(rows, 1) / step(rows, best(rows))))
    define("Torch" name[rows], version["torch"] ? sprintf("%.2f", speedup("torch", rows)) : "--")
    define("TorchTime" name[rows], version["torch"] ? show(time["torch", "step", 2, rows] / time["ours", "step", 2, rows]) : "--")
  }
  define("Weak", sprintf("%.0f", 100 * time["ours", "step", 1, 1024] / time["ours", "step", 2, 2048]))
  # rows that a rank must have for its work to take as long as the exchange, in any network
  define("Break", round(2 * n * beta / row))
  # on paper: a thousand ranks, 10^9 weights, time and work as here
  define("PaperWait", show(2 * 999 * alpha * 1e3))
  define("PaperSum", show(2 * 1e9 * beta))
  define("PaperRow", round(row * 1e9 / n * 1e3))
  define("PaperRows", round(2 * 1e9 * beta * .999 / (row * 1e9 / n)))
  define("PaperBatch", thousands(1000 * sprintf("%.1g", 2 * n * beta / row)))
  define("Numbers", thousands(n))
  # a cable of a gigabit a second, a latency of 50 microseconds
  define("CableWait", round((2 * 50e-6 + 64e-9 * n) * 1e3))
  define("CableRows", 10 * round(2 * (2 * 50e-6 + 64e-9 * n) / row / 10))
  # lines by the model, and what was measured
  file = data "/scaling-model.dat"
  print "ranks small middle large weaksmall weakmiddle" > file
  for (k = 0; k <= 40; k++) {
    r = 2 ^ (k / 4)
    print r, step(256, 1) / step(256, r), step(1024, 1) / step(1024, r), step(4096, 1) / step(4096, r), \
      100 * step(256, 1) / step(256 * r, r), 100 * step(1024, 1) / step(1024 * r, r) > file
  }
  close(file)
  file = data "/scaling-measured.dat"
  print "ranks small middle large weaksmall weakmiddle" > file
  print 1, 1, 1, 1, 100, 100 > file
  print 2, speedup("ours", 256), speedup("ours", 1024), speedup("ours", 4096), \
    100 * time["ours", "step", 1, 256] / time["ours", "step", 2, 512], \
    100 * time["ours", "step", 1, 1024] / time["ours", "step", 2, 2048] > file
  close(file)
}
