import { destinationPrograms } from '../../src/programs/destination-programs.ts';
import type { CommandResult, RunCommand } from '../../src/programs/run-command.ts';

/** A program of a destination that runs until a test ends it. */
export interface ScriptedRun {
  readonly words: readonly string[];
  /** @param how default: it exits with 0 and prints nothing */
  end(how?: Partial<CommandResult>): void;
}

/** Programs that are not run: a test ends each as it likes. */
export function scriptedPrograms() {
  const running: ScriptedRun[] = [];
  const begun: string[] = [];
  let most = 0;
  const run: RunCommand = ({ words }, done) => {
    const one: ScriptedRun = {
      words,
      end(how = {}) {
        running.splice(running.indexOf(one), 1);
        done({ ok: true, reason: 'exited 0', printed: '', ...how });
      },
    };
    begun.push(words.join(' '));
    running.push(one);
    most = Math.max(most, running.length);
    return { [Symbol.dispose]() {} };
  };
  return {
    programs: destinationPrograms(run),
    /** Those that run now. */
    running: running as readonly ScriptedRun[],
    /** The words of all that were begun so far. */
    begun: begun as readonly string[],
    /** How many ran at once at most. */
    get most(): number {
      return most;
    },
  };
}
