import { readFileSync } from 'node:fs';

/** Different drivers, and interfaces on them. All scenarios on all kernels take hours: `npm run kernels`. */
const scenarios = [
  'card e1000',
  'card virtio',
  'vlan on a card',
  'macvlan on a card',
  'bond 802.3ad of two cards',
];

/** The words after `node` that boot one kernel: build first. */
export const oneKernel = [
  'tooling/kernels/dist/kernels.js',
  ...['--kernel', '6.1', '--rounds', '2', '--counts', 'tooling/kernels/test-results/kernels.json'],
  ...scenarios.flatMap((name) => ['--scenario', name]),
];

/** The reason why no kernel can be booted here; null where one can, or where a package is missing that can be installed. */
export function whyNoKernel() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `no kernel for ${process.platform} ${process.arch}`;
  }
  return /^ID=debian$/m.test(systemName())
    ? null
    : 'the kernels are packages of Debian, and this is not Debian';
}

function systemName() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
