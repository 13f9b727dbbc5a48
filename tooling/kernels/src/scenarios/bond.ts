import { follow, settled } from '../lab/follow.ts';
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from './scenario.ts';
import { blinkOne, joinFarEnds, plug, ports } from './two-ports.ts';

/** Makes an interface of two cards in the guest. */
async function join(lab: Lab, master: string, words: string): Promise<void> {
  await lab.ip(`link add ${master} type ${words}`);
  for (const port of ports) {
    await lab.ip(`link set ${port} master ${master}`);
    await lab.ip(`link set ${port} up`);
  }
  await lab.ip(`link set ${master} up`);
}

const bond = 'bond mode';
const kinds = [
  { name: 'bond active-backup', module: 'bonding', words: `${bond} active-backup miimon 100` },
  { name: 'bond balance-rr', module: 'bonding', words: `${bond} balance-rr miimon 100` },
  { name: 'bond 802.3ad', module: 'bonding', words: `${bond} 802.3ad miimon 100 lacp_rate fast`, lacp: true },
  { name: 'team', module: 'team', words: 'team' },
  { name: 'bridge', module: 'bridge', words: 'bridge' },
] as const;

/** Two cards under one interface: both cables are pulled. Before, one of them is, and nothing may happen. */
const losingBoth: readonly Scenario[] = kinds.map(({ name, module, words, ...more }) => ({
  name: `${name} of two cards`,
  modules: [module],
  async run(lab) {
    await join(lab, 'src', words);
    if ('lacp' in more) {
      await joinFarEnds(lab, words);
    }
    await follow(lab, {
      source: 'src',
      cut: () => plug(lab, ports, false),
      repair: () => plug(lab, ports, true),
      remove: () => lab.ip('link del src'),
      harmless: () => blinkOne(lab),
    });
  },
}));

const vlanOnBond: Scenario = {
  name: 'vlan on a bond of two cards',
  modules: ['bonding', '8021q'],
  async run(lab) {
    await join(lab, 'bond0', `${bond} active-backup miimon 100`);
    await lab.ip('link add link bond0 name src type vlan id 10');
    await lab.ip('link set src up');
    await follow(lab, {
      source: 'src',
      cut: () => plug(lab, ports, false),
      repair: () => plug(lab, ports, true),
      remove: () => lab.ip('link del src'),
      harmless: () => blinkOne(lab),
    });
  },
};

/** Nothing watches the ports of such a bond: it keeps its carrier, and the daemon can but believe it. */
const withoutMiimon: readonly Scenario[] = ['active-backup', '802.3ad'].map((mode) => ({
  name: `bond ${mode} without miimon keeps its carrier`,
  modules: ['bonding'],
  async run(lab) {
    await join(lab, 'src', `${bond} ${mode} miimon 0`);
    const miimon = await lab.sh('cat /sys/class/net/src/bonding/miimon');
    await lab.ip('link add dst type dummy');
    await lab.ip('link set dst up');
    const daemon = await lab.daemon('-S', 'src', '-D', 'dst');
    await lab.wait('src to be active', () => settled(daemon));
    await plug(lab, ports, false);
    for (const port of ports) {
      await lab.carrierOf(port, false);
    }
    if (miimon !== '0\n' || lab.links.is('src', 'carrier') !== true || lab.links.is('dst', 'up') !== true) {
      throw new Error(
        `with miimon ${miimon.trim()}, the bond has lost its carrier, or dst was set down: ${await lab.ip('link show')}`,
      );
    }
  },
}));

/** Interfaces of several cards. */
export const bondScenarios: readonly Scenario[] = [...losingBoth, vlanOnBond, ...withoutMiimon];
