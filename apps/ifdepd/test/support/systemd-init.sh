# The second half of systemd.sh, within the namespaces.
set -e
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
cp -a /etc /opt/etc
mount --bind /opt/etc /etc
cp /opt/ifdepd.conf /etc/ifdepd.conf
mount -t tmpfs tmpfs /usr/local/sbin
printf '#!/bin/sh\nexec /opt/node /opt/ifdepd/apps/ifdepd/dist/main.cjs "$@"\n' > /usr/local/sbin/ifdepd
chmod 755 /usr/local/sbin/ifdepd
# The unit's first line of the program names it.
ln -s /opt/node /usr/local/sbin/node
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t tmpfs -o mode=755 tmpfs /var/cache
mkdir /run/units
cp /opt/ifdepd/apps/ifdepd/service/systemd/ifdepd.service /run/units/
for name in sysinit basic shutdown network-pre; do
  printf '[Unit]\nDefaultDependencies=no\n' > /run/units/$name.target
done
export container=ifdepd-test SYSTEMD_UNIT_PATH=/run/units
exec /lib/systemd/systemd --system --unit=basic.target --log-target=console --log-level=notice --show-status=false
