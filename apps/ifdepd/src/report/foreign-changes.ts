import type { DestinationReading, PolicyConfig, PolicyEvent } from '@ifdepd/policy';
import type { Decision } from '../engine/policy-loop.ts';
import type { LogEntry } from '../log/index.ts';

/** What ifdepd does about changes by other programs: see `enforce` in ifdepd.conf(5). */
export type Enforce = 'down' | 'always' | 'never';

/** The rules about one destination. */
export interface Enforcement {
  readonly enforce: Enforce;
  /** The groups that name it. */
  readonly groups: readonly string[];
}

export type EnforcementOf = (destination: string) => Enforcement;

const DEFAULT: Enforcement = { enforce: 'down', groups: [] };

/** A change of a destination by another program that nothing was done against. */
export interface ForeignChange {
  readonly id: string;
  readonly is: 'up' | 'down' | 'missing';
  /** The strictest rule of its groups. */
  readonly enforce: Enforce;
  /** How many changes of this kind were not reported before it. */
  readonly unreported: number;
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
 * @param enforcement the rules of a destination's groups. Default: `enforce: down`
 * @param isLeftAlone whether a destination counts as missing because it must not be set, which is reported by itself. Default: none
 */
export function foreignChanges(
  enforcement: EnforcementOf = () => DEFAULT,
  isLeftAlone: (destination: string) => boolean = () => false,
) {
  const known = new Map<string, { is: string; set: 'up' | 'down' | null }>();
  const phases = new Map<string, string>();
  const reported = new Map<string, { at: number; wait: number; unreported: number }>();

  /** How many of a kind were passed over since the last line; null where this one is, too. */
  function unreported(kind: string, now: number): number | null {
    const last = reported.get(kind);
    const first = last === undefined || now - last.at >= QUIET_MS;
    if (!first && now - last.at < last.wait) {
      last.unreported += 1;
      return null;
    }
    reported.set(kind, {
      at: now,
      wait: first ? FIRST_MS : Math.min(last.wait * 2, LONGEST_MS),
      unreported: 0,
    });
    return last?.unreported ?? 0;
  }

  function isHeld(id: string): boolean {
    const { enforce, groups } = enforcement(id);
    return enforce === 'never' && groups.some((group) => DOWN.includes(phases.get(group) ?? ''));
  }

  function isForeign(id: string, is: string): is is ForeignChange['is'] {
    const before = known.get(id);
    if (before === undefined || before.is === is || before.is === 'missing') {
      return false;
    }
    // A late report of our own lowering is not a change.
    return (
      (is === 'missing' && !isLeftAlone(id)) ||
      (is === 'down' && before.set !== 'down') ||
      (is === 'up' && isHeld(id))
    );
  }

  return {
    /** The phase of a group that a daemon goes on with, without a transition. */
    inPhase: (group: string, phase: string): void => void phases.set(group, phase),
    /** Quick: runs between one message and the next. */
    in({
      event,
      transitions,
      outcomes,
      began,
    }: Pick<Decision, 'event' | 'transitions' | 'outcomes' | 'began'>): readonly ForeignChange[] {
      for (const { group, to } of transitions) {
        phases.set(group, to);
      }
      const found: ForeignChange[] = [];
      for (const { id, is, owned } of readingsIn(event)) {
        if (
          owned !== true &&
          !outcomes.some(({ effect }) => effect.destination === id) &&
          isForeign(id, is)
        ) {
          const before = unreported(`${id} ${is}`, began);
          if (before !== null) {
            found.push({ id, is, enforce: enforcement(id).enforce, unreported: before });
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

/** The phases in which a group holds its destinations down. */
const DOWN: readonly string[] = ['down', 'coming-up', 'drained'];

/** The strictest of these rules holds where several groups name a destination. */
const STRICTEST: readonly Enforce[] = ['always', 'down', 'never'];

/** The rules about each destination, as {@link foreignChanges} asks for them. */
export function enforcementOf({ groups }: PolicyConfig): EnforcementOf {
  const of = new Map<string, Enforcement>();
  for (const [name, { destinations = [], enforce = 'down' }] of Object.entries(groups)) {
    for (const id of destinations) {
      const before = of.get(id);
      const rules = before === undefined ? [enforce] : [before.enforce, enforce];
      of.set(id, {
        enforce: STRICTEST.find((rule) => rules.includes(rule)) ?? enforce,
        groups: [...(before?.groups ?? []), name],
      });
    }
  }
  return (destination) => of.get(destination) ?? DEFAULT;
}

/** `carp0: set down by another program; left down (enforce: down)` */
export function foreignChangeLine({ id, is, enforce, unreported }: ForeignChange): LogEntry {
  const reason = enforce === 'always' ? '' : ` (enforce: ${enforce})`;
  const words = is === 'missing' ? 'is gone' : `set ${is} by another program; left ${is}${reason}`;
  const more =
    unreported === 0
      ? ''
      : `; ${unreported} more ${unreported === 1 ? 'change' : 'changes'} since the last report`;
  return {
    event: 'foreign-change',
    level: 'warning',
    message: `${id}: ${words}${more}`,
    fields: { destinations: [id], is },
  };
}

function readingsIn(event: PolicyEvent): readonly DestinationReading[] {
  switch (event.type) {
    case 'sources':
      return event.destinations ?? [];
    case 'destination':
      return [event];
    default:
      return [];
  }
}
