import { checkEvent, checkPolicy, checkTime } from '../check.ts';
import { copyGroup, copyTarget } from '../engine/copy.ts';
import type { DestinationReading, PolicyEvent } from '../events.ts';
import { type Compiled, own, type Policy } from '../policy.ts';
import { StateError, type Step, type TargetState } from '../state.ts';
import { isLike, parseVersion, type Saved, type SavedGroup } from './parse.ts';
import { rebuild, ruleOf, toRecord } from './rebuild.ts';

/** The result of `restart`. */
export interface Restarted extends Step {
  /** Groups that start anew, as after `start`: the text does not have them, or with another requirement. */
  readonly anew: readonly string[];
}

/**
 * Continues in another process where an earlier one ended: delays, penalties, suppressions and pauses continue on the same
 * clock. Replaces `start` and the first complete event. The text may be some events old: the readings are true, and
 * differences are decided on now.
 *
 * A group with another requirement starts anew. A destination that differs from the text is set as its groups want, as at a
 * first start: another program changed it while no process ran, or the text is old. A destination that is as the text says
 * stays as it is, even if another program had set it down and that was respected.
 *
 * @param text from `serialize`
 * @param readings complete, with the destinations. A check that has not answered yet is `unknown`; that does not interrupt a
 * group that is coming up
 * @param now monotonic milliseconds, on the clock of the text
 * @throws {StateError} when the text is not a saved state, of another version, or written later than `now`
 * @throws {TypeError} when an argument is not what its type says
 */
export function restart(
  policy: Policy,
  text: string,
  readings: PolicyEvent & { readonly type: 'sources' },
  now: number,
): Restarted {
  checkPolicy(policy);
  checkEvent(readings, 'readings');
  checkTime('now', now);
  const saved = parseVersion(text);
  if (typeof saved.now !== 'number' || saved.now > now) {
    throw new StateError('This state was saved later than now: by another clock.');
  }
  const compiled = policy as Compiled;
  const groups = Object.fromEntries(
    compiled.groups.flatMap((name, group): [string, SavedGroup][] => {
      const was = likeGroup(own(Object(saved.groups) as Saved['groups'], name));
      return was?.rule === ruleOf(compiled, group) ? [[name, was]] : [];
    }),
  );
  const going: Saved = {
    version: 1,
    now,
    ready: true,
    counters: { events: 0, transitions: 0, effects: 0, failures: 0, foreignChanges: 0 },
    sources: sourcesNow(compiled, Object(saved.sources) as Saved['sources'], readings, now),
    groups,
    destinations: destinationsNow(
      compiled,
      Object(saved.destinations) as Saved['destinations'],
      readings,
      now,
    ),
  };
  const anew = compiled.groups.filter((name) => own(groups, name) === undefined);
  return { ...rebuild(compiled, going, now, 'restart'), anew };
}

/** A field that an older version did not write has its default. */
function likeGroup(entry: SavedGroup | undefined): SavedGroup | undefined {
  const model = { ...copyGroup({}, 0), requirement: 'unknown' as const, memory: {}, rule: '' };
  const filled = { ...model, ...entry };
  const timed = filled.until === null || typeof filled.until === 'number';
  return entry !== undefined && timed && isLike(filled, model) ? filled : undefined;
}

function sourcesNow(
  { sources }: Compiled,
  saved: Saved['sources'],
  { sources: listed }: PolicyEvent & { readonly type: 'sources' },
  now: number,
): Saved['sources'] {
  const readings = new Map(listed.map((reading) => [reading.id, reading]));
  return toRecord(sources, (id) => {
    const { health, reason } = readings.get(id) ?? { health: 'failed', reason: 'missing' };
    const was = own(saved, id);
    const since = was?.health === health && typeof was.since === 'number' ? was.since : now;
    return { health, reason, since };
  });
}

function destinationsNow(
  { destinations }: Compiled,
  saved: Saved['destinations'],
  { destinations: listed = [] }: PolicyEvent & { readonly type: 'sources' },
  now: number,
): Saved['destinations'] {
  const readings = new Map(listed.map((reading) => [reading.id, reading]));
  return toRecord(destinations, (id) => {
    const reading: DestinationReading = readings.get(id) ?? { id, is: 'missing' };
    const was = likeTarget(own(saved, id));
    const same = was?.is === reading.is && was.pending === null && was.error === null;
    // One that differs has no opinions: what its groups want now is written.
    const target = copyTarget(same ? was : {}, now);
    target.is = reading.is;
    target.owned = reading.is === 'down' && (reading.owned ?? target.owned);
    return target;
  });
}

function likeTarget(entry: TargetState | undefined): TargetState | undefined {
  const model = copyTarget({}, 0);
  const filled = { ...model, ...entry };
  return entry !== undefined && isLike(filled, model) ? filled : undefined;
}
