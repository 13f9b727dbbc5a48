import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceReading } from '@ifdepd/policy';
import { expect, onTestFinished, test } from 'vitest';
import { execCheck } from '../../src/programs/exec-check.ts';
import { type CommandResult, type RunCommand, runCommand } from '../../src/programs/run-command.ts';

/** The first answer of a check of a program that is being written until `whole` says otherwise after a run. */
async function firstAnswer(whole: (runs: number) => boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-exec-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'program');
  copyFileSync('/bin/true', program);
  let writer: number | null = openSync(program, 'a');
  const finish = () => {
    if (writer !== null) {
      closeSync(writer);
      writer = null;
    }
  };
  onTestFinished(finish);
  const results: CommandResult[] = [];
  const recorded: RunCommand = (command, done) =>
    runCommand(command, (result) => {
      results.push(result);
      if (whole(results.length)) {
        finish();
      }
      done(result);
    });
  const settings = {
    kind: 'exec',
    name: 'c',
    command: [program],
    everyMs: 1_000_000,
    timeoutMs: 10_000,
    rise: 1,
    fall: 1,
  } as const;
  const answer = await new Promise<SourceReading>((resolve) => {
    const check = execCheck('check:c', settings, resolve, recorded);
    onTestFinished(() => check[Symbol.dispose]());
  });
  return { answer, runs: results.length };
}

test('a program that is being written and then whole is run again, and its check does not fail', async () => {
  expect(await firstAnswer((runs) => runs === 1)).toMatchObject({ answer: { health: 'active' }, runs: 2 });
});

test('a program that is still being written at the second attempt fails its check', async () => {
  expect(await firstAnswer(() => false)).toEqual({
    answer: { id: 'check:c', health: 'failed', reason: 'program cannot be run: ETXTBSY' },
    runs: 2,
  });
});
