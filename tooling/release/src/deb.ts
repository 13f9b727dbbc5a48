import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { about, linuxPackage, systemdUnit } from './linux-package.ts';
import { licences, targets } from './program.ts';
import type { Product } from './source.ts';
import { gzip } from './tar.ts';
import { file, type Tree, write } from './tree.ts';

/** Debian's package. It enables nothing: an administrator starts the daemon after filling in /etc/ifdepd.conf. */
export function deb(product: Product, at: Date, path: string): void {
  const tree: Tree = [
    ...linuxPackage(targets['linux-x64']),
    file('usr/lib/systemd/system/ifdepd.service', systemdUnit()),
    file('usr/share/doc/ifdepd/copyright', copyright()),
    file('usr/share/doc/ifdepd/changelog.gz', gzip(changelog(product, at))),
  ];
  const sums = tree
    .flatMap((entry) => ('content' in entry && !entry.path.startsWith('etc/') ? [entry] : []))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path: name, content }) => `${createHash('md5').update(content).digest('hex')}  ${name}\n`)
    .join('');
  const bytes = tree.reduce((sum, entry) => sum + ('content' in entry ? entry.content.byteLength : 0), 0);
  const stage = mkdtempSync(join(tmpdir(), 'ifdepd-deb-'));
  try {
    write(
      [
        ...tree,
        file('DEBIAN/control', control(product, Math.ceil(bytes / 1024))),
        file('DEBIAN/conffiles', '/etc/ifdepd.conf\n'),
        file('DEBIAN/md5sums', sums),
      ],
      stage,
    );
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', stage, path], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(at.getTime() / 1000) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    rmSync(stage, { recursive: true });
  }
}

function control({ version, homepage }: Product, kilobytes: number): string {
  return `Package: ifdepd
Version: ${version}
Architecture: amd64
Maintainer: ${about.maintainer}
Installed-Size: ${kilobytes}
Depends: nodejs (>= ${about.node}), libc6 (>= 2.28)
Suggests: keepalived
Section: net
Priority: optional
Homepage: ${homepage}
Description: ${about.summary}
${about.description.map((line) => ` ${line}\n`).join('')}`;
}

function copyright(): string {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ifdepd

Files: *
Copyright: The ifdepd authors
License: ${about.licence}
Comment: The licences of what is built into it, or comes with it:
${licences()
  .split('\n')
  .map((line) => ` ${line.trim() === '' ? '.' : line.trimEnd()}`)
  .join('\n')}
`;
}

function changelog({ version }: Product, at: Date): string {
  return `ifdepd (${version}) unstable; urgency=medium

  * See the changelog of the package, and the release notes of the project.

 -- ${about.maintainer}  ${at.toUTCString().replace('GMT', '+0000')}
`;
}
