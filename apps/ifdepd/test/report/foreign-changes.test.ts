import type { PolicyEvent } from '@ifdepd/policy';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/engine/actuator.ts';
import type { Decision } from '../../src/engine/policy-loop.ts';
import {
  type EnforcementOf,
  enforcementOf,
  foreignChangeLine,
  foreignChanges,
} from '../../src/report/foreign-changes.ts';

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
    undoValue: null,
    error,
    answer:
      error === null
        ? { type: 'destination', id: 'carp0', is: to }
        : { type: 'effect-failed', effect, code: 'EPERM' },
  };
};

/** What is found at the last of these moments. */
function last(...decisions: readonly (readonly [PolicyEvent, ...Outcome[]])[]): readonly string[] {
  const changes = foreignChanges();
  return decisions
    .map(([event, ...outcomes]) => changes.in({ event, outcomes, transitions: [], began: 0 }))
    .at(-1)
    ?.map((change) => foreignChangeLine(change).message) as readonly string[];
}

test('a destination that is left alone, and so counts as missing, is not reported as gone', () => {
  const changes = foreignChanges(undefined, (id) => id === 'carp0');
  const found = [snapshot('up'), reading('missing')].map((event) =>
    changes.in({ event, outcomes: [], transitions: [], began: 0 }),
  );
  expect(found).toEqual([[], []]);
});

describe('reported', () => {
  test.each([
    [
      'what was found up',
      [[snapshot('up')], [reading('down')]],
      'carp0: set down by another program; left down (enforce: down)',
    ],
    [
      'what we raised',
      [[snapshot('down'), set('up')], [reading('down')]],
      'carp0: set down by another program; left down (enforce: down)',
    ],
    [
      'what was seen in a list alone',
      [[snapshot('up')], [snapshot('down')]],
      'carp0: set down by another program; left down (enforce: down)',
    ],
    ['what is deleted', [[snapshot('up')], [reading('missing')]], 'carp0: is gone'],
    [
      'what goes down as it is deleted',
      [[snapshot('up')], [reading('down')], [reading('missing')]],
      'carp0: is gone',
    ],
    [
      'what is deleted while we hold it',
      [[snapshot('up'), set('down')], [reading('missing')]],
      'carp0: is gone',
    ],
  ] as const)('%s', (_title, decisions, line) => {
    expect(last(...decisions)).toEqual([line]);
  });
});

describe('not reported', () => {
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
  ] as const)('%s', (_title, decisions) => {
    expect(last(...decisions)).toEqual([]);
  });

  test('a change after a failed attempt of the daemon is attributed to another program', () => {
    expect(last([snapshot('up'), set('down', new Error('no'))], [reading('down')])).toHaveLength(1);
  });
});

describe('raised while it is held, with enforce: never', () => {
  const config = (...enforce: ('never' | 'down' | undefined)[]) => ({
    groups: Object.fromEntries(
      enforce.map((one, at) => [
        `g${at}`,
        { require: 'em0', destinations: ['carp0'], ...(one === undefined ? {} : { enforce: one }) },
      ]),
    ),
  });
  const to = (phase: 'up' | 'down' | 'paused'): Decision['transitions'] => [
    { group: 'g0', from: 'starting', to: phase, blame: [] },
  ];

  /** The reports about raises at these times (ms), with the destination lowered again before each of them. */
  function raises(enforcement: EnforcementOf, phase: 'up' | 'down' | 'paused', ...times: number[]) {
    const changes = foreignChanges(enforcement);
    changes.in({ event: snapshot('down'), outcomes: [], transitions: to(phase), began: 0 });
    return times.flatMap((began) => {
      const found = changes.in({ event: reading('up'), outcomes: [], transitions: [], began });
      changes.in({ event: reading('up'), outcomes: [set('down')], transitions: [], began });
      return found.map((change) => foreignChangeLine(change).message);
    });
  }

  test('a destination that another program sets up while it is held: one log line', () => {
    expect(raises(enforcementOf(config('never', 'never')), 'down', 0)).toEqual([
      'carp0: set up by another program; left up (enforce: never)',
    ]);
  });

  test.each([
    ['one of its groups lowers it again', config('never', 'down'), 'down'],
    ['one of its groups says nothing: down is the default', config('never', undefined), 'down'],
    ['the group is up', config('never'), 'up'],
    ['the group has no opinion', config('never'), 'paused'],
  ] as const)('is not, where %s', (_title, { groups }, phase) => {
    expect(raises(enforcementOf({ groups }), phase, 0)).toEqual([]);
  });

  test('a destination that another program sets up again and again: at most one line a second, then fewer, with a count', () => {
    const line = 'carp0: set up by another program; left up (enforce: never)';
    const enforcement = enforcementOf(config('never'));
    expect(raises(enforcement, 'down', 0, 300, 999, 1000, 1999, 2999, 3000)).toEqual([
      line,
      `${line}; 2 more changes since the last report`,
      `${line}; 2 more changes since the last report`,
    ]);
    expect(raises(enforcement, 'down', 0, 500, 61_000, 62_000)).toEqual([
      line,
      `${line}; 1 more change since the last report`,
      line,
    ]);
  });
});
