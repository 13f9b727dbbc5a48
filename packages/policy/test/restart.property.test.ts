import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compile,
  describe,
  type Expression,
  type GroupConfig,
  type Health,
  type PolicyEvent,
  restart,
  type State,
  serialize,
  step,
} from '../src/index.ts';
import { type Driver, drive } from '../src/testing/index.ts';
import { config, DESTINATIONS, runs, SOURCES } from './support/arbitraries.ts';

const healths = fc.constantFrom<Health>('active', 'failed');
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('source' as const),
      id: fc.constantFrom(...SOURCES),
      health: healths,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      id: fc.constantFrom(...DESTINATIONS),
      is: fc.constantFrom('up' as const, 'down' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('pause' as const, 'drain' as const),
      group: fc.constantFrom('g0', 'g1'),
      for: fc.constantFrom(null, 500),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 99, 100, 1_000, 30_000),
    }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never;

function happen(driver: Driver, known: Map<string, Health>, one: Happening): void {
  switch (one.do) {
    case 'source':
      known.set(one.id, one.health);
      driver.source(one.id, one.health);
      break;
    case 'set':
      if (driver.world.has(one.id)) driver.set(one.id, one.is);
      break;
    case 'pause':
    case 'drain':
      driver.feed({
        type: one.do,
        group: one.group,
        ...(one.for === null ? {} : { until: driver.now + one.for }),
      });
      break;
    case 'wait':
      driver.wait(one.ms);
  }
}

/** Readings of the present system. */
function readings(
  driver: Driver,
  known: ReadonlyMap<string, Health>,
): PolicyEvent & { readonly type: 'sources' } {
  return {
    type: 'sources',
    complete: true,
    sources: [...known].map(([id, health]) => ({ id, health, reason: health })),
    destinations: [...driver.world].map(([id, is]) => ({ id, is })),
  };
}

/** Whether a requirement names this group. */
const mentions = (require: Expression, group: string): boolean =>
  JSON.stringify(require).includes(JSON.stringify({ group }));

/** A state without its counters, which start anew in a new process. */
const without = ({ counters: _, ...state }: State) => state;

const started = fc.tuple(
  config,
  fc.array(healths, { minLength: SOURCES.length, maxLength: SOURCES.length }),
  fc.array(happening, { maxLength: 12 }),
);

test('a restart at any time keeps the state and writes nothing', () => {
  fc.assert(
    fc.property(started, ([configuration, first, happenings]) => {
      const policy = compile(configuration);
      const driver = drive(policy);
      const known = new Map(SOURCES.map((id, i) => [id, first[i] ?? 'active']));
      driver.snapshot(Object.fromEntries(known));
      for (const one of happenings) happen(driver, known, one);
      const next = restart(policy, serialize(policy, driver.state), readings(driver, known), driver.now);
      expect(next.anew).toEqual([]);
      expect([next.effects, next.transitions]).toEqual([[], []]);
      expect(without(next.state)).toEqual(without(driver.state));
    }),
    runs(0.3),
  );
});

test('a restart from a text that is some events old ends as the readings say', () => {
  fc.assert(
    fc.property(started, fc.array(happening, { maxLength: 4 }), ([configuration, first, before], lost) => {
      // Hysteresis and latches depend on the lost events.
      fc.pre(!/"below"|"manual"/.test(JSON.stringify(configuration)));
      const policy = compile(configuration);
      const driver = drive(policy);
      const known = new Map(SOURCES.map((id, i) => [id, first[i] ?? 'active']));
      driver.snapshot(Object.fromEntries(known));
      for (const one of before) happen(driver, known, one);
      const text = serialize(policy, driver.state);
      // Another program changed it, and `enforce` accepts that. The restart cannot know that a lost event ended it.
      const left = driver.status.destinations.map(({ differs }) => differs?.left === true);
      for (const one of lost) if (one.do === 'source') happen(driver, known, one);
      const next = restart(policy, text, readings(driver, known), driver.now);
      let { state } = next;
      const world = new Map(driver.world);
      let { effects, nextDeadline } = next;
      let now = driver.now;
      const end = now + 600_000;
      for (let rounds = 0; rounds < 500; rounds += 1) {
        const effect = effects[0];
        let after: ReturnType<typeof step>;
        if (effect === undefined) {
          if (nextDeadline === null || nextDeadline > end) break;
          now = nextDeadline;
          after = step(policy, state, { type: 'tick' }, now);
          effects = after.effects;
        } else {
          world.set(effect.destination, effect.to);
          after = step(policy, state, { type: 'destination', id: effect.destination, is: effect.to }, now);
          effects = [...effects.slice(1), ...after.effects];
        }
        ({ state, nextDeadline } = after);
      }
      driver.wait(600_000);
      const [mine, theirs] = [describe(policy, state), driver.status];
      const phases = new Map(mine.groups.map(({ name, phase }) => [name, phase]));
      const differing = theirs.groups.filter(({ name, phase }) => phases.get(name) !== phase);
      for (const group of differing) {
        const { require } = configuration.groups[group.name] as GroupConfig;
        // An unknown requirement starts nothing: the group stays as the lost events left it. So a group that requires it differs.
        if (group.requirement === 'unknown') expect(phases.get(group.name)).toMatch(/^(starting|up|down)$/);
        else expect(differing.some(({ name }) => mentions(require, name))).toBe(true);
      }
      for (const [i, { id, want }] of theirs.destinations.entries()) {
        const isDown = want === 'down' && driver.world.get(id) === 'down';
        if (isDown && mine.destinations[i]?.want === want && !left[i]) expect(world.get(id)).toBe('down');
      }
    }),
    runs(0.2),
  );
});

/** A copy with one value replaced, at any depth. */
function broken(value: unknown, path: readonly number[], instead: unknown): unknown {
  const [place = 0, ...rest] = path;
  if (typeof value !== 'object' || value === null || rest.length === 0) return instead;
  const entries = Object.entries(value);
  const at = place % Math.max(1, entries.length);
  return Object.fromEntries(
    entries.map(([key, one], i) => [key, i === at ? broken(one, rest, instead) : one]),
  );
}

test('a restart from a damaged text is refused or starts groups anew, and takes the next events', () => {
  fc.assert(
    fc.property(
      started,
      fc.array(fc.nat(20), { minLength: 2, maxLength: 5 }),
      fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(1e308, -1e308, 'soon', null, {}, [])),
      ([configuration, first, happenings], path, instead) => {
        const policy = compile(configuration);
        const driver = drive(policy);
        const known = new Map(SOURCES.map((id, i) => [id, first[i] ?? 'active']));
        driver.snapshot(Object.fromEntries(known));
        for (const one of happenings) happen(driver, known, one);
        const text = JSON.stringify(broken(JSON.parse(serialize(policy, driver.state)), path, instead));
        let next: ReturnType<typeof restart>;
        try {
          next = restart(policy, text, readings(driver, known), driver.now);
        } catch (error) {
          expect(error).toMatchObject({ name: 'StateError' });
          return;
        }
        const { nextDeadline } = next;
        expect(nextDeadline === null || Number.isFinite(nextDeadline)).toBe(true);
        const after = step(policy, next.state, readings(driver, known), driver.now + 3_600_000);
        expect(describe(policy, after.state).groups).toHaveLength(policy.groups.length);
      },
    ),
    runs(0.3),
  );
});
