import type { GroupStatus } from '@ifdepd/policy';
import { messageOf } from '../system/errors.ts';
import type { Loop, Timer } from '../system/loop.ts';
import type { Actuator } from './actuator.ts';
import { type Bindings, perRules } from './bindings.ts';
import type { PolicyLoop } from './policy-loop.ts';
import type { PolicyState } from './policy-state.ts';

/** Milliseconds until a file that could not be written is written again. */
const AGAIN_MS = 1000;

/** The change of a number. */
export interface WeightChange {
  readonly destination: string;
  readonly group: string;
  readonly number: number | null;
  /** Why it could not be written; null where it was. */
  readonly error: Error | null;
}

/** Hears of a destination that was written. */
type Writer = Pick<PolicyLoop, 'feed' | 'isDue'>;

/** The options of {@link weights}. */
export interface WeightParts {
  readonly bindings: Pick<Bindings, 'now'>;
  readonly state: Pick<PolicyState, 'status'>;
  readonly changed: (change: WeightChange) => void;
  readonly eventLoop: Loop;
}

/**
 * Writes the numbers of destinations that hold the weight of a group, as the sources change it: the policy sets a destination
 * only when its group goes up or down. Costs nothing where there are none; else the status of all groups for each decision.
 */
export function weights({ bindings, state, changed, eventLoop }: WeightParts) {
  const followers = perRules(bindings, ({ destinations = new Map() }) =>
    [...destinations.values()].flatMap((one) => (one.action === 'weight' ? [one] : [])),
  );
  const refused = new Map<string, string>();
  let timer: Timer | undefined;

  function groupsNow(): ReadonlyMap<string, GroupStatus> {
    return new Map(state.status().groups.map((group) => [group.name, group]));
  }

  /** Tells a destination what its number has to be. @returns whether it has to be written */
  function weigh(id: string, group: string, groups: ReadonlyMap<string, GroupStatus>): boolean {
    const found = groups.get(group);
    return found !== undefined && bindings.now.destinations.get(id)?.weigh?.(found) === true;
  }

  function writeOne(loop: Writer, id: string, group: GroupStatus): void {
    const driver = bindings.now.destinations.get(id);
    const to = group.phase === 'up' || group.phase === 'going-down' ? 'up' : 'down';
    try {
      const setting = driver?.set(to);
      refused.delete(id);
      // No program writes a number.
      if (!(setting instanceof Promise) && setting?.changed === true) {
        changed({ destination: id, group: group.name, number: driver?.number?.() ?? null, error: null });
      }
      loop.feed({ type: 'destination', id, is: to });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      timer ??= eventLoop.setTimer(() => again(loop), AGAIN_MS);
      if (refused.get(id) !== messageOf(error)) {
        refused.set(id, messageOf(error));
        changed({ destination: id, group: group.name, number: null, error });
      }
    }
  }

  function again(loop: Writer): void {
    timer = undefined;
    writeAll(loop);
  }

  function writeAll(loop: Writer): void {
    if (followers().length === 0) {
      return;
    }
    const groups = groupsNow();
    for (const { id, group } of followers()) {
      const found = groups.get(group);
      if (found !== undefined && !loop.isDue(id) && weigh(id, group, groups)) {
        writeOne(loop, id, found);
      }
    }
  }

  return {
    /** Tells a destination its number before it is set. */
    weighed: (acting: Actuator): Actuator => ({
      ...acting,
      apply(effect) {
        const one = followers().find(({ id }) => id === effect.destination);
        if (one !== undefined) {
          weigh(one.id, one.group, groupsNow());
        }
        return acting.apply(effect);
      },
    }),
    /** Writes the numbers that have changed. Nothing is written to a destination that is about to be set. */
    writeAll,
    [Symbol.dispose]: () => eventLoop.clearTimer(timer),
  };
}
