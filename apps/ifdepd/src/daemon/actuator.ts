import { SystemError } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';
import type { Effect, PolicyEvent } from '@ifdepd/policy';

/** What became of an effect. */
export interface Outcome {
  readonly effect: Effect;
  /** True where a flag was written; false where the interface was that way already. */
  readonly changed: boolean;
  /** Why it failed. */
  readonly error: Error | null;
  /** What the policy is told. */
  readonly answer: PolicyEvent;
}

/** Does what the policy wants. Never throws: a failure is an outcome like any other. */
export interface Actuator {
  apply(effect: Effect): Outcome;
}

/**
 * Sets interfaces by their administrative flag.
 *
 * @param nameOf the name to use in the system call for a destination
 */
export function adminActuator(netif: NetIf, nameOf: (destination: string) => string): Actuator {
  return {
    apply(effect) {
      const { destination: id, to } = effect;
      try {
        const { changed, after } = netif.setAdmin(nameOf(id), to);
        const is = after.up ? 'up' : 'down';
        return { effect, changed, error: null, answer: { type: 'destination', id, is } };
      } catch (error) {
        if (error instanceof SystemError && error.kind === 'not-found') {
          return { effect, changed: false, error: null, answer: { type: 'destination', id, is: 'missing' } };
        }
        const code = error instanceof SystemError ? error.code : 'ERR_INTERNAL';
        const reason = error instanceof Error ? error : new Error(String(error));
        return { effect, changed: false, error: reason, answer: { type: 'effect-failed', effect, code } };
      }
    },
  };
}

/** Sets nothing and says that it did: for --dry-run. */
export function dryActuator(): Actuator {
  return {
    apply: (effect) => ({
      effect,
      changed: true,
      error: null,
      answer: { type: 'destination', id: effect.destination, is: effect.to },
    }),
  };
}
