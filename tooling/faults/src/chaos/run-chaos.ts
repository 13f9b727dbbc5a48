import { random } from '../random.ts';
import { agreement } from './agreement.ts';
import type { Fault } from './fault.ts';
import { clockFaults } from './faults/clock.ts';
import { linkFaults } from './faults/links.ts';
import { otherFaults } from './faults/others.ts';
import { processFaults } from './faults/process.ts';
import { slowFaults } from './faults/slow.ts';
import { judge } from './judge.ts';
import { createWorld, type World } from './world.ts';

export const FAULTS: readonly Fault[] = [
  ...linkFaults,
  ...otherFaults,
  ...processFaults,
  ...slowFaults,
  ...clockFaults,
];

/** Which faults, and for how long. */
export interface ChaosOptions {
  readonly program: string;
  /** Determines the faults and their order. */
  readonly seed: number;
  /** Ends after this many faults, */
  readonly faults: number;
  /** or this many milliseconds. */
  readonly durationMs: number;
  /** Only these ids; default: all that do not affect the rest of the machine. */
  readonly only?: readonly string[];
  /** Called with the description of each wrong end state. */
  readonly wrong: (report: string) => void;
}

/** The result of one kind of fault. */
export interface Tally {
  readonly id: string;
  readonly name: string;
  injected: number;
  /** How often the daemon, the kernel and the model still differed afterwards. */
  wrongEnds: number;
  /** The longest time to agreement of a round with this fault, ms. */
  worstRecoveryMs: number;
}

/** Faults between two comparisons. */
const MOST_IN_A_ROUND = 4;

/** Injects faults one after another, and compares after each few. */
export async function runChaos(options: ChaosOptions): Promise<readonly Tally[]> {
  const choice = random(options.seed);
  const faults = FAULTS.filter(({ id, machineWide }) => options.only?.includes(id) ?? machineWide !== true);
  const lottery = faults.flatMap((fault) => Array.from({ length: fault.weight }, () => fault));
  const tallies = new Map(
    faults.map(({ id, name }): [string, Tally] => [
      id,
      { id, name, injected: 0, wrongEnds: 0, worstRecoveryMs: 0 },
    ]),
  );
  await using world = await createWorld(options.program, choice);
  const { differences } = judge(world);
  const end = performance.now() + options.durationMs;
  for (let left = options.faults, round = 1; left > 0 && performance.now() < end; round += 1) {
    const chosen = Array.from({ length: Math.min(left, 1 + choice.below(MOST_IN_A_ROUND)) }, () =>
      choice.pick(lottery),
    );
    left -= chosen.length;
    for (const fault of chosen) {
      await fault.inject(world);
    }
    const began = performance.now();
    const wrong = await agreement(differences);
    const took = performance.now() - began;
    for (const undo of world.later.splice(0)) {
      await undo();
    }
    for (const { id } of chosen) {
      const tally = tallies.get(id);
      if (tally !== undefined) {
        tally.injected += 1;
        tally.wrongEnds += wrong.length > 0 ? 1 : 0;
        tally.worstRecoveryMs = Math.max(tally.worstRecoveryMs, took);
      }
    }
    if (wrong.length > 0) {
      options.wrong(told(options.seed, round, chosen, wrong, world));
    }
  }
  return [...tallies.values()];
}

function told(
  seed: number,
  round: number,
  chosen: readonly Fault[],
  wrong: readonly string[],
  { daemon, rules }: World,
): string {
  return [
    `seed ${seed}, round ${round}: ${chosen.map(({ id, name }) => `${id} ${name}`).join('; ')}`,
    ...wrong.map((line) => `  ${line}`),
    `  rules: ${JSON.stringify(rules)}`,
    ...daemon.lines.slice(-30).map((line) => `  | ${line}`),
  ].join('\n');
}
