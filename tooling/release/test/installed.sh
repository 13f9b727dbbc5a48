#!/bin/sh
# Installs the package for Debian in a fresh Debian under its own systemd, and cuts a cable. It says what it sees on standard output.
# usage: unshare --mount --net sh installed.sh DEB ROOTFS.tar GROUP
# The service manager is process 1 of new namespaces, in a control group of its own, which is all that it sees.
set -e
deb=$1 rootfs=$2 group=$3
mount --make-rprivate /
root=$(mktemp -d)
mount -t tmpfs -o mode=755 tmpfs "$root"
tar -xf "$rootfs" -C "$root"
cp "$deb" "$root/ifdepd.deb"

ip link set lo up
for name in em0 carp0; do
  ip link add "$name" type veth peer name "far-$name"
  ip link set "$name" up
  ip link set "far-$name" up
done

mkdir "$root/cgroup"
mount -t cgroup2 cgroup2 "$root/cgroup"
mkdir "$root/cgroup/$group"
init=
finish() {
  [ -z "$init" ] || kill -KILL "$init"
  [ -z "$outer" ] || wait "$outer" || true
  echo $$ > "$root/cgroup/cgroup.procs"
  find "$root/cgroup/$group" -depth -type d -exec rmdir {} ';'
  umount -l "$root"
  rmdir "$root"
}
outer=
trap finish EXIT
echo $$ > "$root/cgroup/$group/cgroup.procs"
# shellcheck disable=SC2016
unshare --pid --fork --mount --cgroup --uts --ipc sh -c '
  cd "$1"
  umount cgroup
  mount -t proc proc proc
  mount -t sysfs sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs -o mode=755 tmpfs run
  for name in null zero urandom random full; do touch "dev/$name"; mount --bind "/dev/$name" "dev/$name"; done
  rm -f etc/systemd/system/*.wants/* usr/lib/systemd/system/*.wants/*
  export container=ifdepd-test
  exec chroot . /lib/systemd/systemd --unit=basic.target --show-status=false --log-target=null
' sh "$root" &
outer=$!
# Leaves the group, so that the service manager may make groups of its own there.
echo $$ > "$root/cgroup/cgroup.procs"

within() { nsenter -t "$init" -r -w -m -p -u -i -C "$@"; }
soon() { # soon SECONDS COMMAND…: until the command succeeds
  left=$(($1 * 10)); shift
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "not within the time: $*" >&2; return 1; }
    sleep 0.1
  done
}
started() {
  init=$(tr -d ' ' 2>/dev/null < "/proc/$outer/task/$outer/children")
  [ -n "$init" ] && [ "$(within systemctl is-active basic.target 2>/dev/null)" = active ]
}
isDown() { ! ip -o link show carp0 up | grep -q carp0; }
soon 60 started

begin=$(date +%s)
within env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y ./ifdepd.deb >/dev/null
echo "installed: $(within systemctl is-enabled ifdepd || true), $(within systemctl is-active ifdepd || true)"
printf 'groups: {gateway: {sources: [em0], destinations: [carp0]}}\n' > "$root/etc/ifdepd.conf"
within systemctl start ifdepd
echo "started: $(within systemctl is-active ifdepd)"
ip link set far-em0 down
soon $((60 - ($(date +%s) - begin))) isDown
echo "failed over"
within systemctl stop ifdepd
within env DEBIAN_FRONTEND=noninteractive apt-get purge -qq -y ifdepd >/dev/null
echo "purged: $(find "$root/usr" "$root/etc" -name '*ifdepd*' | wc -l) files left"
