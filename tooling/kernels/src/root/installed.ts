import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../cache.ts';
import { command } from '../command.ts';
import { npmWords } from '../fetch/node.ts';
import { npmPackage } from '../fetch/npm-package.ts';
import type { Architecture } from '../known-kernels.ts';

/** What is published: every package, and the daemon. */
const published = (): readonly string[] => [
  ...readdirSync(join(repository, 'packages')).map((name) => `packages/${name}`),
  'apps/ifdepd',
];

/** What npm would fetch from its registry beside it: folders. */
function dependencies(architecture: Architecture): readonly string[] {
  const [koffi = '', yaml = ''] = ['koffi', 'yaml'].map((name) => join(repository, 'node_modules', name));
  const { version } = JSON.parse(readFileSync(join(koffi, 'package.json'), 'utf8')) as { version: string };
  const word = npmWords[architecture];
  const library = `@koromix/koffi-linux-${word}`;
  const installed = join(repository, 'node_modules', library);
  return [koffi, yaml, word === process.arch ? installed : npmPackage(library, version)];
}

/** The folder of the guest with what is installed. */
export const PREFIX = '/opt/ifdepd';

/**
 * Packs the built packages and installs them as a user does, without a network; beside them the agent, which shares koffi
 * with them.
 *
 * @param root the root of the guest
 */
export function installInto(architecture: Architecture, root: string): void {
  const tarballs = mkdtempSync(join(tmpdir(), 'ifdepd-kernels-'));
  const folders = [...published().map((path) => join(repository, path)), ...dependencies(architecture)];
  try {
    const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', tarballs, ...folders];
    const packed = JSON.parse(command('npm', words, { cwd: repository }).toString()) as {
      filename: string;
    }[];
    const files = packed.map(({ filename }) => join(tarballs, filename.replace('@', '').replace('/', '-')));
    const how = ['--global', '--offline', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
    // Forced, because koffi's package is for the machine of the guest.
    command('npm', ['install', ...how, '--force', '--prefix', join(root, PREFIX), ...files], {
      cwd: repository,
    });
  } finally {
    rmSync(tarballs, { recursive: true, force: true });
  }
  mkdirSync(join(root, PREFIX, 'lib'), { recursive: true });
  for (const [built, installed] of [
    ['agent.js', AGENT],
    ['reaction.js', REACTION],
  ] as const) {
    copyFileSync(join(repository, 'tooling/kernels/dist', built), join(root, installed));
  }
}

/** The program in the guest that measures reactions. */
export const REACTION: string = `${PREFIX}/lib/node_modules/reaction.mjs`;

/** The agent in the guest. */
export const AGENT: string = `${PREFIX}/lib/node_modules/agent.mjs`;
