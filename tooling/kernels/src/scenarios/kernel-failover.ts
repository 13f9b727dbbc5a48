import { settled } from '../lab/follow.ts';
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from './scenario.ts';

/** Cuts and repairs a veth that the daemon watches. @returns what the daemon chose, and how many losses the kernel acted on */
async function lose(lab: Lab): Promise<{ readonly disabled: boolean; readonly acted: number }> {
  await lab.ip('link add src type veth peer name far');
  await lab.ip('link add dst type dummy');
  for (const name of ['src', 'far', 'dst']) {
    await lab.ip(`link set ${name} up`);
  }
  const daemon = await lab.daemon('-S', 'src', '-D', 'dst');
  await lab.wait('src to be active', () => settled(daemon));
  for (let round = 1; round <= lab.rounds; round += 1) {
    await lab.ip('link set far down');
    await lab.wait(`dst to be down in round ${round}`, () => lab.links.is('dst', 'up') === false);
    await lab.ip('link set far up');
    await lab.wait(`dst to be up in round ${round}`, () => lab.links.is('dst', 'up') === true);
  }
  await lab.wait('each loss to be logged', () => daemon.losses('src') === lab.rounds);
  const acted = await daemon.metric('ifdepd_kernel_failovers_total');
  const disabled = daemon.log().some(({ msg }) => msg?.startsWith('kernel failover disabled') === true);
  if (disabled && acted > 0) {
    throw new Error(`the kernel acted ${acted} times, though the daemon has reported that it cannot`);
  }
  return { disabled, acted };
}

/** `--kernel-failover auto` arms the kernel where it has io_uring(7): how many of the losses it then acted on by itself. */
const asFound: Scenario = {
  name: 'kernel failover',
  modules: ['veth', 'dummy'],
  async run(lab) {
    const { disabled, acted } = await lose(lab);
    return disabled ? 'disabled' : `armed, ${acted} of ${lab.rounds}`;
  },
};

/** Since Linux 6.6: Documentation/admin-guide/sysctl/kernel.rst. */
const SWITCH = '/proc/sys/kernel/io_uring_disabled';

/** The administrator has switched io_uring(7) off: the daemon reports it, and acts by itself. */
const switchedOff: Scenario = {
  name: 'kernel failover with io_uring switched off',
  modules: ['veth', 'dummy'],
  async run(lab) {
    if ((await lab.sh(`ls ${SWITCH} 2>/dev/null || true`)) === '') {
      return 'no such switch';
    }
    await lab.sh(`echo 2 >${SWITCH}`);
    try {
      const { disabled } = await lose(lab);
      if (!disabled) {
        throw new Error('the daemon does not report that kernel failover is disabled');
      }
      return 'disabled';
    } finally {
      await lab.sh(`echo 0 >${SWITCH}`);
    }
  },
};

/** What the kernel does by itself. */
export const kernelFailoverScenarios: readonly Scenario[] = [asFound, switchedOff];
