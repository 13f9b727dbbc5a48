import type { ProgramEnd, Programs } from '../engine/destinations/exec.ts';
import { nextTurn } from '../system/loop.ts';
import type { RunCommand } from './run-command.ts';

/** Runs the programs of destinations, and says when none runs. */
export type DestinationPrograms = ReturnType<typeof destinationPrograms>;

/**
 * Of one destination never two programs at once, whatever asks for them: the present rules, those before a reload, the end.
 * Nothing starts before the next turn of the event loop: interfaces are set first.
 */
export function destinationPrograms(runCommand: RunCommand) {
  /** The end of all work on each destination so far. */
  const ends = new Map<string, Promise<unknown>>();
  const running = new Set<Disposable>();
  let whenIdle: (() => void)[] = [];

  function rest(destination: string, end: Promise<unknown>): void {
    if (ends.get(destination) === end) {
      ends.delete(destination);
    }
    if (ends.size === 0) {
      for (const resolve of whenIdle.splice(0)) {
        resolve();
      }
    }
  }

  const programs: Programs = {
    inTurn(destination, work) {
      const result = (ends.get(destination) ?? nextTurn()).then(work);
      const end = result
        .catch(() => {})
        // What follows from it is decided first.
        .then(() => nextTurn());
      ends.set(destination, end);
      void end.then(() => rest(destination, end));
      return result;
    },
    run: (command) =>
      new Promise<ProgramEnd>((resolve) => {
        const one = runCommand({ ...command, leavesNothing: true, prints: true }, (result) => {
          running.delete(one);
          resolve({ printed: '', ...result });
        });
        running.add(one);
      }),
  };

  return {
    ...programs,
    get busy(): boolean {
      return ends.size > 0;
    },
    /** Resolves when none runs or waits. */
    idle: () =>
      ends.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => whenIdle.push(resolve)),
    /** Ends those that run, with all that they have started; nobody hears of them. */
    [Symbol.dispose](): void {
      for (const one of running) {
        one[Symbol.dispose]();
      }
      ends.clear();
      whenIdle = [];
    },
  };
}
