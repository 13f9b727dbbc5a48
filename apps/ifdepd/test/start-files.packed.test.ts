import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.cjs', import.meta.url));

/** What a command line loads; by default what is loaded before the first line of the program runs. */
function loadedFiles(line: readonly string[] = ['--no-such-option'], status = 64): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-files-'));
  try {
    const [probe, list] = [join(folder, 'probe.cjs'), join(folder, 'list.json')];
    const write = `require('fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache)))`;
    writeFileSync(probe, `process.on('exit', () => ${write});`);
    const words = ['--require', probe, main, ...line];
    const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };
    expect(spawnSync(process.execPath, words, { env }).status).toBe(status);
    const paths: string[] = JSON.parse(readFileSync(list, 'utf8'));
    return paths.filter((path) => path !== probe);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a start loads at most two files of ours, and koffi', () => {
  const folder = dirname(main);
  const [ours, others] = [true, false].map((inside) =>
    loadedFiles().filter((path) => !relative(folder, path).startsWith('..') === inside),
  );
  expect(ours).toContain(main);
  expect(ours?.length).toBeLessThanOrEqual(2);
  expect(others?.filter((path) => !/\/node_modules\/(?:koffi|@koromix\/koffi-[^/]+)\//.test(path))).toEqual(
    [],
  );
});

test('they are plain ASCII: one other character in a file, and the engine keeps two bytes for each', () => {
  for (const file of loadedFiles().filter((path) => path.endsWith('.cjs'))) {
    expect(/[\u0080-\uffff]/.exec(readFileSync(file, 'utf8'))?.[0], file).toBeUndefined();
  }
});

/** Bytes of the file that holds the shape of a configuration; 751,744 when all of zod was in it. */
const MOST_OF_SHAPE = 120_000;

test('a command line with -S and -D loads neither the YAML parser nor the shape of the file', () => {
  const ofFiles = (files: readonly string[]) =>
    files.filter((path) => /\/yaml\//.test(path) || readFileSync(path, 'utf8').includes('invalid_union'));
  expect(ofFiles(loadedFiles(['-S', 'no-such-0', '-D', 'no-such-1', '-n'], 1))).toEqual([]);
  // The same question has an answer where a file is read; of zod only what the shape uses is there.
  const read = ofFiles(loadedFiles(['check', '-f', join(dirname(main), '../examples/ifdepd.conf')], 1));
  const shape = read.filter((path) => !/\/yaml\//.test(path));
  expect(shape).toHaveLength(1);
  expect(statSync(shape[0] ?? '').size).toBeLessThan(MOST_OF_SHAPE);
});
