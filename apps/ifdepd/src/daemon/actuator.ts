import { SystemError } from '@ifdepd/libc';
import type { Effect, PolicyEvent } from '@ifdepd/policy';
import type { BeforeWrite, DestinationDriver, Undo } from '../destinations/index.ts';

/** What became of an effect. */
export interface Outcome {
  readonly effect: Effect;
  /** True where something was written; false where the destination was that way already. */
  readonly changed: boolean;
  /** What it takes to undo it; null where nothing has to be kept for that. */
  readonly kept: number | null;
  /** Why it failed. */
  readonly error: Error | null;
  /** What the policy is told. */
  readonly answer: PolicyEvent;
}

/** Does what the policy wants. Never throws: a failure is an outcome like any other. */
export interface Actuator {
  apply(effect: Effect): Outcome;
}

/** Takes note of a write that is about to happen: has to be durable when it returns. */
export type Intend = (destination: string, to: 'up' | 'down', undo?: Undo) => void;

/**
 * Sets destinations by their drivers.
 *
 * @param intend called right before a write that has to be undone later
 * @param isUndone the destinations, besides those whose driver says so, of which a write has to be undone later
 */
export function actuator(
  driverOf: (destination: string) => DestinationDriver | undefined,
  intend: Intend = () => {},
  isUndone: (destination: string) => boolean = () => false,
): Actuator {
  let current: Effect | undefined;
  const before: BeforeWrite = (undo) => {
    if (current !== undefined) {
      intend(current.destination, current.to, undo);
    }
  };

  return {
    apply(effect) {
      const { destination: id, to } = effect;
      try {
        const driver = driverOf(id);
        if (driver === undefined) {
          throw new Error(`no way to set ${id} is known`);
        }
        current = effect;
        const noted = driver.needsUndo === true || isUndone(id) ? before : undefined;
        const { changed, is, kept = null } = driver.set(to, noted);
        return { effect, changed, kept, error: null, answer: { type: 'destination', id, is } };
      } catch (error) {
        if (error instanceof SystemError && error.kind === 'not-found') {
          const answer: PolicyEvent = { type: 'destination', id, is: 'missing' };
          return { effect, changed: false, kept: null, error: null, answer };
        }
        const reason = error instanceof Error ? error : new Error(String(error));
        return {
          effect,
          changed: false,
          kept: null,
          error: reason,
          answer: { type: 'effect-failed', effect, code: codeOf(reason) },
        };
      }
    },
  };
}

/** Knows what somebody else has done in our name: what was set down by then has been changed all the same. */
export function assisted(actuator: Actuator, took: (destination: string) => boolean): Actuator {
  return {
    apply(effect) {
      const outcome = actuator.apply(effect);
      return effect.to === 'down' && took(effect.destination) && outcome.error === null
        ? { ...outcome, changed: true }
        : outcome;
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
      effect,
      changed: true,
      kept: null,
      error: null,
      answer: { type: 'destination', id: effect.destination, is: effect.to },
    }),
  };
}
