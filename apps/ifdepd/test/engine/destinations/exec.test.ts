import { expect, test } from 'vitest';
import { execDestination, type ProgramEnd, type Programs } from '../../../src/engine/destinations/exec.ts';

const words = {
  id: 'exec:web',
  action: 'exec',
  up: ['/opt/web', 'up'],
  down: ['/opt/web', 'down'],
  read: ['/opt/read-web'],
  timeoutMs: 5000,
  onExit: 'leave',
} as const;

/** Programs that end as the test says, and what was run. */
function programs(end: () => Partial<ProgramEnd> = () => ({})) {
  const begun: unknown[] = [];
  const made: Programs = {
    inTurn: (_destination, work) => work(),
    async run(command) {
      begun.push(command);
      return { ok: true, reason: 'exited 0', printed: '', ...end() };
    },
  };
  return { begun, made };
}

test('a program runs with its destination in the environment, once, and after it is announced', async () => {
  const { begun, made } = programs();
  const driver = execDestination(words, made, 'up');
  const announced: number[] = [];
  expect(await driver.set('down', () => announced.push(begun.length))).toEqual({ changed: true, is: 'down' });
  expect(await driver.set('down', () => announced.push(begun.length))).toEqual({
    changed: false,
    is: 'down',
  });
  expect(begun).toEqual([{ words: words.down, env: { IFDEPD_DESTINATION: 'exec:web' }, timeoutMs: 5000 }]);
  expect([announced, driver.read()]).toEqual([[0], 'down']);
});

test('a program that fails leaves its destination torn and unknown, says why, and a later success mends that', async () => {
  let end: Partial<ProgramEnd> = { ok: false, reason: 'exited 1: "no such table"' };
  const driver = execDestination(words, programs(() => end).made, 'up');
  await expect(driver.set('down')).rejects.toMatchObject({
    message: 'web exited 1: "no such table"',
    code: 'ERR_PROGRAM',
  });
  expect([driver.read(), driver.isTorn?.(), driver.note?.()]).toEqual([
    'unknown',
    true,
    'web exited 1: "no such table"',
  ]);
  end = {};
  await driver.set('down');
  expect([driver.read(), driver.isTorn?.(), driver.note?.()]).toEqual(['down', false, null]);
});

test('what a program prints is what the destination is, and only a change is one', async () => {
  let printed = 'down';
  const driver = execDestination(words, programs(() => ({ printed })).made, 'up');
  expect([await driver.ask?.(), driver.read()]).toEqual([true, 'down']);
  expect(await driver.ask?.()).toBe(false);
  printed = 'missing';
  expect([await driver.ask?.(), driver.read(), driver.note?.()]).toEqual([true, 'missing', null]);
});

test('an answer that cannot be used changes nothing, and is named', async () => {
  let end: Partial<ProgramEnd> = { printed: 'on' };
  const driver = execDestination(words, programs(() => end).made, 'down');
  expect([await driver.ask?.(), driver.read()]).toEqual([false, 'down']);
  expect(driver.note?.()).toBe('cannot be read: read-web exited 0 and printed "on", not up, down or missing');
  end = { ok: false, reason: 'timed out after 5 s', printed: 'up' };
  expect([await driver.ask?.(), driver.read()]).toEqual([false, 'down']);
  expect(driver.note?.()).toBe('cannot be read: read-web timed out after 5 s');
});

test('while a program runs, that is said', async () => {
  const driver = execDestination(
    words,
    programs(() => {
      during = driver.note?.();
      return {};
    }).made,
    'up',
  );
  let during: string | null | undefined;
  await driver.set('down');
  expect([during, driver.note?.()]).toEqual(['web runs', null]);
});

test('without a program that reads it, a destination is up until it is set, and cannot be asked', () => {
  const driver = execDestination({ ...words, read: null }, programs().made);
  expect([driver.read(), driver.ask, driver.isTorn?.()]).toEqual(['up', undefined, false]);
});

test('a destination of which an earlier process left nothing certain is torn', () => {
  const driver = execDestination(words, programs().made, 'unknown');
  expect([driver.read(), driver.isTorn?.()]).toEqual(['unknown', true]);
});
