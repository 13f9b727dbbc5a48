import { settled } from '../lab/follow.ts';
import type { Scenario } from './scenario.ts';

/** `--kernel-failover auto` arms the kernel where it has io_uring(7): how many of the losses it then acted on by itself. */
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
    const how = disabled ? ', disabled' : '';
    return `${acted} of ${lab.rounds}${how}`;
  },
};
