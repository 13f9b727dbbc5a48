import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Compiles a program that imports built packages, without the types of any runtime and without `skipLibCheck`.
 *
 * @param packages their folders, by name
 * @param text the program
 * @returns the errors of the compiler, '' for none
 */
export function declarationFaults(packages: Readonly<Record<string, string>>, text: string): string {
  const project = mkdtempSync(join(tmpdir(), 'declared-'));
  try {
    for (const [name, folder] of Object.entries(packages)) {
      const target = join(project, 'node_modules', name);
      mkdirSync(target, { recursive: true });
      cpSync(join(folder, 'package.json'), join(target, 'package.json'));
      symlinkSync(join(folder, 'dist'), join(target, 'dist'));
    }
    const compilerOptions = {
      ...{ target: 'es2022', lib: ['es2022'], types: [], strict: true, skipLibCheck: false, noEmit: true },
      ...{ module: 'node16', moduleResolution: 'node16', preserveSymlinks: true },
    };
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
    writeFileSync(join(project, 'program.ts'), text);
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
    return spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' }).stdout;
  } finally {
    rmSync(project, { recursive: true });
  }
}
