import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type DestinationExplanation,
  explain,
  type GroupExplanation,
  type Health,
  type Policy,
  type State,
  type Step,
  step,
  type Way,
} from '../src/index.ts';
import { actions, config, runs } from './support/arbitraries.ts';
import { begin, feed, type Run, toEvent } from './support/run.ts';

/** When a condition becomes true if these sources turn now and then only time passes; null: never. */
function comesTrue(
  { policy, state }: Pick<Run, 'policy' | 'state'>,
  turned: readonly { readonly id: string; readonly health: Health }[],
  holds: (policy: Policy, state: State) => boolean,
): number | null {
  const sources = turned.map((one) => ({ ...one, reason: '' }));
  let current: Step = step(policy, state, { type: 'sources', complete: !state.ready, sources }, state.now);
  for (let left = 10_000; left > 0; left -= 1) {
    if (holds(policy, current.state)) return current.state.now;
    if (current.nextDeadline === null) return null;
    current = step(policy, current.state, { type: 'tick' }, current.nextDeadline);
  }
  throw new Error('deadlines without an end');
}

const explained = (policy: Policy, state: State, name: string): GroupExplanation => {
  const [group] = explain(policy, state, { only: new Set([name]) }).groups;
  if (group === undefined) throw new Error(`no group ${name}`);
  return group;
};

const isUp = (phase: string): boolean => phase === 'up' || phase === 'going-down';

/** Whether a group has left its outcome; or its phase, if that was going down or had no outcome. */
function hasLeft({ name, phase }: GroupExplanation): (policy: Policy, state: State) => boolean {
  const steady = phase === 'up' || phase === 'down' || phase === 'coming-up' || phase === 'drained';
  return (policy, state) => {
    const now = explained(policy, state, name).phase;
    return steady ? isUp(now) !== isUp(phase) || now === 'paused' : now !== phase;
  };
}

function healths({ policy, state }: Pick<Run, 'policy' | 'state'>): ReadonlyMap<string, Health> {
  const { groups } = explain(policy, state);
  return new Map(groups.flatMap((group) => group.sources.map(({ id, health }) => [id, health] as const)));
}

/** What must turn, for each reading that an unknown source may get. */
function turns(
  { needs }: Way,
  known: ReadonlyMap<string, Health>,
): readonly (readonly { id: string; health: Health }[])[] {
  let found: { id: string; health: Health }[][] = [[]];
  for (const id of needs) {
    const is = known.get(id);
    if (is === undefined) continue;
    const become: Health[] =
      is === 'active' ? ['failed'] : is === 'failed' ? ['active'] : ['active', 'failed'];
    found = found.flatMap((set) => become.map((health) => [...set, { id, health }]));
  }
  return found;
}

test('the release of a group takes effect at the time it says', () => {
  fc.assert(
    fc.property(config, actions(20), (configuration, list) => {
      const run = begin(configuration);
      for (const action of list) {
        const event = toEvent(run, action);
        if (event !== null) feed(run, event);
      }
      if (!run.state.ready) return;
      const known = healths(run);
      for (const group of explain(run.policy, run.state).groups) {
        const { needs, at, alternatives } = group.release;
        const holds = hasLeft(group);
        expect(comesTrue(run, [], holds), `${group.sentence} alone`).toBe(at);
        if (needs.length === 0) continue;
        for (const way of [group.release, ...alternatives]) {
          if (way.earliest === null) continue;
          const moments = turns(way, known).map((turned) => comesTrue(run, turned, holds));
          expect(moments, group.sentence).toContain(way.earliest);
        }
      }
    }),
    runs(0.1),
  );
}, 300_000);

test('the release of a destination that is down takes effect', () => {
  fc.assert(
    fc.property(config, actions(20), (configuration, list) => {
      const run = begin(configuration);
      for (const action of list) {
        const event = toEvent(run, action);
        if (event !== null) feed(run, event);
      }
      if (!run.state.ready) return;
      const known = healths(run);
      const isFree = (id: string) => (policy: Policy, state: State) => {
        const [found] = explain(policy, state, { only: new Set([id]) }).destinations;
        return found?.want !== 'down';
      };
      for (const { id, want, release, sentence } of explain(run.policy, run.state).destinations) {
        if (want !== 'down') continue;
        expect(comesTrue(run, [], isFree(id)), `${sentence} alone`).toBe(release.at);
        if (release.needs.length === 0 || release.earliest === null) continue;
        const moments = turns(release, known).map((turned) => comesTrue(run, turned, isFree(id)));
        expect(moments, sentence).toContain(release.earliest);
      }
    }),
    runs(0.1),
  );
}, 300_000);

test('a group whose sources are all known has a release, unless an operator has to release one', () => {
  fc.assert(
    fc.property(config, actions(20), (configuration, list) => {
      const run = begin(configuration);
      for (const action of list) {
        const event = toEvent(run, action);
        if (event !== null) feed(run, event);
      }
      const { groups, destinations } = explain(run.policy, run.state);
      const all: readonly (GroupExplanation | DestinationExplanation)[] = [...groups, ...destinations];
      for (const { sentence } of all) expect(sentence).toMatch(/^\S.*[.]$/);
      const anyHeld = groups.some(
        ({ phase, latched }) => phase === 'paused' || phase === 'drained' || latched,
      );
      const allRead = groups.every(({ sources }) => sources.every(({ health }) => health !== 'unknown'));
      if (!run.state.ready || anyHeld || !allRead) return;
      for (const { release, phase } of groups) {
        if (phase === 'up' || phase === 'down' || phase === 'coming-up') continue;
        expect(release.at).not.toBeNull();
      }
    }),
    runs(0.1),
  );
}, 300_000);
