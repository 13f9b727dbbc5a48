import { follow } from '../lab/follow.ts';
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from './scenario.ts';

const ports = ['port0', 'port1'] as const;

/** Makes a bond of two cards in the guest; with LACP, also the one at the other end of both cables. */
async function makeBond(lab: Lab, words: string, lacp: boolean): Promise<void> {
  await lab.ip(`link add bond0 type bond ${words}`);
  for (const port of ports) {
    await lab.ip(`link set ${port} master bond0`);
  }
  await lab.ip('link set bond0 up');
  if (lacp) {
    await lab.ip('netns add far');
    await lab.ip(`-n far link add bond1 type bond ${words}`);
    for (const port of ['far0', 'far1']) {
      await lab.ip(`link set ${port} netns far`);
      await lab.ip(`-n far link set ${port} master bond1`);
    }
    await lab.ip('-n far link set bond1 up');
  }
}

async function both(lab: Lab, plugged: boolean): Promise<void> {
  for (const port of ports) {
    await lab.cable(port, plugged);
  }
}

const modes = [
  { name: 'active-backup', words: 'mode active-backup miimon 100', lacp: false },
  { name: '802.3ad', words: 'mode 802.3ad miimon 100 lacp_rate fast', lacp: true },
] as const;

/** Both cables of a bond are pulled. Before, one of them is, and nothing may happen. */
export const bondScenarios: readonly Scenario[] = modes.map(({ name, words, lacp }) => ({
  name: `bond ${name}, miimon 100`,
  modules: ['bonding'],
  async run(lab) {
    await makeBond(lab, words, lacp);
    await follow(lab, {
      source: 'bond0',
      cut: () => both(lab, false),
      repair: () => both(lab, true),
      remove: () => lab.ip('link del bond0'),
      harmless: async () => {
        await lab.cable('port0', false);
        await lab.carrierOf('port0', false);
        await lab.cable('port0', true);
        await lab.carrierOf('port0', true);
      },
    });
  },
}));
