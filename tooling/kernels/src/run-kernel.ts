import type { Kernel } from './fetch/kernel.ts';
import { openLab } from './lab/lab.ts';
import { nameCards } from './lab/prepare.ts';
import { bootGuest } from './machine/guest.ts';
import type { Accelerator } from './machine/qemu.ts';
import { initramfs } from './root/initramfs.ts';
import type { Scenario } from './scenarios/index.ts';
import { type Result, tryScenario } from './try-scenario.ts';

/** How the scenarios of one kernel are run. */
export interface KernelRun {
  readonly accelerators: readonly Accelerator[];
  readonly rounds: number;
  /** The interpreter that the guest has. */
  readonly node: string;
}

/**
 * Boots a kernel and runs scenarios in it, one after another, and a boot anew after one that failed. A boot that fails is a
 * result, too, and the last one of its kernel.
 */
export async function runKernel(
  kernel: Kernel,
  scenarios: readonly Scenario[],
  { accelerators, rounds, node }: KernelRun,
): Promise<readonly Result[]> {
  const { archive, missing } = initramfs(kernel, node);
  const results: Result[] = [];
  const left = [...scenarios];
  function note(result: Result): boolean {
    results.push(result);
    const seconds = Math.round(result.ms / 1000);
    console.log(`  ${result.outcome}: ${result.scenario} (${seconds} s) ${result.reason}`.trimEnd());
    return result.outcome !== 'failed';
  }
  while (left.length > 0) {
    const began = performance.now();
    const booting = await bootGuest(kernel, archive, accelerators).catch(String);
    if (typeof booting === 'string') {
      note({ scenario: 'boot', outcome: 'failed', reason: booting, ms: performance.now() - began });
      break;
    }
    await using guest = booting;
    const booted = Math.round(guest.bootMs / 1000);
    console.log(
      `Linux ${kernel.release} (${kernel.version}) with Node ${guest.node} answers after ${booted} s (${guest.accelerator})`,
    );
    await nameCards(openLab(guest, rounds));
    for (let good = true; good && left.length > 0; ) {
      const [scenario] = left.splice(0, 1);
      if (scenario !== undefined) {
        const absent = whyAbsent(kernel, scenario, missing);
        good = note(
          absent === null
            ? await tryScenario(kernel, scenario, guest, rounds)
            : { scenario: scenario.name, outcome: 'absent', reason: absent, ms: 0 },
        );
      }
    }
  }
  return results;
}

function whyAbsent({ architecture }: Kernel, scenario: Scenario, missing: readonly string[]): string | null {
  const modules = scenario.modules.filter((name) => missing.includes(name));
  if (modules.length > 0) {
    return `this kernel has no ${modules.join(', ')}`;
  }
  return architecture === 'arm64' ? (scenario.notOnArm64 ?? null) : null;
}
