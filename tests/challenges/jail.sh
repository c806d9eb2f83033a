#!/bin/sh
# jail.sh build|run FOLDER COMMAND...: runs the command in FOLDER, where a student's code may be compiled (build: the
# folder can be written) or run (it can't).  It sees /usr, the folder and an empty /tmp of 64 MB: no other file of this
# machine, no network, no other process.  When the command ends, whatever it started ends too.  Status 125: no jail here.
# --plain before all that: no jail, for containers that allow none; only, as root, the rights of nobody.
set -eu

# Rights.  What compiles has none.  What runs is root's board, if we are root, which puts the student's code under
# another user's name; it keeps the right to do that, to give it a scratch folder and to end it, and no other.
keep() {
  if [ "$(id -u)" != 0 ]; then echo "setpriv --no-new-privs"
  elif [ -n "$mapped" ]; then echo "setpriv --no-new-privs --inh-caps=-all --bounding-set=-all"
  elif [ "$use" = run ]; then echo "setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+setuid,+setgid,+kill,+chown,+dac_override"
  else echo "setpriv --no-new-privs --inh-caps=-all --bounding-set=-all --reuid=65534 --regid=65534 --clear-groups"
  fi
}
here='cd "$0" || exit; "$@" & exec > /dev/null 2>&1; wait $!'    # the jail's init keeps no way out that others could use

case $1 in
--inside)
  use=$2 folder=$3 mapped=$4
  shift 4
  jail=/mnt
  mount -t tmpfs -o size=64m,mode=755,nosuid,nodev jail $jail
  mkdir $jail/usr $jail/etc $jail/proc $jail/dev $jail/tmp $jail/nn
  chmod 1777 $jail/tmp
  read_only() { mount --rbind "$1" "$2"; mount -o remount,bind,ro,nosuid "$2"; }
  read_only /usr $jail/usr
  for dir in bin sbin lib lib32 lib64; do
    if [ -L /$dir ]; then cp -P /$dir $jail/
    elif [ -d /$dir ]; then mkdir $jail/$dir; read_only /$dir $jail/$dir; fi
  done
  cp -RP /etc/ld.so.cache /etc/alternatives $jail/etc/
  echo 'nobody:x:65534:65534::/:/bin/false' > $jail/etc/passwd
  for device in null zero urandom; do : > $jail/dev/$device; mount --bind /dev/$device $jail/dev/$device; done
  mount -t proc -o ro,nosuid,nodev,noexec proc $jail/proc
  mount --bind "$folder" $jail/nn
  [ "$use" = build ] || mount -o remount,bind,ro,nosuid,nodev $jail/nn
  mount -o remount,bind,ro,nosuid,nodev $jail
  mount -t tmpfs -o size=64m,mode=1777,nosuid,nodev tmp $jail/tmp
  exec prlimit --nproc=100 chroot $jail $(keep) /bin/sh -c "$here" /nn "$@" ;;
--plain)
  use=$2 folder=$3 mapped=
  shift 3
  exec $(keep) /bin/sh -c "$here" "$folder" "$@" ;;
*)
  mapped=
  [ "$(id -u)" = 0 ] || mapped="--user --map-root-user"
  jail="$mapped --mount --pid --net --ipc --uts --fork --kill-child"
  unshare $jail sh "$0" --inside "$1" "$2" "$mapped" true < /dev/null 2> /dev/null || exit 125
  use=$1 folder=$2
  shift 2
  exec unshare $jail sh "$0" --inside "$use" "$folder" "$mapped" "$@" < /dev/null ;;
esac
