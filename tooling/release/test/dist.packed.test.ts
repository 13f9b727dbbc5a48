import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'apps/ifdepd/package.json'), 'utf8')) as {
  readonly version: string;
};
/** Programs without which the artefacts cannot be made or looked into, and their packages for Debian. */
const needed = { 'dpkg-deb': 'dpkg', rpmbuild: 'rpm', rpm2cpio: 'rpm', cpio: 'cpio', lintian: 'lintian' };
const missing = Object.entries(needed).filter(([name]) => spawnSync(name, ['--version']).error !== undefined);
const noNamespaces =
  spawnSync('unshare', ['--user', '--map-root-user', '--net', 'true']).status !== 0 &&
  spawnSync('unshare', ['--net', 'true']).status !== 0;
const why =
  process.platform !== 'linux' || process.arch !== 'x64'
    ? 'the artefacts are made on Linux, x64'
    : missing.length > 0
      ? `missing: apt-get install ${missing.map(([, name]) => name).join(' ')}`
      : null;

describe('the artefacts of a release', () => {
  let work: string;
  const at = (...path: readonly string[]): string => join(work, ...path);
  const made = (name: string): string => at('first', name);
  const run = (program: string, words: readonly string[], cwd = work): string =>
    execFileSync(program, words, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      // lintian leaves files behind.
      env: { ...process.env, TMPDIR: work },
    });
  const folder = (name: string): string => {
    mkdirSync(at(name), { recursive: true });
    return at(name);
  };
  const unpack = (kind: 'deb' | 'rpm' | 'apk' | 'standalone'): void => {
    if (!existsSync(at(kind))) {
      const into = folder(kind);
      const rpm = made(`ifdepd-${version}-1.x86_64.rpm`);
      ({
        deb: () => run('dpkg-deb', ['-x', made(`ifdepd_${version}_amd64.deb`), into]),
        rpm: () => run('sh', ['-c', `rpm2cpio "$1" | cpio -idm --quiet`, 'sh', rpm], into),
        apk() {
          run('tar', ['--warning=no-unknown-keyword', '-xzf', made(`ifdepd-${version}-r0.apk`)], into);
          // The package has koffi for musl alone, and Node here is one for glibc.
          const koffi = 'node_modules/@koromix/koffi-linux-x64/linux_x64';
          cpSync(join(root, koffi), join(into, 'usr/lib/ifdepd', koffi), { recursive: true });
        },
        standalone: () => run('tar', ['-xzf', made(`ifdepd-${version}-linux-x64.tar.gz`)], into),
      })[kind]();
    }
  };
  /** What the installed program says when it is run from where an artefact was unpacked. */
  const says = (node: string, main: string): string => run(node, [at(main), '--version']).trim();

  beforeEach(({ skip }) => skip(why !== null, why ?? ''));
  beforeAll(() => {
    if (why !== null) {
      return;
    }
    work = mkdtempSync(join(tmpdir(), 'ifdepd-dist-'));
    for (const name of ['first', 'second']) {
      // The second one in another time zone, language, umask and folder.
      const env = name === 'first' ? {} : { TZ: 'Asia/Tokyo', LC_ALL: 'C', HOME: work };
      const script = 'umask "$1"; exec "$2" "$3" "$4"';
      const words = [
        name === 'first' ? '022' : '027',
        process.execPath,
        join(root, 'tooling/release/dist/dist.js'),
      ];
      execFileSync('sh', ['-c', script, 'sh', ...words, at(name)], {
        cwd: root,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    }
  });
  afterAll(() => (why === null ? rmSync(work, { recursive: true, force: true }) : undefined));

  test('two builds of one commit are the same, byte for byte', () => {
    const sums = (name: string): string => readFileSync(at(name, 'SHA256SUMS'), 'utf8');
    expect(sums('second')).toBe(sums('first'));
  });

  test('SHA256SUMS names every artefact with its digest', () => {
    const digest = (name: string): string =>
      createHash('sha256')
        .update(readFileSync(made(name)))
        .digest('hex');
    const names = readdirSync(at('first')).filter((name) => name !== 'SHA256SUMS');
    expect(readFileSync(made('SHA256SUMS'), 'utf8')).toBe(
      names
        .sort()
        .map((name) => `${digest(name)}  ${name}\n`)
        .join(''),
    );
    expect(names.length).toBeGreaterThan(15);
  });

  test('the package for Debian satisfies lintian, enables nothing and runs', () => {
    const name = made(`ifdepd_${version}_amd64.deb`);
    expect(run('lintian', ['--allow-root', '--no-cfg', name])).toBe('');
    expect(run('dpkg-deb', ['--ctrl-tarfile', name]).match(/postinst|preinst/g)).toBeNull();
    unpack('deb');
    expect(says(process.execPath, 'deb/usr/lib/ifdepd/dist/main.cjs')).toBe(`ifdepd ${version}`);
    expect(readFileSync(at('deb/usr/lib/systemd/system/ifdepd.service'), 'utf8')).toContain(
      'ExecStart=/usr/bin/ifdepd ',
    );
  });

  test('the package for Fedora and SUSE owns its folders, keeps the configuration and runs', () => {
    const name = made(`ifdepd-${version}-1.x86_64.rpm`);
    unpack('rpm');
    expect(says(process.execPath, 'rpm/usr/lib/ifdepd/dist/main.cjs')).toBe(`ifdepd ${version}`);
    expect(run('rpm', ['-qpl', name])).toContain('/usr/lib/ifdepd\n');
    expect(run('rpm', ['-qpc', name])).toBe('/etc/ifdepd.conf\n');
  });

  test('rpm installs the package for Fedora and SUSE into an empty root, finds it as it was packed, and erases it', ({
    skip,
  }) => {
    skip(noNamespaces && process.getuid?.() !== 0, 'rpm needs root, or a user namespace');
    const asRoot = process.getuid?.() === 0 ? [] : ['unshare', '--user', '--map-root-user'];
    const rpm = (...words: readonly string[]): string => {
      const [program = '', ...all] = [...asRoot, 'rpm', '--root', folder('rpm-root'), ...words];
      return run(program, all);
    };
    rpm('--install', '--nodeps', made(`ifdepd-${version}-1.x86_64.rpm`));
    expect(rpm('--verify', '--nodeps', 'ifdepd')).toBe('');
    expect(says(process.execPath, 'rpm-root/usr/lib/ifdepd/dist/main.cjs')).toBe(`ifdepd ${version}`);
    rpm('--erase', 'ifdepd');
    expect(existsSync(at('rpm-root/usr/lib/ifdepd'))).toBe(false);
  });

  test('the package for Alpine has a control segment with the digest of its data', () => {
    const bytes = readFileSync(made(`ifdepd-${version}-r0.apk`));
    // Each segment is a gzip stream of its own: the second begins with the same magic.
    const second = bytes.indexOf(Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0, 0, 0, 0]), 10);
    const digest = createHash('sha256').update(bytes.subarray(second)).digest('hex');
    unpack('apk');
    expect(readFileSync(at('apk/.PKGINFO'), 'utf8')).toContain(`datahash = ${digest}\n`);
    expect(
      existsSync(at('apk/usr/lib/ifdepd/node_modules/@koromix/koffi-linux-x64/musl_x64/koffi.node')),
    ).toBe(true);
    expect(existsSync(at('apk/etc/init.d/ifdepd'))).toBe(true);
    expect(says(process.execPath, 'apk/usr/lib/ifdepd/dist/main.cjs')).toBe(`ifdepd ${version}`);
  });

  test('the archive with its own Node runs without any other', () => {
    unpack('standalone');
    const home = 'standalone/opt/ifdepd';
    expect(says(at(home, 'bin/node'), `${home}/lib/dist/main.cjs`)).toBe(`ifdepd ${version}`);
    expect(run(at(home, 'bin/node'), ['-p', 'process.version.split(".")[0]']).trim()).toBe('v24');
  });

  test.for([
    ['deb', process.execPath, 'usr/lib/ifdepd'],
    ['rpm', process.execPath, 'usr/lib/ifdepd'],
    ['apk', process.execPath, 'usr/lib/ifdepd'],
    ['standalone', 'opt/ifdepd/bin/node', 'opt/ifdepd/lib'],
  ] as const)('the program in %s fails over in a network namespace', ([kind, node, home], { skip }) => {
    skip(noNamespaces, 'no network namespaces: unshare --user --map-root-user --net true fails');
    unpack(kind);
    const printed = run(node.startsWith('/') ? node : at(kind, node), [
      at(kind, home, 'dist/main.cjs'),
      'demo',
    ]);
    expect(printed).toMatch(
      /Cutting the cable of em0.*carp1 {2}destination {2}down.*carp1 {2}destination {2}up/s,
    );
  });

  test('the package for Debian fails over in a fresh Debian under its own systemd within 60 s, and can be purged', ({
    skip,
  }) => {
    const rootfs = join(root, 'node_modules/.cache/debian-13.tar');
    skip(process.getuid?.() !== 0, 'a service manager of its own needs root');
    skip(
      !existsSync(rootfs),
      `no fresh Debian: mmdebstrap --variant=apt --include=systemd,nodejs trixie ${rootfs}`,
    );
    const script = join(root, 'tooling/release/test/installed.sh');
    const words = ['--mount', '--net', 'sh', script, made(`ifdepd_${version}_amd64.deb`), rootfs];
    const { status, stdout, stderr } = spawnSync('unshare', [...words, `ifdepd-deb-${process.pid}`], {
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr: status === 0 ? '' : stderr }).toEqual({
      status: 0,
      stdout: 'installed: disabled, inactive\nstarted: active\nfailed over\npurged: 0 files left\n',
      stderr: '',
    });
  });

  test('the archive for arm64 has binaries of arm64', () => {
    run('tar', ['-xzf', made(`ifdepd-${version}-linux-arm64.tar.gz`)], folder('arm64'));
    const machineOf = (path: string): number => readFileSync(at('arm64/opt/ifdepd', path)).readUInt16LE(18);
    /** elf.h: EM_AARCH64. */
    const AARCH64 = 183;
    expect(machineOf('bin/node')).toBe(AARCH64);
    expect(machineOf('lib/node_modules/@koromix/koffi-linux-arm64/linux_arm64/koffi.node')).toBe(AARCH64);
  });

  test('the image has blobs that are what their names say, and an entry point that runs', ({ skip }) => {
    run('tar', ['-xf', made(`ifdepd-${version}-oci.tar`)], folder('oci'));
    const json = (path: string) => JSON.parse(readFileSync(at('oci', path), 'utf8'));
    const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
    for (const name of readdirSync(at('oci/blobs/sha256'))) {
      const content = readFileSync(at('oci/blobs/sha256', name));
      expect(createHash('sha256').update(content).digest('hex')).toBe(name);
    }
    const manifest = json(blob(json('index.json').manifests[0].digest as string));
    const { config } = json(blob(manifest.config.digest as string));
    run('tar', ['-xzf', at('oci', blob(manifest.layers[0].digest as string))], folder('rootfs'));
    const within = ['--user', '--map-root-user', '--net', '--root', at('rootfs')];
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      [...within, ...(config.Entrypoint as string[]), 'interfaces'],
      { encoding: 'utf8' },
    );
    skip(/unshare failed/.test(stderr), 'no user namespaces: unshare -Ur true fails');
    // The kernel is asked: the image has every library that this takes.
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^lo +failed +admin down$/m);
  });

  test('skopeo copies the image and umoci unpacks it: each digest of a blob and of a layer is right', ({
    skip,
  }) => {
    const lacking = ['skopeo', 'umoci'].filter((name) => spawnSync(name, ['--version']).error !== undefined);
    skip(lacking.length > 0, `missing: apt-get install ${lacking.join(' ')}`);
    const image = `${at('copied')}:ifdepd`;
    const archive = `oci-archive:${made(`ifdepd-${version}-oci.tar`)}`;
    run('skopeo', ['--insecure-policy', 'copy', '--quiet', archive, `oci:${image}`]);
    run('umoci', ['unpack', '--rootless', '--image', image, at('bundle')]);
    const { process: started } = JSON.parse(readFileSync(at('bundle/config.json'), 'utf8'));
    expect(existsSync(at('bundle/rootfs', started.args[0] as string))).toBe(true);
  });

  test('the port for FreeBSD fetches the archive beside it, and lists what is in it', () => {
    const archive = `ifdepd-${version}-freebsd-x64.tar.gz`;
    run('tar', ['-xzf', made(`ifdepd-${version}-freebsd-port.tar.gz`)], folder('port'));
    const digest = createHash('sha256')
      .update(readFileSync(made(archive)))
      .digest('hex');
    const port = (name: string): string => readFileSync(at('port/net/ifdepd', name), 'utf8');
    expect(port('distinfo')).toContain(`SHA256 (${archive}) = ${digest}\n`);
    const paths = run('tar', ['-tzf', made(archive)])
      .split('\n')
      .filter((path) => path !== '' && !path.endsWith('/'))
      .map((path) => path.replace(/^[^/]+\//, ''));
    expect(port('pkg-plist').trim().split('\n').sort()).toEqual(['bin/ifdepd', ...paths].sort());
  });

  test('the bills of materials name what is bundled and what is installed, and no tool of ours', () => {
    const names = ['koffi', '@koromix/koffi-linux-x64', 'yaml', 'zod', '@ifdepd/policy'];
    const cyclone = JSON.parse(readFileSync(made(`ifdepd-${version}.cdx.json`), 'utf8'));
    const spdx = JSON.parse(readFileSync(made(`ifdepd-${version}.spdx.json`), 'utf8'));
    const of = (parts: readonly { readonly name: string }[]): readonly string[] =>
      parts.map(({ name }) => name);
    expect(of(cyclone.components)).toEqual(expect.arrayContaining(names));
    expect(of(spdx.packages)).toEqual(expect.arrayContaining(names));
    expect(of(cyclone.components).filter((name) => /vitest|netlab|typescript/.test(name))).toEqual([]);
  });

  test('no artefact has a path of the machine that made it', () => {
    const home = root.replace(/\/$/, '');
    for (const name of ['deb', 'rpm', 'apk', 'port']) {
      expect(spawnSync('grep', ['-rlF', home, at(name)], { encoding: 'utf8' }).stdout).toBe('');
    }
  });
});
