import type { GroupConfig, GroupStatus, PolicyConfig, SourceReading } from '@ifdepd/policy';
import { naiveModel } from '@ifdepd/policy/testing';

/** What a source is in the kernel. */
export interface SourceState {
  readonly isActive: boolean;
  readonly since: number;
  /** Whether it is active again before the kernel has reported its loss: then it reports neither of the two at once. */
  readonly isUnreported: boolean;
  /** When the daemon had read all messages for the first time since then; null while it has not. */
  readonly readAt: number | null;
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
 * Whether each change of a destination follows from what the daemon can take its sources for: not from a loss that is over, nor
 * against one that has long been reported. And whether it makes none while the groups of the destination are paused.
 */
export class WriteJudge {
  /** Each with the rules by which it was made, if not by the present ones. */
  readonly #writes: { readonly write: Write; readonly rules?: PolicyConfig }[] = [];
  #beganAt = Number.NEGATIVE_INFINITY;
  /** When a group last began to wait for reasons of its own. */
  readonly #waits = new Map<string, number>();
  readonly #drained = new Set<string>();

  wrote(write: Write): void {
    this.#writes.push({ write });
  }

  /** What was written before was written in the end of a daemon. */
  forget(): void {
    this.#writes.length = 0;
  }

  /** A daemon starts: it does not know how long sources have been what they are, and may wait for each delay. */
  began(at: number): void {
    this.#beganAt = at;
    this.#waits.clear();
  }

  /**
   * The rules have changed, and what was written meanwhile may follow from either. A group with another requirement may wait
   * for its delay, whatever its sources were before.
   */
  reloaded(before: PolicyConfig, after: PolicyConfig, at: number): void {
    this.#writes.push(...this.#writes.splice(0).map(({ write, rules = before }) => ({ write, rules })));
    const ruleOf = ({ groups }: PolicyConfig, name: string) => JSON.stringify(groups[name]?.require);
    for (const name of Object.keys(after.groups)) {
      if (ruleOf(before, name) !== ruleOf(after, name)) {
        this.#waits.set(name, at);
      }
    }
  }

  /** @param held the groups that an operator holds @returns what was wrong since the last look */
  wrong(policy: PolicyConfig, held: ReadonlyMap<string, Hold>, now: number): readonly string[] {
    this.#noteDrains(held, now);
    return this.#writes.splice(0).flatMap(({ write, rules = policy }) => {
      const found = this.#wrongBy(policy, held, write);
      return found === null || this.#wrongBy(rules, held, write) === null ? [] : [found];
    });
  }

  #wrongBy(policy: PolicyConfig, held: ReadonlyMap<string, Hold>, write: Write): string | null {
    const groups = Object.entries(policy.groups).filter(
      ([, { destinations }]) => destinations?.includes(write.id) === true,
    );
    const holds = groups.flatMap(([name]) => held.get(name) ?? []);
    if (
      holds.length > 0 &&
      holds.length === groups.length &&
      holds.every(({ phase, since }) => phase === 'paused' && since < write.at - write.slowMs)
    ) {
      return `${write.id} is set ${write.to}, and its groups are paused`;
    }
    const mustKnow = write.at - write.failedAt > UNKNOWN_MS;
    if (!mustKnow || groups.length === 0 || holds.length > 0) {
      return null;
    }
    const wants = groups.map(([name, group]) => this.#wantBelieved(name, group, write));
    const isExplained =
      write.to === 'down' ? wants.includes('down') : wants.includes('up') && !wants.includes('down');
    return isExplained ? null : `${write.id} is set ${write.to}, against what the kernel has reported`;
  }

  /** The end of a drain begins an up-delay. */
  #noteDrains(held: ReadonlyMap<string, Hold>, now: number): void {
    for (const name of this.#drained) {
      if (held.get(name)?.phase !== 'drained') {
        this.#drained.delete(name);
        this.#waits.set(name, now);
      }
    }
    for (const [name, { phase }] of held) {
      if (phase === 'drained') {
        this.#drained.add(name);
      }
    }
  }

  /** What a group wants by what the daemon can take its sources for at a write, in favour of this write. */
  #wantBelieved(name: string, group: GroupConfig, write: Write): 'up' | 'down' | 'none' {
    const { upDelayMs = 0, downDelayMs = 0 } = group;
    const delayMs = write.to === 'up' ? downDelayMs : upDelayMs;
    // Before it sets something up, it has to read what there is.
    const known = write.to === 'up' ? write.at : write.drainedAt;
    const waitsSince = Math.max(this.#beganAt, this.#waits.get(name) ?? Number.NEGATIVE_INFINITY);
    const sources = [...write.sources].map(([id, state]): SourceReading => {
      const isKnown = Math.max(waitsSince, knownAt(state, write, delayMs)) + delayMs < known;
      const isActive = isKnown ? state.isActive : write.to === 'up';
      return { id, health: isActive ? 'active' : 'failed', reason: '' };
    });
    const atOnce = { ...group, upDelayMs: 0, downDelayMs: 0 };
    const model = naiveModel({ groups: { [name]: atOnce } }, 0);
    model.feed({ type: 'sources', complete: true, sources }, 0);
    return model.want(write.id);
  }
}

/**
 * When a daemon knows for certain what a source is, and its delay begins. A loss that is over sets nothing down, except with an
 * up-delay: the source must have been active for so long since the daemon read of it.
 */
function knownAt(
  { isActive, since, isUnreported, readAt }: SourceState,
  { slowMs }: Write,
  delayMs: number,
): number {
  const looksMs = CALLS_A_LOOK * slowMs;
  if (!isActive) {
    return since + REPORTED_MS + looksMs;
  }
  const activeAt = delayMs > 0 ? (readAt ?? Number.POSITIVE_INFINITY) : since;
  return activeAt + (isUnreported ? OVER_MS + looksMs : 0);
}

/** The groups that an operator holds. */
export function heldOf(groups: readonly GroupStatus[]): ReadonlyMap<string, Hold> {
  return new Map(
    groups.flatMap(({ name, phase, since }) =>
      phase === 'paused' || phase === 'drained' ? [[name, { phase, since }] as const] : [],
    ),
  );
}
