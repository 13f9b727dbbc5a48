import { join } from 'node:path';
import { completion, manualPages, program, starter, type Target, unit } from './program.ts';
import { root, text } from './source.ts';
import { below, file, folder, type Tree } from './tree.ts';

/** What a package says about itself, in every format. */
export const about = {
  maintainer: 'The ifdepd authors <ifdepd@users.noreply.github.com>',
  summary: 'interface dependency daemon: fails over when an interface fails',
  description: [
    'ifdepd watches network interfaces. If a source interface fails (no carrier,',
    'hardware error, gone), it sets every interface that depends on it down; when',
    'all sources are active, it sets them up. A gateway with two cards and virtual',
    'addresses (VRRP, CARP) fails over as a whole when either card loses its link.',
  ],
  licence: 'ISC',
  /** The oldest Node that runs it. */
  node: '20.19',
};

/** The comment that /etc/ifdepd.conf begins as. Nothing is watched until somebody fills it in. */
export const configuration = `# ifdepd.conf(5). Examples: /usr/share/doc/ifdepd/examples
# Uncomment and adapt, look with \`ifdepd plan -f /etc/ifdepd.conf\`, then: systemctl enable --now ifdepd
#
# groups:
#   gateway:
#     sources: [eth0, eth1]
#     destinations: [vrrp.51, vrrp.52]
#     up-delay: 3s
`;

/** What a package of a Linux distribution with systemd installs, but for files that one distribution alone wants. */
export function linuxPackage(target: Target): Tree {
  const app = join(root, 'apps/ifdepd');
  return [
    ...below('usr/lib/ifdepd', program(target)),
    file('usr/bin/ifdepd', starter('/usr/bin/node', '/usr/lib/ifdepd/dist/main.cjs'), 0o755),
    file('etc/ifdepd.conf', configuration),
    ...below('usr/share', manualPages()),
    ...below('usr', completion()),
    ...below('usr/share/doc/ifdepd/examples', folder(join(app, 'examples'), '')),
    ...['ifdepd.openapi.json', 'ifdepd.schema.json'].map((name) =>
      file(`usr/share/ifdepd/${name}`, text(`apps/ifdepd/schema/${name}`)),
    ),
  ];
}

/** The unit for /usr/bin/ifdepd. */
export const systemdUnit = (): string => unit('/usr/bin/ifdepd');

/** OpenRC's script for /usr/bin/ifdepd. */
export const openrcScript = (): string => text('apps/ifdepd/service/openrc/ifdepd');
