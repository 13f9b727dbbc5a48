import { expect, test } from 'vitest';
import { compile, describe, type SourceReading, simulate, type TimelineEntry } from '../src/index.ts';

const policy = compile({
  groups: { g: { require: 'em0', destinations: ['carp0'], downDelayMs: 100, upDelayMs: 1_000 } },
});
const em0 = (health: SourceReading['health']): SourceReading => ({ id: 'em0', health, reason: health });
const known = (at: number): TimelineEntry => ({
  at,
  event: {
    type: 'sources',
    complete: true,
    sources: [em0('active')],
    destinations: [{ id: 'carp0', is: 'up' }],
  },
});
const source = (at: number, health: SourceReading['health']): TimelineEntry => ({
  at,
  event: { type: 'source', source: em0(health) },
});

test('simulate follows every deadline before, between and after the entries', () => {
  const { entries, state } = simulate(policy, [known(10), source(20, 'failed'), source(500, 'active')]);
  expect(
    entries.map(({ at, event, transitions, effects }) => [
      at,
      event?.type ?? null,
      transitions.map(({ to }) => to).join(),
      effects.map(({ to }) => to).join(),
    ]),
  ).toEqual([
    [10, 'sources', 'up', ''],
    [20, 'source', 'going-down', ''],
    [120, null, 'down', 'down'],
    [500, 'source', 'coming-up', ''],
    [1_500, null, 'up', 'up'],
  ]);
  expect(describe(policy, state).destinations).toMatchObject([{ is: 'up', pending: null }]);
});

test('an event at the time of a deadline counts before it', () => {
  const { entries } = simulate(policy, [known(0), source(0, 'failed'), source(100, 'active')]);
  expect(entries.at(-1)?.transitions).toMatchObject([{ from: 'going-down', to: 'up' }]);
});

test('simulate follows deadlines up to and including `until`', () => {
  const timeline = [known(0), source(0, 'failed')];
  expect(simulate(policy, timeline, { until: 99 }).entries).toHaveLength(2);
  expect(simulate(policy, timeline, { until: 100 }).entries).toHaveLength(3);
});

test('start-delays count from the `start` of a simulation', () => {
  const slow = compile({ groups: { g: { require: 'em0', destinations: ['carp0'], startDelayMs: 50 } } });
  const timeline: TimelineEntry[] = [
    { at: 40, event: { type: 'sources', complete: true, sources: [em0('failed')] } },
  ];
  expect(simulate(slow, timeline, { start: 0 }).entries.at(-1)?.at).toBe(50);
  expect(simulate(slow, timeline).entries.at(-1)?.at).toBe(90);
  expect(simulate(slow, []).state.now).toBe(0);
});

test('simulate without `obey` takes the answers of the recording', () => {
  const { state, entries } = simulate(policy, [known(0), source(0, 'failed')], { obey: false });
  expect(describe(policy, state).destinations).toMatchObject([{ is: 'up', pending: 'down' }]);
  const effect = entries.at(-1)?.effects[0];
  if (effect === undefined) throw new Error('there was no effect');
  const failed: TimelineEntry = { at: 100, event: { type: 'effect-failed', effect, code: 'EBUSY' } };
  const again = simulate(
    policy,
    [known(0), source(0, 'failed'), { at: 100, event: { type: 'tick' } }, failed],
    {
      obey: false,
    },
  );
  expect(again.entries.at(-1)).toMatchObject({
    at: 200,
    effects: [{ to: 'down', because: { cause: 'retry' } }],
  });
});

test('a trace has events without consequences, and deadlines without an event', () => {
  const { entries, state } = simulate(policy, [known(0), source(5, 'active'), source(10, 'failed')]);
  expect(entries.map(({ at }) => at)).toEqual([0, 5, 10, 110]);
  // Three entries and the answer to one effect.
  expect(state.counters).toMatchObject({ events: 4, effects: 1, transitions: 3 });
});
