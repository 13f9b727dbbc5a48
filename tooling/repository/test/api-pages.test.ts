import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { published, root } from './repository.ts';

const typedoc = createRequire(import.meta.url)
  .resolve('typedoc/package.json')
  .replace(/package\.json$/, 'bin/typedoc');

const SOURCES_ALONE = { composite: false, emitDeclarationOnly: false, noEmit: true };

// A type that is part of what a package exports, and is not exported itself, has no name for its users.
// @ifdepd/policy has such a test of its own, with its README.
test.each(published.filter((folder) => folder !== 'packages/policy'))(
  'TypeDoc builds the pages of %s without a warning',
  (folder) => {
    const out = mkdtempSync(join(tmpdir(), 'ifdepd-pages-'));
    const doors = ['src/index.ts', 'src/linux/index.ts', 'src/testing/index.ts'].filter((file) =>
      existsSync(join(root, folder, file)),
    );
    // Of the sources alone: with its references, TypeDoc would want the declarations of other packages to be there.
    const tsconfig = join(out, 'tsconfig.json');
    const compilerOptions = { ...SOURCES_ALONE, typeRoots: [join(root, 'node_modules/@types')] };
    writeFileSync(
      tsconfig,
      JSON.stringify({ extends: join(root, folder, 'tsconfig.json'), compilerOptions }),
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        typedoc,
        ...doors.flatMap((file) => ['--entryPoints', file]),
        ...['--tsconfig', tsconfig, '--out', join(out, 'pages'), '--readme', 'none'],
        ...['--treatWarningsAsErrors', '--excludeInternal', '--disableSources'],
      ],
      { cwd: join(root, folder), encoding: 'utf8' },
    );
    rmSync(out, { recursive: true });
    const warnings = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('warning'));
    expect({ status, warnings }).toEqual({ status: 0, warnings: [] });
  },
);
