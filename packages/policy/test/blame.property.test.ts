import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Blame,
  describe as describeState,
  type Expression,
  explain,
  type PolicyConfig,
  step,
} from '../src/index.ts';
import { naiveModel } from '../src/testing/index.ts';
import { type Action, actions, config, expression, health, runs, SOURCES } from './support/arbitraries.ts';
import { begin, feed, type Run, toEvent } from './support/run.ts';

function play(configuration: PolicyConfig, list: readonly Action[], check: (run: Run) => void): Run {
  const run = begin(configuration);
  for (const action of list) {
    const event = toEvent(run, action);
    if (event !== null) feed(run, event);
    check(run);
  }
  return run;
}

/** Whether an expression without weights is active, and how many sources must turn at least to turn it. */
function turning(expression: Expression, is: (id: string) => boolean): { active: boolean; needs: number } {
  if (typeof expression === 'string') return { active: is(expression), needs: 1 };
  if ('not' in expression) {
    const { active, needs } = turning(expression.not, is);
    return { active: !active, needs };
  }
  const of = 'all' in expression ? expression.all : 'any' in expression ? expression.any : [];
  const members = ('of' in expression ? expression.of : of).map((member) => turning(member, is));
  const line =
    'atLeast' in expression ? Number(expression.atLeast) : 'all' in expression ? members.length : 1;
  const sum = members.filter(({ active }) => active).length;
  const active = sum >= line;
  const fewest = members
    .flatMap((member) => (member.active === active ? member.needs : []))
    .sort((a, b) => a - b);
  const needs = fewest.slice(0, active ? sum - line + 1 : line - sum).reduce((one, other) => one + other);
  return { active, needs };
}

test('blame is in the order of the requirement, in whatever order sources failed', () => {
  fc.assert(
    fc.property(config, actions(20), (configuration, list) => {
      play(configuration, list, ({ policy, state, last }) => {
        const mentioned = (group: string): string[] => {
          const text = JSON.stringify(configuration.groups[group]?.require);
          return [...text.matchAll(/{"group":"(\w+)"}|"(s\d)"/g)].flatMap(([, name, source]) =>
            name === undefined ? [source ?? ''] : [name, ...mentioned(name)],
          );
        };
        for (const { name, phase, blame } of describeState(policy, state).groups) {
          // A drained group is itself to blame.
          const order = phase === 'drained' ? [name] : mentioned(name);
          let from = 0;
          for (const { id } of blame) {
            from = order.indexOf(id, from) + 1;
            expect(from, `${blame.map((one) => one.id)} in ${order}`).toBeGreaterThan(0);
          }
        }
        for (const { group, to, blame } of last.transitions) {
          const order = to === 'drained' ? [group] : mentioned(group);
          expect(blame.every(({ id }) => order.includes(id))).toBe(true);
        }
      });
    }),
    runs(0.2),
  );
}, 300_000);

test('blame is sufficient and minimal', () => {
  fc.assert(
    fc.property(expression([]), fc.array(health, { minLength: 4, maxLength: 4 }), (require, found) => {
      fc.pre(!JSON.stringify(require).includes('"below"'));
      const configuration = { groups: { g: { require, destinations: ['d'] } } };
      const run = begin(configuration);
      const read = (ids: readonly string[]): string | undefined => {
        const model = naiveModel(configuration, 0);
        const sources = SOURCES.map((id, i) => {
          const known = ids.includes(id) ? (found[i] ?? 'unknown') : ('unknown' as const);
          return { id, health: known, reason: '' };
        });
        model.feed({ type: 'sources', complete: true, sources }, 0);
        return model.groups.get('g')?.requirement;
      };
      const sources = SOURCES.map((id, i) => ({ id, health: found[i] ?? 'unknown', reason: '' }));
      feed(run, { type: 'sources', complete: true, sources });
      const [group] = explain(run.policy, run.state).groups;
      const ids = group?.blame.map(({ id }: Blame) => id) ?? [];
      if (group?.requirement === 'unknown') {
        expect(ids.every((id) => found[SOURCES.indexOf(id as 's0')] === 'unknown')).toBe(true);
        return;
      }
      expect(read(ids)).toBe(group?.requirement);
      for (const id of ids) expect(read(ids.filter((other) => other !== id))).toBe('unknown');
    }),
    runs(),
  );
}, 300_000);

test('the release of a group releases it, if every source stands in one place', () => {
  fc.assert(
    fc.property(expression([]), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (require, found) => {
      const text = JSON.stringify(require);
      fc.pre(SOURCES.every((id) => text.split(`"${id}"`).length <= 2));
      const run = begin({ groups: { g: { require, destinations: ['d'] } } });
      const is = (id: string): 'active' | 'failed' =>
        found[SOURCES.indexOf(id as 's0')] ? 'active' : 'failed';
      const turned = (id: string): 'active' | 'failed' => (is(id) === 'active' ? 'failed' : 'active');
      const sources = SOURCES.map((id) => ({ id, health: is(id), reason: '' }));
      feed(run, { type: 'sources', complete: true, sources });
      const [group] = explain(run.policy, run.state).groups;
      const needs = group?.release.needs ?? [];
      const after = (ids: readonly string[]): string | undefined => {
        const changed = ids.map((id) => ({ id, health: turned(id), reason: '' }));
        const { state } = step(
          run.policy,
          run.state,
          { type: 'sources', complete: false, sources: changed },
          0,
        );
        return describeState(run.policy, state).groups[0]?.requirement;
      };
      expect(after(needs)).not.toBe(group?.requirement);
      for (const id of needs) expect(after(needs.filter((other) => other !== id))).toBe(group?.requirement);
    }),
    runs(0.3),
  );
}, 300_000);

test('the release of a group is the smallest, without weights and with every source in one place', () => {
  const ids = Array.from({ length: 8 }, (_, i) => `s${i}`);
  const { tree } = fc.letrec<{ tree: (leaf: () => string) => Expression }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant((leaf: () => string): Expression => leaf()),
      fc
        .tuple(fc.array(tie('tree'), { minLength: 1, maxLength: 4 }), fc.nat(6), fc.nat())
        .map(([parts, kind, count]) => (leaf: () => string): Expression => {
          const of = parts.map((part) => part(leaf));
          const atLeast = 1 + (count % of.length);
          if (kind < 2) return { all: of };
          if (kind < 4) return { any: of };
          if (kind < 6) return { atLeast, of };
          return { not: { any: of } };
        }),
    ),
  }));
  fc.assert(
    fc.property(
      tree,
      fc.array(fc.boolean(), { minLength: ids.length, maxLength: ids.length }),
      (build, found) => {
        let used = 0;
        const require = build(() => `s${used++}`);
        fc.pre(used <= ids.length);
        const is = (id: string): boolean => found[ids.indexOf(id)] === true;
        const run = begin({ groups: { g: { require, destinations: ['d'] } } });
        const sources = ids.map((id) => ({
          id,
          health: is(id) ? ('active' as const) : ('failed' as const),
          reason: '',
        }));
        feed(run, { type: 'sources', complete: true, sources });
        const [group] = explain(run.policy, run.state).groups;
        expect(group?.release.needs).toHaveLength(turning(require, is).needs);
      },
    ),
    runs(),
  );
}, 300_000);
