import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Column, table, writeCounts } from '../src/report.ts';

const columns: readonly Column[] = [
  {
    title: '5.10.0',
    results: [
      { scenario: 'card', outcome: 'passed', reason: '', ms: 1 },
      { scenario: 'team', outcome: 'absent', reason: 'this kernel has no team', ms: 0 },
    ],
  },
  {
    title: '6.1.0',
    results: [
      { scenario: 'card', outcome: 'passed', reason: 'by the kernel', ms: 1 },
      { scenario: 'team', outcome: 'failed', reason: 'dst was up', ms: 1 },
    ],
  },
];

test('the table has a row for each scenario and a column for each kernel, with what was chosen there', () => {
  expect(table(columns).split('\n')).toEqual([
    '| scenario | 5.10.0 | 6.1.0 |',
    '|---|---|---|',
    '| card | passed | by the kernel |',
    '| team | absent | failed |',
  ]);
});

test('the counts are those that npm test adds up, and leave out what a kernel does not have', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    const path = join(folder, 'results/kernels.json');
    writeCounts(path, columns);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      passed: 2,
      failed: 1,
      files: [],
      skips: [],
      failures: [{ name: '6.1.0 > team', error: 'dst was up' }],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
