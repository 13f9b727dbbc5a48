import { expect, test } from 'vitest';
import { loadAtUse } from '../../build/later-file.ts';

const later = { name: 'later', modules: [] };

test('loadAtUse loads a later file in the first function that uses it, and once', () => {
  const code =
    'var import_m3 = require("./later.cjs/m3");\nconst f = () => (0, import_m3.answer)() + new import_m3.Box(1).value;\nf;\n';
  class Box {
    readonly value: number;

    constructor(value: number) {
      this.value = value;
    }
  }
  const loaded: string[] = [];
  const require = (path: string) => {
    loaded.push(path);
    return { m3: { answer: () => 41, Box } };
  };
  const program = `${loadAtUse(code, later)}; return f;`;
  const use: () => number = new Function('require', program)(require);
  expect(loaded).toEqual([]);
  expect([use(), use()]).toEqual([42, 42]);
  expect(loaded).toEqual(['./later.cjs']);
});

test('loadAtUse leaves a file that uses nothing of a later file as it is', () => {
  expect(loadAtUse('var x = require("./core.cjs");\n', later)).toBe('var x = require("./core.cjs");\n');
});

test('loadAtUse refuses an import of a whole module, which cannot wait for its use', () => {
  const code = 'var all = __toESM(require("./later.cjs/m0"));\n';
  expect(() => loadAtUse(code, later)).toThrow('a module of later.cjs is imported as a whole');
});
