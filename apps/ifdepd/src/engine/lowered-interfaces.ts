import type { Outcome } from './actuator.ts';
import type { SetInterface } from './pending-losses.ts';

/**
 * The interfaces that we hold down, under any name.
 *
 * @param indexOf the index of the interface that a destination means now; undefined where there is none
 */
export function loweredInterfaces(indexOf: (destination: string) => number | undefined) {
  const lowered = new Map<string, number | undefined>();

  /** @returns whether a destination means now the interface that we have set down for it, and not up since; null: not known */
  function isSame(destination: string): boolean | null {
    const [then, now] = [lowered.get(destination), indexOf(destination)];
    return then === undefined || now === undefined ? null : then === now;
  }

  return {
    /** Notes what the kernel has set down by itself: an interface may be renamed before the policy is fed why. */
    noteActed(destinations: readonly SetInterface[]): void {
      for (const { id, index } of destinations) {
        lowered.set(id, index);
      }
    },
    /** Notes what an earlier process has done, by the name that it used. */
    noteFound: (destination: string): void => void lowered.set(destination, indexOf(destination)),
    /** Notes what was done. */
    note(outcomes: readonly Outcome[]): void {
      for (const { effect, answer } of outcomes) {
        const { destination, to } = effect;
        if (answer.type === 'destination' && answer.is === to && to === 'up') {
          lowered.delete(destination);
        } else if (answer.type === 'destination' && to === 'down') {
          // One that lost its name right behind the system call, too: which one the kernel has set down is known.
          lowered.set(destination, indexOf(destination) ?? lowered.get(destination));
        }
      }
    },
    /** Whether the interface that a destination means now is the one that we have set down for it, and not up since. */
    has: (destination: string): boolean => isSame(destination) === true,
    /** Whether it is another one: a journal has names alone. */
    isReplaced: (destination: string): boolean => isSame(destination) === false,
  };
}
