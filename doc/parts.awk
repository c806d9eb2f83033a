# parts.awk: the minutes of each part of the challenges, and how many parts there are, as macros for the text
BEGIN { FS = "\t"; split("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen", word, " ") }
/^[0-9]/ { printf "\\expandafter\\def\\csname minutes-%s\\endcsname{%s}\n", $1, $5; n++ }
END { printf "\\newcommand\\partsCount{%s}\n", word[n] }
