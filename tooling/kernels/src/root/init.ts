import { AGENT } from './installed.ts';

/** Parameters of modules: some would make interfaces by themselves. */
export const moduleParameters: Readonly<Record<string, string>> = {
  // QEMU 7.2 loses the interrupt for a change of the link where the driver uses MSI-X.
  e1000e: 'IntMode=0',
  bonding: 'max_bonds=0',
  dummy: 'numdummies=0',
};

/**
 * The first program of the guest: it mounts what the kernel offers, loads the modules, and gives the agent the port to the
 * host. When the agent ends, the machine does.
 *
 * @param modules names, in the order in which they can be loaded
 */
export function initScript(modules: readonly string[]): string {
  const load = modules.map((name) => `insmod /modules/${name}.ko ${moduleParameters[name] ?? ''}`.trim());
  return `#!/bin/busybox sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
# The programs that busybox replaces, but those that are there.
/bin/busybox --install -s /bin 2>/dev/null
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run
mount -t debugfs debugfs /sys/kernel/debug
mkdir -p /dev/net /run/netns /run/lib /var/run
ip link set lo up
${load.join('\n')}
# The host reports the name of a port after the port.
until grep -qs '^agent$' /sys/class/virtio-ports/*/name; do sleep 0.1; done
echo modules loaded
node ${AGENT}
echo the agent has ended: $?
poweroff -f
`;
}
