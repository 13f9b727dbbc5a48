import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Product } from './source.ts';
import { HOME, NODE_LEVEL, standalone } from './standalone.ts';
import { gzip, tar } from './tar.ts';
import { file, type Tree } from './tree.ts';

/** Debian's packages with what Node is linked with. */
const PACKAGES = ['libc6', 'libgcc-s1', 'libstdc++6'];
const MULTIARCH = 'x86_64-linux-gnu';
const LIBRARIES = [
  'ld-linux-x86-64.so.2',
  'libc.so.6',
  'libdl.so.2',
  'libgcc_s.so.1',
  'libm.so.6',
  'libpthread.so.0',
  'libstdc++.so.6',
];

/**
 * An image in OCI's layout, in one archive (`skopeo copy oci-archive:FILE …`, `podman load`). It holds the program, its Node and
 * the libraries of Node, no shell and no package manager. It runs with the host's network: `--network host --cap-add NET_ADMIN`.
 */
export async function ociImage(product: Product, at: Date, path: string): Promise<void> {
  const layer = await tar([...image(), ...libraries()], { at });
  const compressed = gzip(layer, NODE_LEVEL);
  const config = json({
    created: at.toISOString(),
    architecture: 'amd64',
    os: 'linux',
    config: {
      Entrypoint: [`/${HOME}/bin/node`, `/${HOME}/lib/dist/main.cjs`],
      Env: ['PATH=/usr/bin:/bin'],
      Cmd: ['--wait', '-f', '/etc/ifdepd.conf'],
      StopSignal: 'SIGTERM',
      Labels: {
        'org.opencontainers.image.title': 'ifdepd',
        'org.opencontainers.image.version': product.version,
        'org.opencontainers.image.description': product.description,
        'org.opencontainers.image.licenses': 'ISC',
        'org.opencontainers.image.source': product.homepage,
      },
    },
    rootfs: { type: 'layers', diff_ids: [digest(layer)] },
    history: [{ created: at.toISOString(), created_by: 'npm run dist' }],
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', compressed)],
  });
  const index = json({
    schemaVersion: 2,
    manifests: [
      {
        ...descriptor('application/vnd.oci.image.manifest.v1+json', manifest),
        annotations: { 'org.opencontainers.image.ref.name': product.version },
        platform: { architecture: 'amd64', os: 'linux' },
      },
    ],
  });
  const blobs = [compressed, config, manifest].map((blob) =>
    file(`blobs/sha256/${digest(blob).slice('sha256:'.length)}`, blob),
  );
  const layout = file('oci-layout', json({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(path, await tar([...blobs, file('index.json', index), layout], { at }));
}

/** Without what a container has no use for. */
function image(): Tree {
  const unused = new RegExp(`^${HOME}/(?:share|systemd|INSTALL)(?:/|$)`);
  return [
    ...standalone('x64').filter((entry) => !unused.test(entry.path)),
    file('etc/passwd', 'root:x:0:0:root:/:/nonexistent\n'),
    file('etc/group', 'root:x:0:\n'),
  ];
}

/** What `ldd` says that Node and koffi's binary load. */
function libraries(): Tree {
  const work = mkdtempSync(join(tmpdir(), 'ifdepd-oci-'));
  try {
    const packages = PACKAGES.map((name) => `${name}:amd64`);
    execFileSync('apt-get', ['download', '-qq', ...packages], { cwd: work, stdio: 'ignore' });
    const stage = join(work, 'stage');
    for (const name of readdirSync(work)) {
      execFileSync('dpkg-deb', ['-x', join(work, name), stage]);
    }
    const folders = [`lib/${MULTIARCH}`, `usr/lib/${MULTIARCH}`].map((name) => join(stage, name));
    return [
      ...LIBRARIES.map((name) => {
        const from = folders.find((one) => existsSync(join(one, name)));
        if (from === undefined) {
          throw new Error(`none of ${PACKAGES.join(', ')} has ${name}`);
        }
        return file(`usr/lib/${MULTIARCH}/${name}`, readFileSync(join(from, name)), 0o755);
      }),
      { path: 'lib', target: 'usr/lib' },
      { path: 'lib64', target: `usr/lib/${MULTIARCH}` },
    ];
  } finally {
    rmSync(work, { recursive: true });
  }
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function digest(blob: Buffer): string {
  return `sha256:${createHash('sha256').update(blob).digest('hex')}`;
}

function descriptor(mediaType: string, blob: Buffer): object {
  return { mediaType, digest: digest(blob), size: blob.byteLength };
}
