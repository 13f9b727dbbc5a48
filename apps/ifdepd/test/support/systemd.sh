# A service manager of one's own, as process 1 of new namespaces, in a control group of its own, which is all that it sees:
# pure cgroup v2, whatever this host has. The network is that of the caller.
# usage: systemd.sh GROUP REPOSITORY CONFIGURATION NODE
set -e
group=$1 configuration=$3
# Wherever they are, in /opt or in a home that the unit does not see.
exec 3< "$2" 4< "$4"
mount --make-rprivate /
mount -t tmpfs tmpfs /opt
mkdir /opt/cgroup /opt/ifdepd
touch /opt/node
mount --bind /proc/self/fd/3 /opt/ifdepd
mount --bind /proc/self/fd/4 /opt/node
exec 3<&- 4<&-
mount -t cgroup2 cgroup2 /opt/cgroup
mkdir "/opt/cgroup/$group"
echo $$ > "/opt/cgroup/$group/cgroup.procs"
umount /opt/cgroup
cp "$configuration" /opt/ifdepd.conf
exec unshare --pid --fork --mount --mount-proc --cgroup --uts --ipc \
  sh /opt/ifdepd/apps/ifdepd/test/support/systemd-init.sh
