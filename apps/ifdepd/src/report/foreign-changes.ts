import type { PolicyConfig, PolicyEvent } from '@ifdepd/policy';
import type { Decision } from '../engine/policy-loop.ts';
import type { LogEntry } from '../log/index.ts';

/** Finds what somebody else did to a destination and nothing was done against. */
export interface ForeignChanges {
  /** The phase of a group that a daemon goes on with, without a transition. */
  inPhase(group: string, phase: string): void;
  /** Quick: runs between one message and the next. */
  in(decision: Pick<Decision, 'event' | 'transitions' | 'outcomes' | 'began'>): readonly ForeignChange[];
}

/** One of them. */
export interface ForeignChange {
  readonly id: string;
  readonly is: 'up' | 'down' | 'missing';
  /** How many like it went before and were not told. */
  readonly untold: number;
}

/** Milliseconds from one line to the next of its kind: as long as between two acts against somebody. */
const [FIRST_MS, LONGEST_MS] = [1000, 30_000];

/** After so many milliseconds without a line, the next one is a first one again. */
const QUIET_MS = 60_000;

/**
 * A destination that was up and is down, or gone, though we did not lower it. An administrator may do so while a group
 * is up, and it is respected: all the more must a log say why the destination is down.
 *
 * And one that was down and is up though it is held: where every group of it has `enforce: never`, that is left so.
 *
 * @param groupsOf the groups of a destination that nobody enforces; empty for all others
 */
export function foreignChanges(
  groupsOf: (destination: string) => readonly string[] = () => [],
): ForeignChanges {
  const known = new Map<string, { is: string; set: 'up' | 'down' | null }>();
  const phases = new Map<string, string>();
  const told = new Map<string, { at: number; wait: number; untold: number }>();

  /** How many of a kind were passed over since the last line; null where this one is, too. */
  function untold(kind: string, now: number): number | null {
    const last = told.get(kind);
    const first = last === undefined || now - last.at >= QUIET_MS;
    if (!first && now - last.at < last.wait) {
      last.untold += 1;
      return null;
    }
    told.set(kind, { at: now, wait: first ? FIRST_MS : Math.min(last.wait * 2, LONGEST_MS), untold: 0 });
    return last?.untold ?? 0;
  }

  function isHeld(id: string): boolean {
    return groupsOf(id).some((group) => phases.get(group) === 'down' || phases.get(group) === 'coming-up');
  }

  function isForeign(id: string, is: string): is is ForeignChange['is'] {
    const before = known.get(id);
    if (before === undefined || before.is === is || before.is === 'missing') {
      return false;
    }
    // What a protocol reports late of our own lowering is no news.
    return is === 'missing' || (is === 'down' && before.set !== 'down') || (is === 'up' && isHeld(id));
  }

  return {
    inPhase: (group, phase) => void phases.set(group, phase),
    in({ event, transitions, outcomes, began }) {
      for (const { group, to } of transitions) {
        phases.set(group, to);
      }
      const found: ForeignChange[] = [];
      for (const { id, is } of readingsIn(event)) {
        if (!outcomes.some(({ effect }) => effect.destination === id) && isForeign(id, is)) {
          const before = untold(`${id} ${is}`, began);
          if (before !== null) {
            found.push({ id, is, untold: before });
          }
        }
        known.set(id, { is, set: known.get(id)?.set ?? null });
      }
      for (const { effect, answer } of outcomes) {
        if (answer.type === 'destination') {
          known.set(effect.destination, { is: answer.is, set: effect.to });
        }
      }
      return found;
    },
  };
}

/** The groups of each destination that none of its groups enforces, as {@link foreignChanges} asks for them. */
export function unenforcedGroups({ groups }: PolicyConfig): (destination: string) => readonly string[] {
  const of = new Map<string, string[]>();
  const all = Object.entries(groups);
  for (const [name, { destinations, enforce }] of all) {
    for (const id of enforce === 'never' ? destinations : []) {
      of.set(id, [...(of.get(id) ?? []), name]);
    }
  }
  for (const [, { destinations, enforce }] of all) {
    for (const id of enforce === 'never' ? [] : destinations) {
      of.delete(id);
    }
  }
  return (destination) => of.get(destination) ?? [];
}

const WORDS = {
  up: 'raised by someone else, left so (enforce: never)',
  down: 'lowered by someone else',
  missing: 'is gone',
} as const;

/** `carp0: lowered by someone else` */
export function foreignChangeLine({ id, is, untold }: ForeignChange): LogEntry {
  const more =
    untold === 0 ? '' : `; ${untold} more ${untold === 1 ? 'change' : 'changes'} since this was last told`;
  return {
    event: 'foreign-change',
    level: 'warning',
    message: `${id}: ${WORDS[is]}${more}`,
    fields: { destinations: [id], is },
  };
}

function readingsIn(event: PolicyEvent): readonly { readonly id: string; readonly is: string }[] {
  switch (event.type) {
    case 'sources':
      return event.destinations ?? [];
    case 'destination':
      return [event];
    default:
      return [];
  }
}
