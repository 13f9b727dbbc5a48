import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LATE, type Reactions } from '@ifdepd/bench/reaction';
import { median } from '@ifdepd/bench/statistics';
import { repository } from '../cache.ts';
import { command } from '../command.ts';
import type { Architecture } from '../known-kernels.ts';
import type { Lab } from '../lab/lab.ts';
import { PREFIX, REACTION } from '../root/installed.ts';
import type { Scenario } from './scenario.ts';

const compilers: Readonly<Record<Architecture, string>> = {
  amd64: 'x86_64-linux-gnu-gcc',
  arm64: 'aarch64-linux-gnu-gcc',
};

/** Blocks of ten cuts and repairs, for each of the two. */
const BLOCKS = 3;

/** How long they may take on a quiet machine, which emulates six starts of the daemon. */
const MEASURED_QUIET_MS = 300_000;

/** The folder of the guest with the programs in C. */
const FOLDER = '/run/reaction';

/** Compiles a program of the benchmark for the guest, which has none of its libraries, and puts it there. */
async function install(lab: Lab, name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-floor-'));
  try {
    const program = join(folder, name);
    const source = join(repository, `tooling/bench/c/${name}.c`);
    const compiler = compilers[lab.guest.machine.architecture];
    command(compiler, ['-O2', '-static', '-pthread', '-o', program, source]);
    const text = readFileSync(program, 'base64');
    await lab.guest.ask({ do: 'write', path: `${FOLDER}/${name}.base64`, text });
    await lab.sh(`cd ${FOLDER} && base64 -d ${name}.base64 >${name} && chmod +x ${name}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From cut to destination down, and from repair to destination up: the daemon beside the least that a program can do. */
export const reactionScenario: Scenario = {
  name: 'reaction beside the floor in C',
  modules: ['veth'],
  async run(lab) {
    await lab.sh(`mkdir -p ${FOLDER}`);
    await install(lab, 'floor');
    await install(lab, 'stopwatch');
    const line = `PATH=${PREFIX}/bin:$PATH node ${REACTION} ${FOLDER} ${BLOCKS}`;
    const { output } = await lab.guest.ask({ do: 'run', argv: ['sh', '-c', line] }, MEASURED_QUIET_MS);
    const measured = JSON.parse(output) as Readonly<Record<'floor' | 'ifdepd', readonly Reactions[]>>;
    const medians = (way: keyof Reactions): readonly number[] =>
      (['floor', 'ifdepd'] as const).map((name) => {
        const samples = measured[name].flatMap((block) => block[way]);
        const late = samples.filter((sample) => sample === LATE).length;
        if (late > 0) {
          throw new Error(`${name} has not followed ${late} of ${samples.length} times (${way})`);
        }
        return median(samples);
      });
    const ratio = (way: keyof Reactions): string => {
      const [floor = 0, own = 0] = medians(way);
      return `${(own / floor).toFixed(2)}× (${Math.round(own)}/${Math.round(floor)} µs)`;
    };
    return `down ${ratio('down')}, up ${ratio('up')}`;
  },
};
