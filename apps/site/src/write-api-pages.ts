import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withContentSecurityPolicy } from './content-security-policy.ts';

const typedoc = createRequire(import.meta.url)
  .resolve('typedoc/package.json')
  .replace(/package\.json$/, 'bin/typedoc');

/**
 * Writes the API pages of all packages by TypeDoc, from the sources alone.
 *
 * @param root of the repository
 * @param out folder for the pages
 * @throws {Error} where TypeDoc fails
 */
export function writeApiPages(root: string, out: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-api-'));
  const tsconfig = join(folder, 'tsconfig.json');
  const sources = [
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src/index.ts`),
    'apps/ifdepd/src/index.ts',
  ];
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
      ...['--excludeInternal', '--disableSources'],
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
      writeFileSync(file, withContentSecurityPolicy(readFileSync(file, 'utf8')));
    }
  }
}
