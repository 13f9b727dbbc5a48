import { SystemError } from '@ifdepd/libc';
import type { DestinationReading, Effect, PolicyEvent } from '@ifdepd/policy';
import type { AnyDriver, Setting, Undo } from './destinations/index.ts';
import type { PendingLosses } from './pending-losses.ts';

/** The result of an effect. */
export interface Outcome {
  readonly effect: Effect;
  /** True where something was written; false where the destination was that way already. */
  readonly changed: boolean;
  /** What it takes to undo it; null where that takes no value. */
  readonly undoValue: number | null;
  /** Why it failed. */
  readonly error: Error | null;
  /** A program did it, and took its time; one that failed may have done a part. Left out where none did. */
  readonly byProgram?: true;
  /** The event that the policy is fed. */
  readonly answer: PolicyEvent;
}

/** Does what the policy wants. Never throws: a failure is an outcome like any other. */
export interface Actuator {
  /** @returns a promise where a program does it */
  apply(effect: Effect): Outcome | Promise<Outcome>;
  /** What its destination is, for the policy: the effect is not applied, as it is no longer wanted. */
  read(effect: Effect): PolicyEvent;
  /** What the kernel has done of it in our name, though it is not applied; null for nothing. */
  done(effect: Effect): Outcome | null;
}

/** Records a write that is about to happen. The record has to be durable when it returns. */
export type Intend = (destination: string, to: 'up' | 'down', undo?: Undo) => void;

/** The answer of a driver. */
type Found = Omit<Setting, 'is'> & Pick<DestinationReading, 'is'>;

/**
 * Sets destinations by their drivers.
 *
 * @param intend called right before a write that has to be undone later
 * @param isUndone the destinations, besides those whose driver says so, of which a write has to be undone later
 */
export function actuator(
  driverOf: (destination: string) => AnyDriver | undefined,
  intend: Intend = () => {},
  isUndone?: (destination: string) => boolean,
): Actuator {
  function driver(id: string): AnyDriver {
    const found = driverOf(id);
    if (found === undefined) {
      throw new Error(`there is no way to set ${id}`);
    }
    return found;
  }

  return {
    apply(effect) {
      const { destination: id, to } = effect;
      try {
        const one = driver(id);
        const isRecorded = one.needsUndo === true || isUndone?.(id) === true;
        const set = one.set(to, isRecorded ? (undo) => intend(id, to, undo) : undefined);
        return set instanceof Promise
          ? set
              .then(
                (found) => done(effect, found),
                (error: unknown) => failed(effect, error),
              )
              .then((outcome) => ({ ...outcome, byProgram: true }) as const)
          : done(effect, set);
      } catch (error) {
        return failed(effect, error);
      }
    },
    read(effect) {
      try {
        return done(effect, { changed: false, is: driver(effect.destination).read() }).answer;
      } catch (error) {
        return failed(effect, error).answer;
      }
    },
    done: () => null,
  };
}

/** A destination that was changed is ours, even if it could not be read before. */
function done(effect: Effect, { changed, is, undoValue }: Found): Outcome {
  const answer: PolicyEvent = { type: 'destination', id: effect.destination, is };
  return {
    effect,
    changed,
    undoValue: undoValue ?? null,
    error: null,
    answer: changed && is === 'down' ? { ...answer, owned: true } : answer,
  };
}

/** A failure to reach a destination that is not there is an answer, too. */
function failed(effect: Effect, error: unknown): Outcome {
  if (error instanceof SystemError && error.kind === 'not-found') {
    return nothing(effect, { type: 'destination', id: effect.destination, is: 'missing' });
  }
  const reason = error instanceof Error ? error : new Error(String(error));
  return { ...nothing(effect, { type: 'effect-failed', effect, code: codeOf(reason) }), error: reason };
}

function nothing(effect: Effect, answer: PolicyEvent): Outcome {
  return { effect, changed: false, undoValue: null, error: null, answer };
}

/** Reports each destination that a write has changed, before anything is made of it. */
export function reporting(actuator: Actuator, changed: (destination: string) => void): Actuator {
  function noted<Result extends Outcome | null>(outcome: Result): Result {
    if (outcome?.changed === true) {
      changed(outcome.effect.destination);
    }
    return outcome;
  }
  return {
    ...actuator,
    apply(effect) {
      const outcome = actuator.apply(effect);
      return outcome instanceof Promise ? outcome.then(noted) : noted(outcome);
    },
    done: (effect) => noted(actuator.done(effect)),
  };
}

/** Attributes to us what the kernel has done in our name: a destination that it has set was changed all the same. */
export function assisted(
  actuator: Actuator,
  losses: Pick<PendingLosses, 'takeLowered' | 'takeRaised'>,
): Actuator {
  return {
    ...actuator,
    apply(effect) {
      const { destination: id, to } = effect;
      const took = to === 'down' ? losses.takeLowered(id) : losses.takeRaised(id);
      if (to === 'up' && took === true) {
        // It went up. Where it is down again, another program has done that since: the events of it are fed later.
        return { ...nothing(effect, { type: 'destination', id, is: 'up' }), changed: true };
      }
      const outcome = actuator.apply(effect);
      return !(outcome instanceof Promise) && took !== false && outcome.error === null
        ? { ...outcome, changed: true }
        : outcome;
    },
    done(effect) {
      const { destination: id, to } = effect;
      if (to === 'up') {
        return losses.takeRaised(id) === true
          ? { ...nothing(effect, { type: 'destination', id, is: 'up' }), changed: true }
          : null;
      }
      if (!losses.takeLowered(id)) {
        return null;
      }
      const answer = actuator.read(effect);
      return answer.type === 'destination' && answer.is === 'down'
        ? { ...nothing(effect, answer), changed: true }
        : null;
    },
  };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'ERR_INTERNAL';
}

/** Sets nothing and says that it did: for --dry-run. */
export function dryActuator(): Actuator {
  return {
    apply: (effect) => ({
      ...nothing(effect, { type: 'destination', id: effect.destination, is: effect.to }),
      changed: true,
    }),
    read: ({ destination, to }) => ({
      type: 'destination',
      id: destination,
      is: to === 'up' ? 'down' : 'up',
    }),
    done: () => null,
  };
}
