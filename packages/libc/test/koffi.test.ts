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

test.for(Object.entries(layouts))(
  'koffi is loaded by its machine code alone: %s',
  ([name, { koffi, machineCode }]) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ifdepd-koffi-')));
    try {
      cpSync(built, join(folder, 'dist'), { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      cpSync(join(installed, 'koffi'), join(folder, koffi, 'koffi'), { recursive: true });
      cpSync(join(installed, '@koromix'), join(folder, machineCode, '@koromix'), { recursive: true });
      if (name === 'in a store, linked') {
        symlinkSync(join(folder, koffi, 'koffi'), join(folder, 'node_modules/koffi'));
      }
      const script = `import { createRequire } from 'node:module';
        import { loadLibc } from './dist/index.js';
        loadLibc();
        console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'));`;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: folder,
        encoding: 'utf8',
      });
      const loaded = stdout.trim().split('\n');
      expect(
        loaded.filter((path) => path.startsWith(join(folder, machineCode, '@koromix'))).length,
        stderr,
      ).toBeGreaterThan(0);
      expect(
        loaded.filter((path) => path.includes('/koffi/index') || path.includes('/koffi/indirect')),
      ).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
