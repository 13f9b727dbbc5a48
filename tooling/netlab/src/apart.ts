/**
 * The words that run a script of sh(1) in its own mount and process namespaces: it neither sees nor changes the /run of the
 * host, and all its children end with it. networkd takes a read-only /sys for a container, and does not wait for udev.
 */
export function apart(script: string): readonly [string, ...string[]] {
  const own = ['mount -t tmpfs tmpfs /run', 'mount -t sysfs -o ro sysfs /sys', script].join(' && ');
  return ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', own];
}
