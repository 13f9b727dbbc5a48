import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const folder = fileURLToPath(new URL('reported', import.meta.url));

test('a test run writes its counts and the error of each failed test to a file', () => {
  const env = { ...process.env, IFDEPD_TEST_RUN: 'reported' };
  const { status } = spawnSync(process.execPath, [vitest, 'run', 'outcomes'], { cwd: folder, env });
  expect(status).toBe(1);

  const result: unknown = JSON.parse(
    readFileSync(join(folder, 'test-results', 'reported.reported.json'), 'utf8'),
  );
  expect(result).toEqual({
    passed: 1,
    failed: 2,
    files: ['outcomes.case.ts'],
    skips: [
      { name: 'outcomes.case.ts > is skipped', reason: 'for a reason' },
      { name: 'outcomes.case.ts > never begins > is not run', reason: 'no reason given' },
    ],
    failures: [
      {
        name: 'outcomes.case.ts > never begins',
        error: expect.stringMatching(/^Error: the way there is barred\n +at .*outcomes\.case\.ts:\d+:\d+$/),
      },
      {
        name: 'outcomes.case.ts > fails',
        error: expect.stringMatching(
          /outcomes\.case\.ts:8:\d+\n(.*\n)*- +"carrier": "absent",\n\+ +"carrier": "present",/,
        ),
      },
    ],
  });
});

test('a test that waits for ever fails after the time that a test may take', () => {
  const env = { ...process.env, IFDEPD_TEST_RUN: 'hanging', IFDEPD_TEST_QUIET_MS: '100' };
  const { status } = spawnSync(process.execPath, [vitest, 'run', 'hanging'], { cwd: folder, env });
  expect(status).toBe(1);

  const path = join(folder, 'test-results', 'reported.hanging.json');
  const { failures } = JSON.parse(readFileSync(path, 'utf8')) as { readonly failures: readonly unknown[] };
  expect(failures).toEqual([
    {
      name: 'hanging.case.ts > waits for ever',
      error: expect.stringContaining('the test hangs: it has not ended after 100 ms'),
    },
  ]);
});

test('the process of a test that loops for ever is ended, and the test is named', () => {
  const env = { ...process.env, IFDEPD_TEST_RUN: 'blocking', IFDEPD_TEST_QUIET_MS: '100' };
  const { status, stderr } = spawnSync(process.execPath, [vitest, 'run', 'blocking'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('loops for ever: the test blocks its process, which was ended after');
});
