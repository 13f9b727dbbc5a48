import type { GroupConfig, PolicyConfig } from '../config.ts';
import type { Phase, PolicyEvent } from '../events.ts';
import { type NaiveDestination, type NaiveWrite, naiveRead, naiveWrite } from './naive-destination.ts';
import { naiveWeight, possible, type Readings } from './naive-expression.ts';
import { advanceNaively, type NaiveGroup, naiveDue } from './naive-group.ts';

/** The naive model of a policy: mutable, slow, and written from the specification, independently of the engine. */
export interface NaiveModel {
  /** Applies one event and returns the writes to make, in the order of the configuration. */
  feed(event: PolicyEvent, now: number): readonly NaiveWrite[];
  readonly groups: ReadonlyMap<string, NaiveGroup>;
  readonly destinations: ReadonlyMap<string, NaiveDestination>;
  /** When time alone changes something next, or null. */
  nextDeadline(): number | null;
  /** What the groups together want of a destination. */
  want(destination: string): 'up' | 'down' | 'none';
  /**
   * Whether a destination must not be up: the requirement of one of its groups has certainly failed, no delay of that group is
   * running, and the group is not paused; or one of them is drained.
   */
  mustBeDown(destination: string): boolean;
}

/** Whether a group names a destination. */
const names = ({ destinations = [] }: GroupConfig, id: string): boolean => destinations.includes(id);

/**
 * A deliberately naive model: it evaluates everything on every event. Compare it with the engine, or with a whole daemon,
 * after each event of a random stream.
 *
 * @param config a configuration that `compile` accepts
 * @param now monotonic milliseconds
 */
export function naiveModel(config: PolicyConfig, now: number): NaiveModel {
  if (typeof config?.groups !== 'object' || config.groups === null) {
    throw new TypeError(`config must be a configuration with groups, not ${String(config)}.`);
  }
  let clock = now;
  let ready = false;
  const sources: Readings = { health: new Map(), phase: new Map(), held: new Map() };
  const groups = new Map<string, NaiveGroup>();
  const destinations = new Map<string, NaiveDestination>();
  for (const [name, group] of Object.entries(config.groups)) {
    groups.set(name, {
      config: group,
      phase: 'starting',
      since: now,
      wasDown: false,
      graceEnds: now + (group.startDelayMs ?? 0),
      pausedUntil: null,
      hidden: 0,
      penalty: 0,
      penaltyAt: now,
      suppressedUntil: now + (group.startHoldMs ?? 0),
      holds: (group.startHoldMs ?? 0) > 0,
      requirement: 'unknown',
      weight: 0,
      latched: false,
    });
    for (const id of group.destinations ?? []) {
      const members = Object.values(config.groups).filter((other) => names(other, id));
      destinations.set(id, {
        is: 'unknown',
        flying: null,
        owed: null,
        ours: false,
        error: null,
        failures: 0,
        notBefore: now,
        fighting: false,
        fights: 0,
        lastFight: now,
        foreign: 0,
        due: null,
        insistsDown: members.some(({ enforce }) => enforce !== 'never'),
        insistsUp: members.some(({ enforce }) => enforce === 'always'),
        ownedOnly: members.some(({ raise }) => raise === 'owned'),
      });
    }
  }

  const opinion = (phase: Phase): 'up' | 'down' | 'none' => {
    if (phase === 'up' || phase === 'going-down') return 'up';
    return phase === 'starting' || phase === 'paused' ? 'none' : 'down';
  };
  const opinions = (id: string): string[] =>
    [...groups.values()].filter((group) => names(group.config, id)).map(({ phase }) => opinion(phase));
  const want = (id: string): 'up' | 'down' | 'none' => {
    if (opinions(id).includes('down')) return 'down';
    return opinions(id).includes('up') ? 'up' : 'none';
  };

  function take(event: PolicyEvent): void {
    const readSource = (id: string, health: 'active' | 'failed' | 'unknown'): void => {
      if (ready) sources.health.set(id, health);
    };
    if (event.type === 'source') readSource(event.source.id, event.source.health);
    if (event.type === 'sources') {
      const listed = new Map(event.destinations?.map((reading) => [reading.id, reading]));
      for (const [id, destination] of destinations) {
        const reading = listed.get(id);
        if (reading !== undefined) naiveRead(destination, reading, want(id), clock);
        else if (event.complete && event.destinations)
          naiveRead(destination, { is: 'missing' }, want(id), clock);
      }
      ready ||= event.complete;
      if (ready && event.complete) for (const id of sources.health.keys()) readSource(id, 'failed');
      if (ready && event.complete) sources.unlisted = 'failed';
      for (const { id, health } of event.sources) readSource(id, health);
    }
    if (event.type === 'destination') {
      const destination = destinations.get(event.id);
      if (destination) naiveRead(destination, event, want(event.id), clock);
    }
    if (event.type === 'effect-failed') {
      const destination = destinations.get(event.effect.destination);
      if (destination?.flying === event.effect.to) {
        destination.flying = null;
        destination.error = event.code;
        destination.failures += 1;
        destination.notBefore = clock + Math.min(30_000, 100 * 2 ** (destination.failures - 1));
      }
    }
    if (event.type === 'pause' || event.type === 'drain') {
      const phase = event.type === 'pause' ? 'paused' : 'drained';
      const group = groups.get(event.group);
      if (group && (event.until === undefined || event.until > clock)) {
        if (group.phase !== phase) group.since = clock;
        group.holds = false;
        group.phase = phase;
        group.pausedUntil = event.until ?? null;
      }
    }
    if (event.type === 'resume') {
      const group = groups.get(event.group);
      if (group?.phase === 'paused' || group?.phase === 'drained') group.pausedUntil = clock;
    }
    if (event.type === 'restore') {
      const group = groups.get(event.group);
      if (group) group.latched = false;
    }
  }

  /** Advances a group, and before it the groups that it requires. */
  function visit(name: string, visited: Set<string>, before: ReadonlyMap<string, Phase>): void {
    const group = groups.get(name);
    if (group === undefined || visited.has(name)) return;
    visited.add(name);
    const answer = possible(group.config.require, name, sources, (other) => visit(other, visited, before));
    group.weight = naiveWeight(group.config.require, name, sources, (other) => visit(other, visited, before));
    group.requirement = answer.canHold ? (answer.canFail ? 'unknown' : 'active') : 'failed';
    advanceNaively(group, clock, ready);
    sources.phase.set(name, group.phase);
  }

  return {
    groups,
    destinations,
    want,
    feed(event, time) {
      clock = Math.max(clock, time);
      const before = new Map([...groups].map(([name, { phase }]) => [name, phase]));
      take(event);
      const visited = new Set<string>();
      for (const name of groups.keys()) visit(name, visited, before);
      const writes: NaiveWrite[] = [];
      for (const [id, destination] of destinations) {
        const wanted = want(id);
        const changed = [...groups].some(
          ([name, group]) =>
            names(group.config, id) &&
            opinion(group.phase) === wanted &&
            opinion(before.get(name) ?? 'starting') !== wanted,
        );
        const to = naiveWrite(destination, wanted, changed && wanted !== 'none' ? wanted : null, clock);
        if (to !== null) writes.push({ destination: id, to });
      }
      return writes;
    },
    nextDeadline() {
      const dues = [
        ...[...groups.values()].map(naiveDue),
        ...[...destinations.values()].map(({ due }) => due),
      ].filter((due) => due !== null);
      return dues.length > 0 ? Math.min(...dues) : null;
    },
    mustBeDown: (id) =>
      [...groups.values()].some(
        (group) =>
          names(group.config, id) &&
          (group.requirement === 'failed' || group.phase === 'drained') &&
          group.phase !== 'paused' &&
          !(group.phase === 'going-down' && clock < group.since + (group.config.downDelayMs ?? 0)) &&
          !(group.phase === 'starting' && clock < group.graceEnds),
      ),
  };
}
