# The script for OpenRC under OpenRC's own openrc-run, in namespaces of mounts and processes; the network is the caller's.
# usage: openrc.sh SERVICE PROGRAM NODE
service=$1 program=$2 node=$3
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/openrc /run/root
for state in starting started stopping inactive exclusive daemons options tmp failed hotplugged scheduled wasinactive; do
  mkdir /run/openrc/$state
done
echo default > /run/openrc/softlevel
cp -a /etc /run/root/etc
mount --bind /run/root/etc /etc
for folder in /usr/local/sbin /var/lib /var/cache; do mount -t tmpfs -o mode=755 tmpfs $folder; done
printf '#!/bin/sh\nexec %s %s "$@"\n' "$node" "$program" > /usr/local/sbin/ifdepd
cp "$service" /etc/init.d/ifdepd
chmod 755 /usr/local/sbin/ifdepd /etc/init.d/ifdepd
# -D: without the services that it depends on, which are not here.
rc() {
  /etc/init.d/ifdepd -D "$@" > /run/said 2>&1
  echo "$1: $?"
  cat /run/said >&2
}
flag() { ip -o link show dev carp0 | grep -q '[<,]UP[,>]' && echo 'carp0: up' || echo 'carp0: down'; }

echo 'groups: {g: {sources: [em0], destinations: [carp0], foo: 1}}' > /etc/ifdepd.conf
rc start
grep -o 'unknown key' /run/said
echo 'groups: {g: {sources: [em0], destinations: [carp0]}}' > /etc/ifdepd.conf
ip link set em0-x down
rc start
# It has decided by then.
flag
[ "$(ps -o comm= -p "$(cat /run/ifdepd.pid)")" != '' ] && echo 'the pid file names it'
echo 'groups: {h: {sources: [em0], destinations: [carp0]}}' > /etc/ifdepd.conf
rc reload
ifdepd status | grep -o '^h '
rc status
rc stop
[ -e /run/ifdepd.pid ] || echo 'no pid file'
ifdepd status > /run/said 2>&1
echo "asked then: $?"
