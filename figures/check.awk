# check.awk: what nn check prints, as a table: a row for each tensor, at the start and after 20 steps
function power(x, part) { split(x, part, "e"); return x + 0 ? sprintf("$%.1f\\cdot10^{%d}$", part[1], part[2]) : x + 0 }
$1 == "After" { steps[++n] = $2 }
$3 == "x" {
  if (n == 1) name[++count] = $1
  shape[$1] = "$" $2 "\\times" $4 "$"
  row[$1] = row[$1] " & " power($6) " & " ($7 + 0 ? sprintf("%.3f", $7) : "--") " & " power($8)
}
END {
  print "\\newcommand\\checkTable{\\begin{tabular}{@{}llrrrrrr@{}}\n\\toprule"
  print " & & \\multicolumn{3}{c}{after " steps[1] " steps} & \\multicolumn{3}{c@{}}{after " steps[2] " steps}\\\\"
  print "tensor & shape & central & Taylor & complex & central & Taylor & complex\\\\\n\\midrule"
  for (i = 1; i <= count; i++) {
    letter = "\\symbf{" substr(name[i], 1, 1) "}_{" substr(name[i], 2) "}"
    print "$" letter "$ & " shape[name[i]] row[name[i]] "\\\\"
  }
  print "\\bottomrule\n\\end{tabular}}"
}
