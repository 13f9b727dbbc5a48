import type { GroupStatus, PolicyConfig } from '@ifdepd/policy';
import { naiveModel } from '@ifdepd/policy/testing';

/** What a source is in the kernel. */
export interface SourceState {
  readonly isActive: boolean;
  readonly since: number;
  /** Whether it is active again before the kernel has reported its loss: then it reports neither of the two at once. */
  readonly isUnreported: boolean;
}

/** A change that a daemon has made to a destination, and what it could know by then. */
export interface Write {
  readonly id: string;
  readonly to: 'up' | 'down';
  /** When it was made. */
  readonly at: number;
  /** When the daemon had last read all messages. */
  readonly drainedAt: number;
  /** When a call failed last. */
  readonly failedAt: number;
  /** How long each call takes. */
  readonly slowMs: number;
  readonly sources: ReadonlyMap<string, SourceState>;
}

/** Milliseconds after which the kernel has reported a loss for certain: two rounds of its window, and some. */
const REPORTED_MS = 2300;

/** Milliseconds within which a daemon finds out that a source that was lost and not reported is active again. */
const OVER_MS = 500;

/** Calls that a daemon makes at most until it looks at a source again. */
const CALLS_A_LOOK = 60;

/** Milliseconds after a failed call in which a daemon may not know what the kernel has reported. */
const UNKNOWN_MS = 35_000;

/** What a group is that an operator holds, and since when. */
export interface Hold {
  readonly phase: 'paused' | 'drained';
  readonly since: number;
}

/**
 * Whether a daemon sets no destination against what it has read: a loss that is over, or one that has long been reported; and
 * none whose groups are paused.
 */
export class WriteJudge {
  readonly #writes: Write[] = [];
  #beganAt = Number.NEGATIVE_INFINITY;

  wrote(write: Write): void {
    this.#writes.push(write);
  }

  /** What was written before was written by other rules, or in the end of a daemon. */
  forget(): void {
    this.#writes.length = 0;
  }

  /** A daemon starts: it does not know how long sources have been what they are, and may wait for each delay. */
  began(at: number): void {
    this.#beganAt = at;
  }

  /** @param held the groups that an operator holds @returns what was wrong since the last look */
  wrong(policy: PolicyConfig, held: ReadonlyMap<string, Hold>): readonly string[] {
    return this.#writes.splice(0).flatMap((write) => {
      const groups = Object.entries(policy.groups).filter(
        ([, { destinations }]) => destinations?.includes(write.id) === true,
      );
      const holds = groups.flatMap(([name]) => held.get(name) ?? []);
      if (
        holds.length > 0 &&
        holds.length === groups.length &&
        holds.every(({ phase, since }) => phase === 'paused' && since < write.at - write.slowMs)
      ) {
        return [`${write.id} is set ${write.to}, and its groups are paused`];
      }
      const mustKnow = write.at - write.failedAt > UNKNOWN_MS;
      if (!mustKnow || groups.length === 0 || holds.length > 0) {
        return [];
      }
      const delayMs = Math.max(
        ...groups.map(([, { upDelayMs = 0, downDelayMs = 0 }]) =>
          write.to === 'up' ? downDelayMs : upDelayMs,
        ),
      );
      const times = [...write.sources.values()].map((state) => knownAt(state, write));
      const after = Math.max(this.#beganAt, ...times) + delayMs;
      // Before it sets something up, it has to read what there is.
      const known = write.to === 'up' ? write.at : write.drainedAt;
      const against = after < known && wantAtOnce(policy, write) !== write.to;
      return against ? [`${write.id} is set ${write.to}, against what the kernel has reported`] : [];
    });
  }
}

/** When a daemon knows for certain what a source is. */
function knownAt({ isActive, since, isUnreported }: SourceState, { slowMs }: Write): number {
  const looksMs = CALLS_A_LOOK * slowMs;
  return since + (isActive ? (isUnreported ? OVER_MS + looksMs : 0) : REPORTED_MS + looksMs);
}

/** What a destination has to be by the sources, without any delay. */
function wantAtOnce(policy: PolicyConfig, { id, sources }: Write): 'up' | 'down' | 'none' {
  const groups = Object.entries(policy.groups).map(
    ([name, group]) => [name, { ...group, upDelayMs: 0, downDelayMs: 0 }] as const,
  );
  const model = naiveModel({ groups: Object.fromEntries(groups) }, 0);
  model.feed(
    {
      type: 'sources',
      complete: true,
      sources: [...sources].map(([source, { isActive }]) => ({
        id: source,
        health: isActive ? 'active' : 'failed',
        reason: '',
      })),
    },
    0,
  );
  return model.want(id);
}

/** The groups that an operator holds. */
export function heldOf(groups: readonly GroupStatus[]): ReadonlyMap<string, Hold> {
  return new Map(
    groups.flatMap(({ name, phase, since }) =>
      phase === 'paused' || phase === 'drained' ? [[name, { phase, since }] as const] : [],
    ),
  );
}
