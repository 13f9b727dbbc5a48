import { settled } from '../lab/follow.ts';
import type { Scenario } from './scenario.ts';

/**
 * `--kernel-failover auto` arms the kernel where it has io_uring(7) and logs why where it has not. An armed kernel sets the
 * destination down by itself.
 */
export const kernelFailoverScenario: Scenario = {
  name: 'kernel failover',
  modules: ['veth', 'dummy'],
  async run(lab) {
    await lab.ip('link add src type veth peer name far');
    await lab.ip('link add dst type dummy');
    for (const name of ['src', 'far', 'dst']) {
      await lab.ip(`link set ${name} up`);
    }
    const daemon = await lab.daemon('-S', 'src', '-D', 'dst');
    await lab.wait('src to be active', () => settled(daemon));
    await lab.ip('link set far down');
    await lab.wait('dst to be down', () => lab.links.is('dst', 'up') === false);
    await lab.wait('the loss to be logged', () => daemon.losses('src') === 1);
    const disabled = daemon.log().find(({ msg }) => msg?.startsWith('kernel failover disabled') === true);
    const acted = await daemon.metric('ifdepd_kernel_failovers_total');
    if ((disabled === undefined) !== (acted === 1)) {
      throw new Error(`the kernel acted ${acted} times; the daemon says: ${disabled?.msg ?? 'nothing'}`);
    }
    return acted === 1 ? 'by the kernel' : 'by the daemon';
  },
};
