#!/usr/bin/env bash
# run.sh [--valgrind] RUNNER [FOLDER...]: run all tests; fail where one failed or fewer ran than exist
# in the folders (tests/).
set -u
export LC_ALL=C                 # the runner's words are read
tool=()
logs=
long=
if [ "${1:-}" = --valgrind ]; then
  shift
  logs=$PWD/$(dirname "$1")/logs
  rm -rf "$logs"; mkdir -p "$logs"
  export SPARSE=1                 # it takes a minute for what takes a second
  export PATIENCE=20 LIMIT=1800   # the tests' own limits, and that of all
  tool=(valgrind --quiet --trace-children=yes --error-exitcode=9 --log-file="$logs/%p")
fi
# of what takes long, some; and nothing that does the same many times over
if [ -n "${SPARSE:-}" ]; then
  long='published/log_digit_for_digit|published/mended_run_reaches_the_limit|gradcheck/judges_the_main_network_*'
  long+='|gradcheck/taylor_has_an_answer_for_the_main_*|spirals/learnt_with_*'
fi
folders=("${@:2}")
[ -n "${folders[*]}" ] || folders=("$(dirname "$0")")
left=${long:-none} left=${left//\//, } left=${left//\*/.*}      # as the first lines of tests have it
exist=$(for folder in "${folders[@]}"; do cat "$folder"/test_*.c; done |
  grep '^ *\(Parameterized\)\?Test(' | grep -cEv "\(($left)[,)]")
out=$(mktemp "${TMPDIR:-/tmp}/run.XXXXXX")
trap 'rm -f "$out"' EXIT
ASAN_OPTIONS=detect_leaks=0 timeout -k 5 "${LIMIT:-900}" "${tool[@]}" "$1" ${long:+--filter "!($long)"} > "$out" 2>&1
status=$?
grep -v '^\[----\] *$' "$out"
ran=$(sed -n 's/.*Synthesis: Tested: \([0-9]*\).*/\1/p' "$out" | sed 's/\x1b[^m]*m//g')
if [ $status = 124 ]; then echo "the tests were stopped: they ran too long" >&2; exit 1; fi
if [ -z "$ran" ] || [ "$ran" -lt "$exist" ]; then
  echo "only ${ran:-0} of $exist tests ran" >&2
  [ -e /proc/self/exe ] || echo "Criterion needs /proc: mount -t proc proc /proc" >&2
  exit 1
fi
if [ -n "$logs" ] && grep -l 'ERROR\|Invalid\|uninitialised' "$logs"/* > /dev/null 2>&1; then
  cat "$logs"/* | head -60; echo "valgrind found errors" >&2; exit 1
fi
exit $status
