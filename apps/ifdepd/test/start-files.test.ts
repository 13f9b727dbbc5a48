import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** What is loaded before the first line of the program runs: its own files, and what they import from elsewhere. */
function reached(from: string): {
  readonly files: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
} {
  const files = new Set([from]);
  const others = new Set<string>();
  for (const file of files) {
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\b[^'"(]*?['"]([^'"]+)['"]/gm,
    )) {
      if (specifier.startsWith('.')) {
        files.add(join(dirname(file), specifier));
      } else {
        others.add(specifier.replace(/^node:/, ''));
      }
    }
  }
  return { files, others };
}

test('the way to the first decision is three files, which import nobody else', () => {
  const { files, others } = reached(main);
  expect([...files].length).toBeLessThanOrEqual(3);
  // Not even of Node: what is imported as an ES module is read to its last export, see build/builtins.ts.
  expect([...others]).toEqual([]);
});

test('they are plain ASCII: one other character in a file, and the engine keeps two bytes for each', () => {
  for (const file of reached(main).files) {
    const other = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /[\u0080-\uffff]/.test(line));
    expect(other, file).toEqual([]);
  }
});
