import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unprotect } from '../../src/programs/oom-score.ts';

const PID = 4711;

/** What becomes of the score of a program: a folder stands for procfs, where only CAP_SYS_RESOURCE lowers a score. */
function scoreAfter(own: string): string {
  const processes = mkdtempSync(join(tmpdir(), 'ifdepd-proc-'));
  try {
    for (const [name, score] of [
      ['self', own],
      [String(PID), own],
    ] as const) {
      mkdirSync(join(processes, name));
      writeFileSync(join(processes, name, 'oom_score_adj'), `${score}\n`);
    }
    unprotect(PID, processes);
    return readFileSync(join(processes, String(PID), 'oom_score_adj'), 'latin1').trim();
  } finally {
    rmSync(processes, { recursive: true });
  }
}

test.each([
  ['-900', '0'],
  ['-1', '0'],
  ['0', '0'],
  ['300', '300'],
])('a daemon at %s has its programs at %s', (own, program) => {
  expect(scoreAfter(own)).toBe(program);
});

test('a program that has ended, or a system without procfs, is nothing to complain of', () => {
  unprotect(PID, '/nonexistent');
  unprotect(PID, null);
});
