import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apk } from './apk.ts';
import { deb } from './deb.ts';
import { freebsdArchive, freebsdName, freebsdPort } from './freebsd.ts';
import { ociImage } from './oci.ts';
import { rpm } from './rpm.ts';
import { cycloneDx, spdx } from './sbom.ts';
import { product, root, sourceTime, text } from './source.ts';
import { standaloneArchive } from './standalone.ts';
import { tarballs } from './tarballs.ts';

/** The folders of packages that are published: workspaces that are not private. */
function published(): readonly string[] {
  const groups = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => `${group}/${name}`),
  );
  return groups.filter(
    (path) =>
      existsSync(join(root, path, 'package.json')) &&
      (JSON.parse(text(`${path}/package.json`)) as { readonly private?: boolean }).private !== true,
  );
}

/** Each artefact has a line with its name and size, and SHA256SUMS has them all. */
async function dist(directory: string): Promise<void> {
  const at = sourceTime();
  const made = product();
  const { version } = made;
  const path = (name: string): string => join(directory, name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  tarballs(published(), directory);
  deb(made, at, path(`ifdepd_${version}_amd64.deb`));
  rpm(made, at, path(`ifdepd-${version}-1.x86_64.rpm`));
  await apk(made, at, path(`ifdepd-${version}-r0.apk`));
  await standaloneArchive(made, at, path(`ifdepd-${version}-linux-x64.tar.gz`), 'x64');
  await standaloneArchive(made, at, path(`ifdepd-${version}-linux-arm64.tar.gz`), 'arm64');
  await ociImage(made, at, path(`ifdepd-${version}-oci.tar`));
  const name = freebsdName(made);
  const content = await freebsdArchive(made, at, path(name));
  await freebsdPort(made, at, path(`ifdepd-${version}-freebsd-port.tar.gz`), { name, content });
  cycloneDx(at, path(`ifdepd-${version}.cdx.json`));
  spdx(at, path(`ifdepd-${version}.spdx.json`));
  const names = readdirSync(directory).sort();
  const sums = names.map(
    (one) =>
      `${createHash('sha256')
        .update(readFileSync(path(one)))
        .digest('hex')}  ${one}`,
  );
  writeFileSync(path('SHA256SUMS'), `${sums.join('\n')}\n`);
  process.stdout.write(`${sums.join('\n')}\n`);
}

// The modes of what is written for dpkg-deb and rpmbuild are those in the tree.
process.umask(0o022);
await dist(process.argv[2] ?? join(root, 'dist'));
