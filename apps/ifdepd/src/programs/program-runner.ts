import { destinationPrograms } from './destination-programs.ts';
import { prepareToRun } from './orphans.ts';
import { programWorker } from './program-worker.ts';
import { runCommand } from './run-command.ts';

/** Runs the programs of checks and destinations. */
export type ProgramRunner = ReturnType<typeof programRunner>;

/** @param file the file of this program: another process of it runs them. Null: this process does */
export function programRunner(file: string | null) {
  prepareToRun();
  const worker = file === null ? null : programWorker(file);
  const run = worker?.run ?? runCommand;
  const destinations = destinationPrograms(run);
  return {
    run,
    destinations,
    [Symbol.dispose]() {
      destinations[Symbol.dispose]();
      worker?.[Symbol.dispose]();
    },
  };
}
