import {
  compile,
  type Effect,
  type Policy,
  type PolicyConfig,
  type PolicyEvent,
  recompile,
  restore,
  type State,
  type Step,
  serialize,
  start,
  step,
} from '../../src/index.ts';
import { type Action, DESTINATIONS, SOURCES } from './arbitraries.ts';

/** An engine under test, driven by actions. */
export interface Run {
  readonly policy: Policy;
  now: number;
  state: State;
  last: Step;
  /** Effects without an answer. */
  readonly flying: Effect[];
}

/** Starts a run. */
export function begin(config: PolicyConfig, now = 0): Run {
  const policy = compile(config);
  const last = start(policy, now);
  return { policy, now, state: last.state, last, flying: [] };
}

/** Applies an action to the run, and returns the event to feed, if any. */
export function toEvent(run: Run, action: Action): PolicyEvent | null {
  switch (action.do) {
    case 'source':
      return { type: 'source', source: { id: action.id, health: action.health, reason: action.health } };
    case 'snapshot': {
      const sources = SOURCES.flatMap((id, i) => {
        const health = action.health[i] ?? null;
        return health === null ? [] : [{ id, health, reason: health }];
      });
      const destinations = action.is?.flatMap((is, i) =>
        is === null ? [] : [{ id: DESTINATIONS[i] ?? '', is }],
      );
      const { complete } = action;
      return { type: 'sources', complete, sources, ...(destinations === undefined ? {} : { destinations }) };
    }
    case 'destination': {
      const { id, is, owned, slipped } = action;
      const flags = {
        ...(owned === undefined ? {} : { owned }),
        ...(slipped === undefined ? {} : { slipped }),
      };
      return { type: 'destination', id, is, ...flags };
    }
    case 'obey': {
      const effect = run.flying.shift();
      return effect === undefined ? null : { type: 'destination', id: effect.destination, is: effect.to };
    }
    case 'refuse': {
      const effect = run.flying.shift();
      return effect === undefined ? null : { type: 'effect-failed', effect, code: 'EBUSY' };
    }
    case 'pause':
    case 'drain': {
      const until = action.for === null ? {} : { until: run.now + action.for };
      return { type: action.do, group: action.group, ...until };
    }
    case 'resume':
      return { type: 'resume', group: action.group };
    case 'restore group':
      return { type: 'restore', group: action.group };
    case 'deadline':
      run.now = run.last.nextDeadline ?? run.now;
      return { type: 'tick' };
    case 'wait':
      run.now += action.ms;
      return { type: 'tick' };
    case 'roundtrip':
      run.state = JSON.parse(JSON.stringify(run.state));
      return null;
    case 'restore':
      run.state = restore(run.policy, serialize(run.policy, run.state)).state;
      return null;
    case 'recompile':
      run.state = recompile(run.policy, run.state, compile(run.policy.config), run.now).state;
      return null;
  }
}

/** Feeds an event. */
export function feed(run: Run, event: PolicyEvent): Step {
  run.last = step(run.policy, run.state, event, run.now);
  run.state = run.last.state;
  run.flying.push(...run.last.effects);
  return run.last;
}
