import { parseArgs } from 'node:util';
import { guestNodeLines, npmWords } from './fetch/node.ts';
import { type Architecture, architectures, knownKernels } from './known-kernels.ts';
import type { Accelerator } from './machine/qemu.ts';
import { scenarios } from './scenarios/index.ts';

/** What to run. */
export interface Options {
  readonly kernels: readonly string[];
  readonly scenarios: readonly string[];
  readonly rounds: number;
  /** Lines of Node that run in the guest; null for the one that runs this. */
  readonly nodes: readonly (number | null)[];
  readonly architecture: Architecture;
  readonly accelerators: readonly Accelerator[];
  /** Where to write what `npm test` adds up; null for nowhere. */
  readonly counts: string | null;
}

export const usage: string = `usage: npm run kernels -- [--arch ARCH] [--kernel ID]... [--scenario WORDS]... [--rounds N] [--node LINE]... [--accel kvm|tcg] [--counts FILE]

  --arch ARCH       ${architectures.join(', ')}. Default: amd64
  --kernel ID       ${knownKernels.map(({ id }) => id).join(', ')}. Default: all of them
  --scenario WORDS  the scenario of this name, or those with WORDS in their names. Default: all of them
  --rounds N        cuts and repairs of each scenario, each twice. Default: 20
  --node LINE       ${guestNodeLines.join(', ')}. Default: the Node that runs this; 20 where the guest is another machine
  --accel WHICH     kvm or tcg. Default: kvm where /dev/kvm exists and works for ARCH, else tcg
  --counts FILE     write how many scenarios passed and failed, as JSON

scenarios:
${scenarios.map(({ name }) => `  ${name}`).join('\n')}
`;

/**
 * Reads the command line.
 *
 * @throws {Error} where it is wrong
 */
export function parseOptions(words: readonly string[], hasKvm: boolean): Options | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      arch: { type: 'string', default: 'amd64' },
      kernel: { type: 'string', multiple: true, default: knownKernels.map(({ id }) => id) },
      scenario: { type: 'string', multiple: true, default: [''] },
      rounds: { type: 'string', default: '20' },
      node: { type: 'string', multiple: true, default: [] },
      accel: { type: 'string', default: 'auto' },
      counts: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    return 'help';
  }
  const architecture = architectures.find((one) => one === values.arch);
  if (architecture === undefined) {
    throw new Error(`--arch ${values.arch}: must be ${architectures.join(' or ')}`);
  }
  const unknown = values.kernel.filter((id) => !knownKernels.some((kernel) => kernel.id === id));
  if (unknown.length > 0) {
    throw new Error(
      `no such kernel: ${unknown.join(', ')}. There are ${knownKernels.map(({ id }) => id).join(', ')}`,
    );
  }
  const idle = values.scenario.filter((words) => named(words).length === 0);
  if (idle.length > 0) {
    throw new Error(`no scenario has these words in its name: ${idle.join(', ')}`);
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds ${values.rounds}: must be a whole number from 1`);
  }
  const strange = values.node.filter((line) => !guestNodeLines.includes(Number(line)));
  if (strange.length > 0) {
    throw new Error(`--node ${strange.join(', ')}: must be ${guestNodeLines.join(', ')}`);
  }
  return {
    kernels: values.kernel,
    scenarios: values.scenario.flatMap(named),
    rounds,
    nodes: values.node.length === 0 ? [null] : values.node.map(Number),
    architecture,
    accelerators: acceleratorsOf(values.accel, hasKvm && npmWords[architecture] === process.arch),
    counts: values.counts ?? null,
  };
}

/** The scenario of this name, or else those that have the words in their names. */
function named(words: string): readonly string[] {
  const names = scenarios.map(({ name }) => name);
  return names.includes(words) ? [words] : names.filter((name) => name.includes(words));
}

function acceleratorsOf(accel: string, hasKvm: boolean): readonly Accelerator[] {
  switch (accel) {
    case 'kvm':
    case 'tcg':
      return [accel];
    case 'auto':
      return hasKvm ? ['kvm', 'tcg'] : ['tcg'];
    default:
      throw new Error(`--accel ${accel}: must be kvm or tcg`);
  }
}
