# A service manager of one's own, as process 1 of new namespaces, in a control group of its own, which is all that it sees:
# pure cgroup v2, whatever this host has. The network is that of the caller.
# usage: systemd.sh GROUP REPOSITORY UNIT CONFIGURATION NODE
set -e
group=$1
shift
mount --make-rprivate /
mount -t tmpfs tmpfs /opt
mkdir /opt/cgroup
mount -t cgroup2 cgroup2 /opt/cgroup
mkdir "/opt/cgroup/$group"
echo $$ > "/opt/cgroup/$group/cgroup.procs"
umount /opt/cgroup
exec unshare --pid --fork --mount --mount-proc --cgroup --uts --ipc sh "${0%.sh}-init.sh" "$@"
