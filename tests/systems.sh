#!/usr/bin/env bash
# systems.sh [ROW...]: the package on systems that readers have: Debian in chroots, other processors by emulators.
# As root, by hand or once a night: all rows take an hour or two.  Needs debootstrap and qemu-user-static, Linux 6.7
# for the emulators, and 8 GB in SYSTEMS (/var/tmp/systems), where the log of each row stays.
# Prints a row as it is seen: name, system, what was done, compiler, tests that passed, sum of a model's bytes, fault.
# tests/systems.tsv is what was seen last; the appendix "Building" shows it.
set -u -o pipefail
export LC_ALL=C
unset MAKEFLAGS MFLAGS MAKELEVEL
cd "$(dirname "$0")/.." || exit 2
here=$PWD SYSTEMS=${SYSTEMS:-/var/tmp/systems} mirror=${MIRROR:-http://deb.debian.org/debian}
all="debian12 debian13 clang german german_more container archive nofma older arm64 s390x i386 whole"
[ "$(id -u)" = 0 ] || { echo "systems.sh: only root may make a chroot" >&2; exit 1; }
for tool in debootstrap qemu-aarch64-static; do
  command -v $tool > /dev/null || { echo "systems.sh: $tool is missing; apt-get install debootstrap qemu-user-static" >&2; exit 1; }
done
mkdir -p "$SYSTEMS"

readme() { sed -n "/^apt-get update.*$1/{s/ && make\$//;p}" README.md; }       # its line that installs
model='build/nn train --epochs 60 --save build/model && cksum build/model'

# SUITE: a chroot for this row, copied from one that is made once, with what git knows of the package, the reader's
machine() {
  local base=$SYSTEMS/$1
  if ! [ -e "$base/done" ]; then debootstrap --variant=minbase "$1" "$base" "$mirror" && touch "$base/done"; fi
  rm -rf "$root" && cp -a "$base" "$root" && cp /etc/resolv.conf "$root/etc"
  chroot "$root" useradd --create-home reader
  git clone -q "$here" "$root/home/reader/nn" && chroot "$root" chown -R reader: /home/reader/nn
}
# USER COMMAND: in the row's chroot, in the package's folder
as() {
  # shellcheck disable=SC2016
  unshare -m -p -f --propagation private bash -c 'root=$1
    mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc"
    exec chroot "$root" su "$2" -s /bin/bash -c "export LC_ALL=$3 DEBIAN_FRONTEND=noninteractive; cd /home/reader/nn && set -e; $4"
    ' _ "$root" "$1" "${tongue:-C.UTF-8}" "$2"
}
packages() { as root "apt-get update && apt-get install -y --no-install-recommends $*"; }
# CPU COMMAND: the same, where each program for that processor is run by qemu.  Who else is on the machine sees nothing
# of it.  Programs for this processor are told from qemu by a byte that no ELF file uses, and that qemu gets here.
emulate() {
  local elf='\x7fELF' zero='\x00\x00\x00\x00\x00\x00\x00\x00' qemu=$SYSTEMS/qemu-$1 code
  case $1 in
    x86_64) elf+='\x02\x01\x01' code='\x02\x00\x3e\x00' ;;
    aarch64) elf+='\x02\x01\x01' code='\x02\x00\xb7\x00' ;;
    s390x) elf+='\x02\x02\x01' code='\x00\x02\x00\x16' ;;
  esac
  cp "/usr/bin/qemu-$1-static" "$qemu" && printf '\1' | dd of="$qemu" bs=1 seek=15 conv=notrunc status=none
  # shellcheck disable=SC2016
  coproc NS { exec unshare -U -m -p -f --propagation private bash -c 'echo unshared; read -r _; exec >&2; root=$1
    mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc" && mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
    echo "$2" > /proc/sys/fs/binfmt_misc/register
    exec chroot --userspec=reader: "$root" /usr/bin/env -i ${QEMU_CPU:+"QEMU_CPU=$QEMU_CPU"} HOME=/home/reader \
      PATH=/usr/bin:/bin PATIENCE=20 bash -c "cd ~/nn && set -e; $3"
    ' _ "$root" ":x:M::$elf$zero\x00$code:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff${mask:-\xfe\xff}\xff\xff:$qemu:F" "$2"; }
  # shellcheck disable=SC2153
  local pid=$NS_PID
  read -r _ <&"${NS[0]}"
  echo '0 0 65536' > "/proc/$pid/uid_map" && echo '0 0 65536' > "/proc/$pid/gid_map" && echo mapped >&"${NS[1]}"
  wait "$pid"
}

# -- the rows: what they say first is what the table says
debian12() {
  about "Debian 12" "quick start"
  machine bookworm && as root "$(readme 'python3$')" && as reader "make test && make challenges && make bad-input && $model"
}
debian13() {
  about "Debian 13" "quick start"
  machine trixie && as root "$(readme 'python3$')" && as reader "make test && make challenges && make bad-input && $model"
}
clang() {
  about "Debian 13, clang" "tests"
  machine trixie && as root "$(readme 'python3$')" && packages clang \
    && as reader "make test CC=clang WERROR=-Werror && $model"
}
german() {
  about "Debian 12 in German" "tests, answers"
  machine bookworm && as root "$(readme 'python3$')" && packages locales \
    && as root 'echo de_DE.UTF-8 UTF-8 > /etc/locale.gen && locale-gen' \
    && tongue=de_DE.UTF-8 as reader "make test && make answers && $model"
}
german_more() {
  about "Debian 12 in German" "sanitizers, board-test"
  machine bookworm && as root "$(readme 'python3$')" && packages locales \
    && as root 'echo de_DE.UTF-8 UTF-8 > /etc/locale.gen && locale-gen' \
    && tongue=de_DE.UTF-8 as reader "make sanitize && make board-test && make build/nn && $model"
}
# a weave takes long, so this is for nights
whole() {
  about "Debian 12" "README's two commands"
  machine bookworm && as root "$(readme texlive)" && as reader "make && make test && $model"
}
container() {
  about "the container" "what VS Code does in it"
  machine bookworm && sed -n '/^RUN apt-get/,/lists/p' .devcontainer/Dockerfile | sed 's/^RUN //; s/ && rm .*//' > "$root/packages" \
    && as root "bash /packages" \
    && as reader "$(sed -n 's/.*"postCreateCommand": "\(.*\)",/\1/p' .devcontainer/devcontainer.json) && $model
       for file in build/src/network.c tests/test_loss.c; do clangd --check=\$file 2>&1 | tail -n 1; done | sort -u | grep -x '.*All checks completed, 0 errors'"
}
# no chroot allows bubblewrap its walls, so no marks here
archive() {
  about "no git, an archive" "tests, board"
  machine bookworm && rm -rf "$root/home/reader/nn/.git" && as root "$(readme 'python3$')" \
    && as reader "make test && make challenges && $model"
}
# make must see what the processor lacks, and take the loops; it's compiled here, since gcc is slow in an emulator
nofma() {
  about "x86-64 without FMA" "tests, emulated"
  machine bookworm && as root "$(readme 'python3$')" && as reader "make build/nn build/tests ARCH=-march=nehalem KERNEL=plain" \
    && QEMU_CPU=Nehalem emulate x86_64 "make --eval='kernel: ; @echo \$(KERNEL)' kernel | grep -x plain; bash tests/run.sh build/tests; $model"
}
older() {
  about "an older x86-64" "refuses a newer one's program"
  machine bookworm && as root "$(readme 'python3$')" && as reader "make build/nn" \
    && QEMU_CPU=Nehalem emulate x86_64 "build/nn check 2>&1 | grep 'ISA level is lower than required'"
}
# DEBIAN'S-NAME GNU'S-NAME QEMU'S-NAME: compiled here, run there
other() {
  machine bookworm && as root "dpkg --add-architecture $1" && as root "$(readme 'python3$')" \
    && packages "gcc-${2//_/-} libcriterion-dev:$1 libcsv-dev:$1 libgomp1:$1" \
    && as reader "make build/nn build/tests CC=$2-gcc ARCH=" && emulate "$3" "bash tests/run.sh build/tests && $model"
}
arm64() { about "arm64" "tests, emulated" && other arm64 aarch64-linux-gnu aarch64; }
s390x() { about "s390x (big-endian)" "tests, emulated" && mask='\xff\xfe' other s390x s390x-linux-gnu s390x; }
i386() {
  about "i386 (32 bits)" "program, four checks"
  machine bookworm && as root "dpkg --add-architecture i386" && as root "$(readme 'python3$')" \
    && packages "gcc-i686-linux-gnu libc6-dev:i386 libcsv-dev:i386 libgomp1:i386" \
    && as reader "make build/nn CC=i686-linux-gnu-gcc WERROR=-Werror && build/nn check && $model
       { build/nn spirals --points 1000000 | build/nn train --data - --layers 1074 --batch 2000000 2>&1 || true; } | grep 'not enough memory'"
}

about() { printf '%s\t%s\n' "$1" "$2" > "$log.about"; }
bad=0
printf 'row\tsystem\tdone\tcompiler\ttests\tmodel\tseconds\tfault\n'
# shellcheck disable=SC2048
for row in ${*:-$all}; do
  root=$SYSTEMS/row-$row log=$SYSTEMS/$row.log begun=$SECONDS fault=
  $row > "$log" 2>&1 < /dev/null || { fault="see $log" bad=1; }
  said() { sed -n "s/$1/\\1/p" "$log" | tail -n 1; }
  cc=$(sed -n 's/^\([^ ]*\(gcc\|clang\)\) nn\.c$/\1/p' "$log" | head -n 1)
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$row" "$(cat "$log.about")" "${cc:+$(chroot "$root" "$cc" --version | sed -n '1s/ *([^)]*) */ /; 1s/.*clang version/clang/; 1s/ *$//; 1p')}" \
    "$(said '.*Synthesis.* Passing: \([0-9]*\) .*')" "$(said '^\([0-9]* [0-9]*\) build\/model$')" $((SECONDS - begun)) "$fault"
  [ -n "$fault" ] || rm -rf "$root" "$log.about"
done
exit $bad
