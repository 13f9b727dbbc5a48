import { createHash, createSign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { about, linuxPackage, openrcScript } from './linux-package.ts';
import { licences, targets } from './program.ts';
import type { Product } from './source.ts';
import { gzip, tar } from './tar.ts';
import { file, type Tree } from './tree.ts';

/** Two blocks of zeros end an archive. The streams before the last one go on in the next, so they have none. */
const END_OF_ARCHIVE = 1024;

/**
 * Alpine's package (apk-tools 2): a signature, what the package is, and its files, each a compressed archive, one after another.
 * IFDEPD_APK_KEY names a file with an RSA key in PEM; its public half is `/etc/apk/keys/NAME.pub` of those who trust it. Without a
 * key the package has no signature, and is installed with --allow-untrusted.
 */
export async function apk(product: Product, at: Date, path: string): Promise<void> {
  const tree: Tree = [
    ...linuxPackage(targets['linux-musl-x64']),
    file('etc/init.d/ifdepd', openrcScript(), 0o755),
    file('usr/share/licenses/ifdepd/LICENSE', licences()),
  ];
  const checksum = (content: Buffer) => ({
    'APK-TOOLS.checksum.SHA1': createHash('sha1').update(content).digest('hex'),
  });
  const data = gzip(await tar(tree, { at, pax: checksum }));
  const control = await segment([file('.PKGINFO', describe(product, at, tree, data))], at);
  const key = process.env['IFDEPD_APK_KEY'];
  const signature = key === undefined ? [] : [await signed(control, key, at)];
  writeFileSync(path, Buffer.concat([...signature, control, data]));
}

async function segment(tree: Tree, at: Date): Promise<Buffer> {
  const archive = await tar(tree, { at, directories: false });
  return gzip(archive.subarray(0, -END_OF_ARCHIVE));
}

async function signed(control: Buffer, key: string, at: Date): Promise<Buffer> {
  const signature = createSign('sha1').update(control).sign(readFileSync(key));
  return segment([file(`.SIGN.RSA.${basename(key)}.pub`, signature)], at);
}

function describe({ version, homepage }: Product, at: Date, tree: Tree, data: Buffer): string {
  const bytes = tree.reduce((sum, entry) => sum + ('content' in entry ? entry.content.byteLength : 0), 0);
  return `pkgname = ifdepd
pkgver = ${version}-r0
pkgdesc = ${about.summary}
url = ${homepage}
builddate = ${at.getTime() / 1000}
packager = ${about.maintainer}
size = ${bytes}
arch = x86_64
origin = ifdepd
license = ${about.licence} AND MIT
depend = nodejs>=${about.node}
datahash = ${createHash('sha256').update(data).digest('hex')}
`;
}
