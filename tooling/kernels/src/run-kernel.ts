import { leaveFailure } from './failure.ts';
import type { Kernel } from './fetch/kernel.ts';
import { openLab } from './lab/lab.ts';
import { nameCards, restore } from './lab/prepare.ts';
import { bootGuest } from './machine/guest.ts';
import type { Accelerator } from './machine/qemu.ts';
import { initramfs } from './root/initramfs.ts';
import type { Scenario } from './scenarios/index.ts';

/** How a scenario went on one kernel. */
export interface Result {
  readonly scenario: string;
  readonly outcome: 'passed' | 'failed' | 'absent';
  /** What went wrong, what the kernel lacks, or what was chosen; '' for nothing. */
  readonly reason: string;
  readonly ms: number;
}

/** How the scenarios of one kernel are run. */
export interface KernelRun {
  readonly accelerators: readonly Accelerator[];
  readonly rounds: number;
  /** The interpreter that the guest has. */
  readonly node: string;
}

/** Boots a kernel and runs scenarios in it, one after another, and a boot anew after one that failed. */
export async function runKernel(
  kernel: Kernel,
  scenarios: readonly Scenario[],
  { accelerators, rounds, node }: KernelRun,
): Promise<readonly Result[]> {
  const { archive, missing } = initramfs(kernel, node);
  const results: Result[] = [];
  const left = [...scenarios];
  while (left.length > 0) {
    await using guest = await bootGuest(kernel, archive, accelerators);
    const booted = Math.round(guest.bootMs / 1000);
    console.log(
      `Linux ${kernel.release} (${kernel.version}) with Node ${guest.node} answers after ${booted} s (${guest.accelerator})`,
    );
    await nameCards(openLab(guest, rounds));
    for (let good = true; good && left.length > 0; ) {
      const [scenario] = left.splice(0, 1);
      if (scenario !== undefined) {
        const absent = scenario.modules.filter((name) => missing.includes(name));
        const result =
          absent.length > 0
            ? absentResult(scenario, absent)
            : await tryScenario(kernel, scenario, guest, rounds);
        results.push(result);
        console.log(
          `  ${result.outcome}: ${scenario.name} (${Math.round(result.ms / 1000)} s) ${result.reason}`.trimEnd(),
        );
        good = result.outcome !== 'failed';
      }
    }
  }
  return results;
}

function absentResult({ name }: Scenario, modules: readonly string[]): Result {
  return { scenario: name, outcome: 'absent', reason: `this kernel has no ${modules.join(', ')}`, ms: 0 };
}

async function tryScenario(
  kernel: Kernel,
  scenario: Scenario,
  guest: Awaited<ReturnType<typeof bootGuest>>,
  rounds: number,
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
    const folder = leaveFailure(`${kernel.id} ${scenario.name}`, error, guest, since);
    return done('failed', `${error instanceof Error ? error.message : String(error)}\nleft in ${folder}`);
  }
}
