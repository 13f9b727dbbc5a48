import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/diagnose/finding.ts';
import { exitCodeOf, preconditions } from '../../src/diagnose/preconditions.ts';

const errors = (...codes: Finding['code'][]): readonly Finding[] =>
  codes.map((code) => ({ level: 'error', code, subject: 'x', message: '' }));

describe('how the start ends', () => {
  test.each([
    ['nothing', errors(), 0, 0],
    ['a missing interface', errors('missing'), 1, 0],
    ['a driver without protodown', errors('no-protodown'), 65, 65],
    ['a file that cannot be written', errors('unwritable'), 71, 0],
    ['an address of the metrics that this host does not have', errors('no-address'), 71, 71],
    ['a missing interface before a driver', errors('no-protodown', 'missing'), 1, 65],
    ['a driver before a file', errors('unwritable', 'no-protodown'), 65, 65],
    ['anything else', errors('held'), 1, 1],
  ])('with %s', (_title, found, code, waiting) => {
    expect(exitCodeOf(found, { file: '/x', wait: false })).toBe(code);
    expect(exitCodeOf(found, { file: '/x', wait: true })).toBe(waiting);
  });

  test('a driver without protodown, on the command line', () => {
    expect(exitCodeOf(errors('no-protodown'), { file: null, wait: false })).toBe(64);
  });

  test('warnings count for nothing', () => {
    const warning: Finding = { level: 'warning', code: 'missing', subject: 'x', message: '' };
    expect(exitCodeOf([warning], { file: null, wait: false })).toBe(0);
  });
});

test('everything that is missing, sources first; protodown is asked of what is there', () => {
  const asked: string[] = [];
  const found = preconditions(
    { sources: ['em0', 'em8'], destinations: ['mv0', 'em9', 'mv1'], protodown: ['mv0', 'em9', 'mv1'] },
    {
      exists: (name) => !/[89]$/.test(name),
      knowsProtoDown: (name) => {
        asked.push(name);
        return name === 'mv1';
      },
    },
  );
  expect(found.map(({ code, subject }) => [code, subject])).toEqual([
    ['missing', 'em8'],
    ['missing', 'em9'],
    ['no-protodown', 'mv0'],
  ]);
  expect(asked).toEqual(['mv0', 'mv1']);
});
