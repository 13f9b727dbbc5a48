import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { madeOnce } from '../cache.ts';
import { aptSuite } from '../fetch/apt-suite.ts';
import type { Architecture } from '../known-kernels.ts';

/** Debian's release that the programs of the guest come from. It gets no new versions but repairs. */
const SUITE = 'bookworm';

/** busybox, ip(8), tc(8), wg(8), ethtool(8), udev(7), and the shared libraries of these and of Node's own builds. */
const packages = [
  ...[
    'busybox-static',
    'iproute2',
    'wireguard-tools',
    'ethtool',
    'libbpf1',
    'libelf1',
    'libmnl0',
    'libcap2',
    'libbsd0',
    'libmd0',
    'zlib1g',
  ],
  ...['udev', 'libudev1', 'libacl1', 'libblkid1', 'libkmod2', 'libselinux1', 'libpcre2-8-0', 'liblzma5'],
  ...['libzstd1', 'libssl3'],
  // teamd(8) and its libraries.
  ...['libteam-utils', 'libteam5', 'libdaemon0', 'libjansson4', 'libdbus-1-3', 'libsystemd0', 'libgcrypt20'],
  ...['libgpg-error0', 'liblz4-1', 'libnl-3-200', 'libnl-cli-3-200', 'libnl-genl-3-200', 'libnl-route-3-200'],
  'libnl-nf-3-200',
  // Of tc(8).
  'libxtables12',
  ...['libc6', 'libstdc++6', 'libgcc-s1', 'libatomic1'],
];

/** What no program of the guest reads: documents, and libc's tables of other character sets. */
const UNREAD = /^(?:\.complete|usr\/share|usr\/lib\/[^/]+\/gconv)$/;

/**
 * Puts the programs of a guest into its root: packages of Debian for its architecture, unpacked and not installed.
 *
 * @param root the root of the guest
 */
export function copyUserland(architecture: Architecture, root: string): void {
  const list = createHash('sha256').update(packages.join()).digest('hex').slice(0, 8);
  const folder = madeOnce(`${architecture}/userland-${list}`, (into) => {
    using apt = aptSuite(SUITE, architecture);
    apt.unpack(packages, into);
  });
  cpSync(folder, root, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !UNREAD.test(path.slice(folder.length + 1)),
  });
}
