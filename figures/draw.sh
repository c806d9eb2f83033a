#!/usr/bin/env bash
# draw.sh SHEET FIGURE...: typeset several figures in one run of lualatex, which takes two seconds to
# begin, and part them into SHEET's folder as FIGURE.pdf.  Each figures/FIGURE.tex also stands alone.
set -eu
sheet=$(basename "$1") folder=$(dirname "$1") here=$(cd "$(dirname "$0")" && pwd)
shift
mkdir -p "$folder" && cd "$folder"
{
  echo '\documentclass[multi=tikzpicture,border=1pt]{standalone}\input{pre}\begin{document}'
  for figure; do
    echo '\begingroup'
    sed -e '/^\\documentclass/d' -e '/^\\input{pre}$/d' -e '/^\\begin{document}$/d' -e '/^\\end{document}$/d' "$here/$figure.tex"
    echo '\endgroup'
  done
  echo '\end{document}'
} > "$sheet.tex"
TEXINPUTS=$here: lualatex -interaction=nonstopmode -halt-on-error "$sheet.tex" > "$sheet.out" || { grep -A8 '^!' "$sheet.log" >&2; exit 1; }
pdfseparate "$sheet.pdf" "$sheet-%02d.pdf"
pages=("$sheet"-[0-9][0-9].pdf)
[ ${#pages[@]} = $# ] || { echo "figures: $# figures gave ${#pages[@]} pages" >&2; exit 1; }
for figure; do mv "${pages[0]}" "$figure.pdf"; pages=("${pages[@]:1}"); done
