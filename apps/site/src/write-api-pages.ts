import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { accessibleApiPage } from './accessible-api-page.ts';
import { withContentSecurityPolicy } from './content-security-policy.ts';

const typedoc = createRequire(import.meta.url)
  .resolve('typedoc/package.json')
  .replace(/package\.json$/, 'bin/typedoc');

/**
 * Writes the API pages of packages by TypeDoc, from the sources alone.
 *
 * @param root of the repository
 * @param out folder for the pages
 * @param folders of the packages. Default: all that are published
 * @throws {Error} where TypeDoc fails
 */
export function writeApiPages(
  root: string,
  out: string,
  folders: readonly string[] = [
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
    'apps/ifdepd',
  ],
): void {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-api-'));
  const tsconfig = join(folder, 'tsconfig.json');
  const sources = folders.map((path) => `${path}/src/index.ts`);
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: join(root, 'apps/ifdepd/tsconfig.json'),
      compilerOptions: {
        ...{ composite: false, emitDeclarationOnly: false, noEmit: true },
        typeRoots: [join(root, 'node_modules/@types')],
      },
      files: sources.map((path) => join(root, path)),
      include: [],
      references: [],
    }),
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      typedoc,
      ...sources.flatMap((path) => ['--entryPoints', path]),
      ...['--tsconfig', tsconfig, '--out', out, '--name', 'ifdepd packages', '--readme', 'none'],
      ...['--excludeInternal', '--disableSources', '--hideGenerator'],
      // A package in the menu is a link. Otherwise it is a link within a switch, which no keyboard reaches in every browser.
      ...folders.flatMap((path) =>
        [path, basename(path)].flatMap((one) => ['--navigationLeaves', `${one}/src`]),
      ),
    ],
    { cwd: root, encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  if (status !== 0) {
    throw new Error(`TypeDoc ended with ${status}: ${stdout}${stderr}`);
  }
  for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.html')) {
      const file = join(out, name);
      writeFileSync(file, withContentSecurityPolicy(accessibleApiPage(readFileSync(file, 'utf8'))));
    }
  }
}
