import { follow } from '../lab/follow.ts';
import { cards } from '../machine/cards.ts';
import type { Scenario } from './scenario.ts';

/** One card of each kind: its cable is pulled from outside. */
export const cardScenarios: readonly Scenario[] = cards
  .filter(({ name }) => !/^(?:port|far)/.test(name))
  .map(({ name, driver }) => ({
    name: `card ${name}`,
    modules: [driver],
    async run(lab) {
      await lab.ip(`link set ${name} up`);
      await follow(lab, {
        source: name,
        cut: () => lab.cable(name, false),
        repair: () => lab.cable(name, true),
      });
    },
  }));
