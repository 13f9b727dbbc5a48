import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../cache.ts';
import { command } from '../command.ts';

/** What is published: every package, and the daemon. */
const published = (): readonly string[] => [
  ...readdirSync(join(repository, 'packages')).map((name) => `packages/${name}`),
  'apps/ifdepd',
];

/** What npm would fetch from its registry beside it. */
const dependencies = ['koffi', `@koromix/koffi-linux-${process.arch}`, 'yaml'].map(
  (name) => `node_modules/${name}`,
);

/** The folder of the guest with what is installed. */
export const PREFIX = '/opt/ifdepd';

/**
 * Packs the built packages and installs them as a user does, without a network; beside them the agent, which shares koffi
 * with them.
 *
 * @param root the root of the guest
 */
export function installInto(root: string): void {
  const tarballs = mkdtempSync(join(tmpdir(), 'ifdepd-kernels-'));
  const folders = [...published(), ...dependencies].map((path) => join(repository, path));
  try {
    const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', tarballs, ...folders];
    const packed = JSON.parse(command('npm', words, { cwd: repository }).toString()) as {
      filename: string;
    }[];
    const files = packed.map(({ filename }) => join(tarballs, filename.replace('@', '').replace('/', '-')));
    const how = ['--global', '--offline', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
    command('npm', ['install', ...how, '--prefix', join(root, PREFIX), ...files], { cwd: repository });
  } finally {
    rmSync(tarballs, { recursive: true, force: true });
  }
  mkdirSync(join(root, PREFIX, 'lib'), { recursive: true });
  copyFileSync(join(repository, 'tooling/kernels/dist/agent.js'), join(root, AGENT));
}

/** The agent in the guest. */
export const AGENT: string = `${PREFIX}/lib/node_modules/agent.mjs`;
