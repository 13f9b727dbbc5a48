import { addressOf, spareCards } from '../machine/cards.ts';
import { plugAndUnplug } from './plugged.ts';
import type { Scenario } from './scenario.ts';

const rules = spareCards
  .map(
    (card) => `SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="${addressOf(card)}", NAME="${card.name}"\n`,
  )
  .join('');

/** udev gives a card its name after the kernel has reported it under another one. */
export const udevScenario: Scenario = {
  name: 'source that udev renames when it is plugged',
  modules: ['e1000', 'virtio_net'],
  async run(lab) {
    await lab.sh('mkdir -p /run/udev/rules.d');
    await lab.guest.ask({ do: 'write', path: '/run/udev/rules.d/70-names.rules', text: rules });
    const { status: udev } = await lab.guest.ask({ do: 'start', argv: ['/lib/systemd/systemd-udevd'] });
    try {
      await plugAndUnplug(lab, async (card) => {
        await lab.insertUnnamed(card);
        await lab.wait(`udev to name ${card.name}`, () => lab.links.is(card.name, 'up') !== null);
      });
    } finally {
      await lab.guest.ask({ do: 'signal', pid: udev, signal: 'SIGTERM' });
    }
  },
};
