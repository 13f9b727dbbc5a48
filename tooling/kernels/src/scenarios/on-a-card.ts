import { follow } from '../lab/follow.ts';
import type { Scenario } from './scenario.ts';

/** The card whose cable is pulled under another interface. */
const CARD = 'e1000';

/** Interfaces that stand on a card and lose their carrier with it, and how each is made. */
const made = {
  vlan: { module: '8021q', words: 'type vlan id 10' },
  macvlan: { module: 'macvlan', words: 'type macvlan mode bridge' },
  ipvlan: { module: 'ipvlan', words: 'type ipvlan' },
} as const;

/** The cable of the card below is pulled. */
export const onACard: readonly Scenario[] = Object.entries(made).map(([name, { module, words }]) => ({
  name: `${name} on a card`,
  modules: [module, 'e1000'],
  async run(lab) {
    await lab.ip(`link set ${CARD} up`);
    await lab.ip(`link add link ${CARD} name upper0 ${words}`);
    await lab.ip('link set upper0 up');
    await follow(lab, {
      source: 'upper0',
      cut: () => lab.cable(CARD, false),
      repair: () => lab.cable(CARD, true),
      remove: () => lab.ip('link del upper0'),
    });
  },
}));
