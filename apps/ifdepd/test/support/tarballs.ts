import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../../../..', import.meta.url));

/** The daemon and the layers that it depends on. */
export const publishedFolders: readonly string[] = [
  ...Object.keys(manifest.dependencies)
    .filter((name) => name.startsWith('@ifdepd/'))
    .map((name) => name.replace('@ifdepd/', 'packages/')),
  'apps/ifdepd',
];

/** What npm would fetch from a registry beside it. */
export const registryFolders: readonly string[] = [
  'node_modules/koffi',
  `node_modules/@koromix/koffi-${process.platform}-${process.arch}`,
  'node_modules/yaml',
];

/** npm, at the root; what it prints. */
export function npm(words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', words, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`npm ${words.join(' ')}: exit ${status}: ${stderr}`);
  }
  return stdout;
}

/**
 * Packs folders, from what is installed here: no network is needed to install them all.
 *
 * @param directory where to
 * @returns paths of the tarballs
 */
export function packTarballs(directory: string, folders: readonly string[]): readonly string[] {
  const paths = folders.map((folder) => join(root, folder));
  const packed = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', directory, ...paths]),
  ) as { filename: string }[];
  return packed.map(({ filename }) => join(directory, filename.replace('@', '').replace('/', '-')));
}
