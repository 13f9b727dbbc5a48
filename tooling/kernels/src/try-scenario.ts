import { join } from 'node:path';
import { cache } from './cache.ts';
import { leaveFailure } from './failure.ts';
import type { Kernel } from './fetch/kernel.ts';
import { courseOf } from './lab/course-of.ts';
import { openLab } from './lab/lab.ts';
import { restore } from './lab/prepare.ts';
import type { Guest } from './machine/guest.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** How a scenario went on one kernel. */
export interface Result {
  readonly scenario: string;
  readonly outcome: 'passed' | 'failed' | 'absent';
  /** What went wrong, what the kernel lacks, or what was chosen; '' for nothing. */
  readonly reason: string;
  readonly ms: number;
}

/**
 * Runs one scenario. The reason of one that fails says enough for a reader who has nothing but the output.
 *
 * @param failures where a scenario that fails leaves its files. Default: in the cache
 */
export async function tryScenario(
  { architecture, id }: Pick<Kernel, 'architecture' | 'id'>,
  scenario: Pick<Scenario, 'name' | 'run'>,
  guest: Guest,
  rounds: number,
  failures: string = join(cache, 'failures'),
): Promise<Result> {
  const began = performance.now();
  const since = guest.observations.length;
  const done = (outcome: Result['outcome'], reason: string): Result => {
    return { scenario: scenario.name, outcome, reason, ms: performance.now() - began };
  };
  const lab = openLab(guest, rounds);
  try {
    const choice = await scenario.run(lab);
    await restore(lab);
    return done('passed', typeof choice === 'string' ? choice : '');
  } catch (error) {
    const seen = guest.observations.slice(since);
    const folder = leaveFailure(
      `${architecture} ${id} ${scenario.name}`,
      error,
      seen,
      guest.machine.console(),
      failures,
    );
    const what = error instanceof Error ? error.message : String(error);
    const course = courseOf(
      seen,
      lab.daemons.map(({ pid }) => pid),
    );
    return done('failed', [what, course, `left in ${folder}`].filter((part) => part !== '').join('\n'));
  }
}
