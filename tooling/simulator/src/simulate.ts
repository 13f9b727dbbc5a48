// Before anything of the daemon is loaded.
import './simulated-files.ts';

import { parseArgs } from 'node:util';
import { random } from '@ifdepd/faults';
import { operations } from './generate.ts';
import { FAULTS, type Fault } from './operation.ts';
import { pairOperations } from './pair-operation.ts';
import type { PerformOptions, Played } from './perform.ts';
import { shrink, testOf } from './shrink.ts';

const HELP = `npm run simulate -- [--seed N] [--years Y] [--seconds S] [--gateways 2] [--faults LIST] [--first] [--trace]
Runs a whole daemon over a scripted Linux, in simulated time: histories of one hour, each with a seed of its own.
  --seed N       the seed of the first history. Default: 1
  --years Y      simulate so many years, or until an interrupt. Default: one history
  --seconds S    end after so much processor time at the latest
  --gateways N   1, or 2 with VRRP between them. Default: 1
  --faults LIST  which faults beside pulled cables: ${FAULTS.join(',')}, or none. Default: all
  --first        end with the first history that goes wrong, and print no test of it
  --trace        print each history`;

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    years: { type: 'string', default: '0' },
    seconds: { type: 'string', default: 'Infinity' },
    gateways: { type: 'string', default: '1' },
    faults: { type: 'string', default: FAULTS.join() },
    first: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/**
 * @param operationsOf the operations of a seed
 * @param play plays them
 * @returns how many histories went wrong
 */
async function simulate<One extends { readonly afterMs: number }>(
  operationsOf: (seed: number) => Iterable<One>,
  play: (operations: Iterable<One>, options?: PerformOptions) => Promise<Played<One>>,
): Promise<number> {
  const wanted = Number(values.years) * YEAR_MS;
  const trace = values.trace ? { trace: (line: string) => void process.stdout.write(line) } : {};
  const sum = { histories: 0, wrong: 0, simulatedMs: 0, operations: 0, calls: 0 };
  const began = performance.now();
  const usedBefore = process.cpuUsage();
  const usedMs = () => {
    const { user, system } = process.cpuUsage(usedBefore);
    return (user + system) / 1000;
  };
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  for (
    let seed = Number(values.seed);
    sum.histories === 0 ||
    (sum.simulatedMs < wanted && usedMs() < Number(values.seconds) * 1000 && !interrupted);
    seed += 1
  ) {
    const { hash, violation, ...played } = await play(operationsOf(seed), { forMs: HOUR_MS, ...trace });
    sum.histories += 1;
    sum.simulatedMs += played.simulatedMs;
    sum.operations += played.operations.length;
    sum.calls += played.calls;
    if (wanted === 0) {
      console.log(`seed ${seed}: trace ${hash}`);
    }
    if (violation !== null) {
      sum.wrong += 1;
      console.log(`seed ${seed}: ${violation}`);
      if (values.first) {
        break;
      }
      console.log('fewest operations:');
      const least = await shrink(played.operations, async (fewer) =>
        isLike((await play(fewer)).violation, violation),
      );
      console.log(testOf(least, violation, play.name));
    }
  }
  const tookMs = performance.now() - began;
  const processorMs = usedMs();
  const days = (sum.simulatedMs / HOUR_MS / 24).toFixed(1);
  console.log(
    `${sum.histories} histories, ${days} days, ${sum.operations} operations, ${sum.calls} callbacks in ${(tookMs / 1000).toFixed(1)} s: ${Math.round(sum.simulatedMs / tookMs)} times real time (${(processorMs / 1000).toFixed(1)} s of processor time: ${Math.round(sum.simulatedMs / processorMs)} times), ${sum.wrong} wrong`,
  );
  return sum.wrong;
}

/** Whether the same is wrong, about whatever and for however long. */
function isLike(one: string | null, other: string): boolean {
  const kind = (text: string) => text.split('\n')[0]?.replaceAll(/\d+/g, '');
  return one !== null && kind(one) === kind(other);
}

function faultOf(word: string): Fault {
  const found = FAULTS.find((one) => one === word);
  if (found === undefined) {
    throw new RangeError(`--faults: ${word} is none of ${FAULTS.join(', ')}`);
  }
  return found;
}

if (values.help) {
  console.log(HELP);
} else {
  const faults = values.faults === 'none' ? [] : values.faults.split(',').map(faultOf);
  const wrong =
    values.gateways === '2'
      ? await simulate(
          (seed) => pairOperations(random(seed), faults),
          (await import('./play-pair.ts')).playPair,
        )
      : await simulate((seed) => operations(random(seed), faults), (await import('./play.ts')).play);
  process.exitCode = wrong === 0 ? 0 : 1;
}
