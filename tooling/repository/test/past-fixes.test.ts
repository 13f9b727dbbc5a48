import { expect, test } from 'vitest';

interface PastFix {
  readonly what: string;
  readonly edits: readonly { readonly fixed: string }[];
}

const script = new URL('../../tasks/lib/past-fixes.mjs', import.meta.url).href;
const { pastFixes, withoutFix } = (await import(script)) as {
  readonly pastFixes: readonly PastFix[];
  readonly withoutFix: (fix: PastFix) => ReadonlyMap<string, string>;
};

test('every past fix that the simulator must miss stands where it is said to, and can be taken out', () => {
  for (const fix of pastFixes) {
    const text = [...withoutFix(fix).values()].join('\n');
    expect(fix.edits.filter(({ fixed }) => text.includes(fixed))).toEqual([]);
  }
});
