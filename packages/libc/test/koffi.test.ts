import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const built = fileURLToPath(new URL('../dist', import.meta.url));
const installed = dirname(dirname(createRequire(import.meta.url).resolve('koffi')));

/** Where an installation has koffi, and the machine code that it depends on, below a folder of libc's. */
const layouts = {
  'beside libc': { koffi: 'node_modules', machineCode: 'node_modules' },
  'machine code below koffi': { koffi: 'node_modules', machineCode: 'node_modules/koffi/node_modules' },
  'in a store, linked': { koffi: 'store/koffi/node_modules', machineCode: 'store/koffi/node_modules' },
};

const isGlibc = JSON.stringify(process.report.getReport()).includes('"glibcVersionRuntime"');

/** What a process has loaded that has to do with koffi, once it has loaded libc. @param folder libc's */
function koffisOf(folder: string, before = ''): string[] {
  const script = `import { createRequire } from 'node:module';
    ${before}
    const { loadLibc } = await import('./dist/index.js');
    loadLibc();
    const { sharedObjects } = process.report.getReport();
    console.log([...Object.keys(createRequire(import.meta.url).cache), ...sharedObjects].join('\\n'));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((path) => path.includes('/koffi'));
}

test.for(Object.entries(layouts))(
  'koffi is loaded by its machine code alone: %s',
  ([name, { koffi, machineCode }]) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ifdepd-libc-')));
    try {
      cpSync(built, join(folder, 'dist'), { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      cpSync(join(installed, 'koffi'), join(folder, koffi, 'koffi'), { recursive: true });
      cpSync(join(installed, '@koromix'), join(folder, machineCode, '@koromix'), { recursive: true });
      if (name === 'in a store, linked') {
        symlinkSync(join(folder, koffi, 'koffi'), join(folder, 'node_modules/koffi'));
      }
      const place = join(folder, machineCode, '@koromix');
      const machine = `${process.platform}-${process.arch}`;
      const machineCodeAlone = [expect.stringMatching(new RegExp(`^${place}/.*/koffi\\.node$`))];
      const itsPackage = join(place, `koffi-${machine}/index.js`);
      expect(koffisOf(folder)).toEqual(isGlibc ? machineCodeAlone : expect.arrayContaining([itsPackage]));
      // Which machine code a program of another C library needs, its package finds out; koffi's own is not needed for that.
      const asked = koffisOf(folder, "process.execPath = '/dev/null';");
      expect(asked).toContain(itsPackage);
      expect(asked).not.toContain(join(folder, koffi, 'koffi/index.cjs'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
