# systems.awk: what tests/systems.sh saw, a row for each system, as a table for the text
BEGIN { FS = "\t"; printf "\\newcommand\\systemsTable{\\begin{tabular}{@{}llll@{}}\n\\toprule\nsystem & what was done & compiler & model\\\\\n\\midrule\n" }
NR == 2 { model = $6 }
NR > 1 && $8 == "" {
  sub(/.*-linux-gnu-/, "", $4)
  print $2 " & " $3 " & " $4 " & " ($6 == "" ? "" : $6 == model ? "same bits" : "other bits") "\\\\"
}
END { print "\\bottomrule\n\\end{tabular}}" }
