import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compile,
  describe as describeState,
  type Expression,
  type Policy,
  type PolicyConfig,
  PolicyError,
  recompile,
  restore,
  serialize,
  step,
} from '../src/index.ts';
import { type Action, actions, config, health, runs, SOURCES } from './support/arbitraries.ts';
import { begin, feed, type Run, toEvent } from './support/run.ts';

/** The status without counters. */
function seen({ policy, state }: Run): unknown {
  const { counters, ...rest } = describeState(policy, state);
  return rest;
}

function play(configuration: PolicyConfig, list: readonly Action[], check: (run: Run) => void): Run {
  const run = begin(configuration);
  for (const action of list) {
    const event = toEvent(run, action);
    if (event !== null) feed(run, event);
    check(run);
  }
  return run;
}

test('step is deterministic and changes none of its arguments', () => {
  fc.assert(
    fc.property(config, actions(20), (configuration, list) => {
      const run = begin(configuration);
      for (const action of list) {
        const event = toEvent(run, action);
        if (event === null) continue;
        const { state } = run;
        const before = JSON.stringify([state, event]);
        const first = step(run.policy, state, event, run.now);
        // A policy that was shipped as JSON decides the same.
        const shipped: Policy = JSON.parse(JSON.stringify(compile(configuration)));
        const second = step(shipped, JSON.parse(JSON.stringify(state)), event, run.now);
        expect(second).toEqual(first);
        expect(JSON.stringify([state, event])).toBe(before);
        feed(run, event);
      }
    }),
    runs(0.1),
  );
}, 300_000);

test('a tick at the same time changes nothing, and deadlines lie ahead', () => {
  fc.assert(
    fc.property(config, actions(20), (configuration, list) => {
      play(configuration, list, (run) => {
        const { nextDeadline } = run.last;
        if (nextDeadline !== null) expect(nextDeadline).toBeGreaterThan(run.state.now);
        const tick = step(run.policy, run.state, { type: 'tick' }, run.now);
        expect(tick).toEqual({ state: run.state, effects: [], transitions: [], nextDeadline, evaluated: 0 });
      });
    }),
    runs(0.1),
  );
}, 300_000);

test('time alone changes nothing before the next deadline', () => {
  fc.assert(
    fc.property(
      config,
      actions(20),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (configuration, list, part) => {
        play(configuration, list, (run) => {
          const now = run.now + ((run.last.nextDeadline ?? run.now + 1e6) - run.now) * part;
          const early = step(run.policy, run.state, { type: 'tick' }, now);
          expect([early.effects, early.transitions]).toEqual([[], []]);
          expect(early.nextDeadline).toBe(run.last.nextDeadline);
        });
      },
    ),
    runs(0.1),
  );
}, 300_000);

test('a repeated reading has no effects and changes nothing', () => {
  fc.assert(
    fc.property(config, actions(20), (configuration, list) => {
      const run = begin(configuration);
      for (const action of list) {
        const event = toEvent(run, action);
        if (event === null) continue;
        feed(run, event);
        if (event.type !== 'source' && event.type !== 'sources') continue;
        if (event.type === 'sources' && event.destinations !== undefined) continue;
        const before = seen(run);
        expect(feed(run, event)).toMatchObject({ effects: [], transitions: [], evaluated: 0 });
        expect(seen(run)).toEqual(before);
      }
    }),
    runs(0.1),
  );
}, 300_000);

test('no effect writes what a destination already is', () => {
  fc.assert(
    fc.property(config, actions(30), (configuration, list) => {
      play(configuration, list, ({ policy, state, last }) => {
        const { destinations } = describeState(policy, state);
        for (const effect of last.effects) {
          const target = destinations.find(({ id }) => id === effect.destination);
          expect(target).toMatchObject({ want: effect.to, pending: effect.to });
          expect(effect.because.to).toMatch(
            effect.to === 'up' ? /^(up|going-down)$/ : /^(down|coming-up|drained)$/,
          );
        }
      });
    }),
    runs(0.1),
  );
}, 300_000);

test('after any lost events, one complete snapshot and time lead to the same state', () => {
  const quiet = config.map(({ groups }) => ({
    groups: Object.fromEntries(
      // Hysteresis, `raise: owned`, `enforce: never` and `restore: manual` depend on past events.
      Object.entries(groups).map(([name, { raise, enforce, restore: _, ...group }]) => [
        name,
        enforce === 'always' ? { ...group, enforce } : group,
      ]),
    ),
  }));
  fc.assert(
    fc.property(
      quiet,
      actions(20),
      actions(20),
      fc.array(health, { minLength: 4, maxLength: 4 }),
      (configuration, one, other, last) => {
        fc.pre(!JSON.stringify(configuration).includes('"below"'));
        const end = (list: readonly Action[]): unknown => {
          const run = play(configuration, list, () => undefined);
          for (const { groups } of [configuration]) {
            for (const group of Object.keys(groups)) feed(run, { type: 'resume', group });
          }
          const sources = SOURCES.map((id, i) => {
            const found = last[i] === 'failed' ? ('failed' as const) : ('active' as const);
            return { id, health: found, reason: found };
          });
          const is = new Map(run.policy.destinations.map((id) => [id, 'up' as 'up' | 'down']));
          const obey = (): void => {
            for (let effect = run.flying.shift(); effect !== undefined; effect = run.flying.shift()) {
              is.set(effect.destination, effect.to);
              feed(run, { type: 'destination', id: effect.destination, is: effect.to });
            }
          };
          run.flying.length = 0;
          feed(run, {
            type: 'sources',
            complete: true,
            sources,
            destinations: [...is].map(([id, now]) => ({ id, is: now })),
          });
          obey();
          for (let i = 0; run.last.nextDeadline !== null; i += 1) {
            if (i > 100) throw new Error('it does not come to rest');
            run.now = run.last.nextDeadline;
            feed(run, { type: 'tick' });
            obey();
          }
          const status = describeState(run.policy, run.state);
          return [
            status.groups.map(({ phase }) => phase),
            status.destinations.map(({ want }) => want),
            [...is],
          ];
        };
        expect(end(one)).toEqual(end(other));
      },
    ),
    runs(0.2),
  );
}, 300_000);

test('a restored state continues as the original does', () => {
  fc.assert(
    fc.property(config, actions(15), actions(10), (configuration, list, more) => {
      const run = play(configuration, list, () => undefined);
      const copy: Run = { ...run, flying: [...run.flying] };
      const restored = restore(run.policy, serialize(run.policy, run.state));
      expect(restored).toMatchObject({ state: run.state, effects: [], transitions: [] });
      expect(restored.nextDeadline).toBe(run.last.nextDeadline);
      copy.state = JSON.parse(JSON.stringify(restored.state));
      for (const action of more) {
        const [one, other] = [toEvent(run, action), toEvent(copy, action)];
        expect(other).toEqual(one);
        if (one !== null && other !== null) expect(feed(copy, other)).toEqual(feed(run, one));
      }
    }),
    runs(0.1),
  );
}, 300_000);

test('a reload that changes a weight rule makes no group bounce', () => {
  const ids = SOURCES.slice(0, 3);
  const rule = fc
    .tuple(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }), fc.nat(), fc.nat())
    .map(([weights, high, low]) => {
      const atLeast = 1 + (high % weights.reduce((sum, weight) => sum + weight, 0));
      return { weights, atLeast, below: 1 + (low % atLeast) };
    });
  const readings = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(
      ...([fc.nat(4), fc.boolean(), rule, rule, fc.array(readings, { minLength: 1, maxLength: 4 })] as const),
      (nots, another, before, after, history) => {
        const configuration = (
          { weights, atLeast, below }: typeof before,
          another: boolean,
        ): PolicyConfig => {
          const of = ids.map((source, i) => ({ source, weight: weights[i] ?? 1 }));
          // In another order it is another rule with the same health.
          let require: Expression = { weight: { atLeast, below, of: another ? of.reverse() : of } };
          for (let i = 0; i < nots; i += 1) require = { not: require };
          return { groups: { g: { require, destinations: ['d'] } } };
        };
        const holds = ({ weights, atLeast, below }: typeof before, now: boolean[], was: boolean): boolean =>
          weights.reduce((sum, weight, i) => sum + (now[i] ? weight : 0), 0) >= (was ? below : atLeast);
        const phase = (held: boolean): string => (held === (nots % 2 === 0) ? 'up' : 'down');

        const run = begin(configuration(before, false));
        let held = false;
        let last: boolean[] = [];
        for (last of history) {
          const sources = ids.map((id, i) => ({
            id,
            health: last[i] ? ('active' as const) : ('failed' as const),
            reason: '',
          }));
          feed(run, { type: 'sources', complete: true, sources });
          held = holds(before, last, held);
        }
        expect(describeState(run.policy, run.state).groups).toMatchObject([{ phase: phase(held) }]);
        const policy = compile(configuration(after, another));
        const { state } = recompile(run.policy, run.state, policy, run.now);
        expect(describeState(policy, state).groups).toMatchObject([
          { phase: phase(holds(after, last, held)) },
        ]);
      },
    ),
    runs(0.3),
  );
}, 300_000);

test('compile throws only PolicyError, for any value', () => {
  const key = fc.constantFrom(
    'groups',
    'g',
    'require',
    'destinations',
    'all',
    'any',
    'not',
    'atLeast',
    'of',
    'weight',
    'source',
    'below',
    'group',
    'dampening',
    'upDelayMs',
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      fc.constantFrom('g', 'a', '', 1, 0, -1, null, undefined, true, '50%', Number.NaN),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const shaped = fc.record({
    groups: fc.dictionary(fc.constantFrom('g', 'h'), fc.record({ require: value, destinations: value }), {
      maxKeys: 2,
    }),
  });
  fc.assert(
    fc.property(fc.oneof(value, fc.object(), shaped), (anything) => {
      try {
        compile(anything as PolicyConfig);
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyError);
        const { issues } = error as PolicyError;
        expect(issues.length).toBeGreaterThan(0);
        for (const { message } of issues) expect(message).toMatch(/^[a-z].*[^.]$/s);
      }
    }),
    runs(),
  );
}, 300_000);
