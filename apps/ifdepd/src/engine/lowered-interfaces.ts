import type { Outcome } from './actuator.ts';

/**
 * Which interfaces we hold down, whatever they are called by now.
 *
 * @param indexOf the index of the interface that a destination means now; undefined where there is none
 */
export function loweredInterfaces(indexOf: (destination: string) => number | undefined) {
  const lowered = new Map<string, number | undefined>();

  return {
    /** Notes what was done. */
    note(outcomes: readonly Outcome[]): void {
      for (const { effect, answer } of outcomes) {
        const { destination, to } = effect;
        if (answer.type === 'destination' && answer.is === to && to === 'up') {
          lowered.delete(destination);
        } else if (answer.type === 'destination' && to === 'down') {
          // One that lost its name right behind the system call, too.
          lowered.set(destination, indexOf(destination));
        }
      }
    },
    /** Whether the interface that a destination means now is the one that we have set down for it, and not up since. */
    has(destination: string): boolean {
      const index = lowered.get(destination);
      return index !== undefined && index === indexOf(destination);
    },
  };
}
