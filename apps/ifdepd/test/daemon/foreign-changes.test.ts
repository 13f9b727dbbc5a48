import type { PolicyEvent } from '@ifdepd/policy';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/daemon/actuator.ts';
import { foreignChangeLine, foreignChanges } from '../../src/daemon/foreign-changes.ts';

const reading = (is: 'up' | 'down' | 'missing'): PolicyEvent => ({ type: 'destination', id: 'carp0', is });
const snapshot = (is: 'up' | 'down' | 'missing'): PolicyEvent => ({
  type: 'sources',
  complete: true,
  sources: [],
  destinations: [{ id: 'carp0', is }],
});
const set = (to: 'up' | 'down', error: Error | null = null): Outcome => {
  const because = { group: 'g', from: 'up', to: 'down', cause: 'transition', blame: [] } as const;
  const effect = { type: 'set', destination: 'carp0', to, because } as const;
  return {
    effect,
    changed: error === null,
    kept: null,
    error,
    answer:
      error === null
        ? { type: 'destination', id: 'carp0', is: to }
        : { type: 'effect-failed', effect, code: 'EPERM' },
  };
};

/** What is found at the last of these moments. */
function last(...moments: readonly (readonly [PolicyEvent, ...Outcome[]])[]): readonly string[] {
  const changes = foreignChanges();
  return moments
    .map(([event, ...outcomes]) => changes.in({ event, outcomes }))
    .at(-1)
    ?.map((change) => foreignChangeLine(change).message) as readonly string[];
}

describe('told', () => {
  test.each([
    ['what was found up', [[snapshot('up')], [reading('down')]], 'carp0: lowered by someone else'],
    ['what we raised', [[snapshot('down'), set('up')], [reading('down')]], 'carp0: lowered by someone else'],
    [
      'what was seen in a list alone',
      [[snapshot('up')], [snapshot('down')]],
      'carp0: lowered by someone else',
    ],
    ['what is deleted', [[snapshot('up')], [reading('missing')]], 'carp0: is gone'],
    [
      'what is deleted while we hold it',
      [[snapshot('up'), set('down')], [reading('missing')]],
      'carp0: is gone',
    ],
  ] as const)('%s', (_title, moments, line) => {
    expect(last(...moments)).toEqual([line]);
  });
});

describe('not told', () => {
  test.each([
    ['how it was at the start', [[snapshot('down')]]],
    ['the same again', [[snapshot('up')], [reading('down')], [reading('down')]]],
    ['what we lowered', [[snapshot('up'), set('down')], [reading('down')]]],
    [
      'what we lowered and the kernel confirms late',
      [[snapshot('up'), set('down')], [reading('up')], [reading('down')]],
    ],
    ['what is undone at once', [[snapshot('up')], [reading('down'), set('up')]]],
    ['that it is down when it appears', [[snapshot('missing')], [reading('down')]]],
    ['that it is still missing', [[snapshot('missing')], [reading('missing')]]],
    ['what has nothing to do with it', [[snapshot('up')], [{ type: 'tick' }]]],
  ] as const)('%s', (_title, moments) => {
    expect(last(...moments)).toEqual([]);
  });

  test('but after an attempt of ours that failed, it was somebody else', () => {
    expect(last([snapshot('up'), set('down', new Error('no'))], [reading('down')])).toHaveLength(1);
  });
});
