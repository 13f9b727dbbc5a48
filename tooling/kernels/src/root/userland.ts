import { cpSync } from 'node:fs';
import { madeOnce } from '../cache.ts';
import { aptSuite } from '../fetch/apt-suite.ts';
import type { Architecture } from '../known-kernels.ts';

/** Debian's release that the programs of the guest come from. It gets no new versions but repairs. */
const SUITE = 'bookworm';

/** busybox, ip(8), and the shared libraries of ip(8) and of Node's own builds. */
const packages = [
  ...[
    'busybox-static',
    'iproute2',
    'libbpf1',
    'libelf1',
    'libmnl0',
    'libcap2',
    'libbsd0',
    'libmd0',
    'zlib1g',
  ],
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
  const folder = madeOnce(`${architecture}/userland`, (into) => {
    using apt = aptSuite(SUITE, architecture);
    apt.unpack(packages, into);
  });
  cpSync(folder, root, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !UNREAD.test(path.slice(folder.length + 1)),
  });
}
