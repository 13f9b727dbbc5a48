import type { Lab } from '../lab/lab.ts';
import { type Card, spareCards } from '../machine/cards.ts';
import type { Scenario } from './scenario.ts';

/**
 * Puts cards in and takes them out again, as often as there are rounds; the daemon has their names before they are there.
 *
 * @param insert puts a card in; it has to get its own name
 */
export async function plugAndUnplug(lab: Lab, insert: (card: Card) => Promise<unknown>): Promise<void> {
  await lab.ip('link add dst type dummy');
  await lab.ip('link set dst up');
  const names = spareCards.map(({ name }) => name);
  const daemon = await lab.daemon('--wait', '-S', names.join(':'), '-D', 'dst');
  await dst(lab, false, 'at the start without its sources');
  for (let round = 1; round <= lab.rounds; round += 1) {
    for (const card of spareCards) {
      await insert(card);
      await lab.ip(`link set ${card.name} up`);
    }
    await dst(lab, true, `with both cards in round ${round}`);
    for (const { name } of spareCards) {
      await lab.remove(name);
      await dst(lab, false, `without ${name} in round ${round}`);
    }
  }
  const losses = names.map((name) => daemon.losses(name));
  if (losses.some((count) => count < lab.rounds)) {
    throw new Error(
      `${names.join(' and ')} were unplugged ${lab.rounds} times; ${losses.join(' and ')} losses are logged`,
    );
  }
}

const source: Scenario = {
  name: 'source plugged and unplugged while running',
  modules: ['e1000', 'virtio_net'],
  run: (lab) => plugAndUnplug(lab, (card) => lab.insert(card)),
};

/** A destination that leaves while it is held down, and returns: it is set down on arrival, and set up with its source. */
const destination: Scenario = {
  name: 'destination plugged and unplugged while held down',
  modules: ['e1000', 'virtio_net'],
  async run(lab) {
    const [card] = spareCards;
    if (card === undefined) {
      throw new Error('there is no card to plug');
    }
    await lab.ip('link set virtio up');
    await lab.insert(card);
    await lab.ip(`link set ${card.name} up`);
    await lab.daemon('-S', 'virtio', '-D', card.name);
    for (let round = 1; round <= lab.rounds; round += 1) {
      await lab.cable('virtio', false);
      await held(lab, card.name, `after the cut of round ${round}`);
      await lab.remove(card.name);
      await lab.insert(card);
      await lab.ip(`link set ${card.name} up`);
      await held(lab, card.name, `on its return in round ${round}`);
      await lab.cable('virtio', true);
      await lab.wait(`${card.name} to be up in round ${round}`, () => lab.links.is(card.name, 'up') === true);
    }
    await lab.remove(card.name);
  },
};

/** A name that a rule of udev gives late: the interface has another one before, and is down. */
const renamed: Scenario = {
  name: 'source that gets its name late',
  modules: ['virtio_net'],
  async run(lab) {
    await lab.ip('link add dst type dummy');
    await lab.ip('link set dst up');
    const daemon = await lab.daemon('--wait', '-S', 'wan0', '-D', 'dst');
    await dst(lab, false, 'at the start without wan0');
    for (let round = 1; round <= lab.rounds; round += 1) {
      await lab.ip('link set virtio name wan0');
      await lab.ip('link set wan0 up');
      await dst(lab, true, `after the rename of round ${round}`);
      await lab.cable('virtio', false);
      await dst(lab, false, `after the cut of round ${round}`);
      await lab.cable('virtio', true);
      await dst(lab, true, `after the repair of round ${round}`);
      await lab.ip('link set wan0 down');
      await lab.ip('link set wan0 name virtio');
      await dst(lab, false, `after the rename back of round ${round}`);
    }
    if (daemon.losses('wan0') < 2 * lab.rounds) {
      throw new Error(`wan0 was lost ${2 * lab.rounds} times; ${daemon.losses('wan0')} losses are logged`);
    }
  },
};

async function dst(lab: Lab, up: boolean, when: string): Promise<void> {
  await lab.wait(`dst to be ${up ? 'up' : 'down'} ${when}`, () => lab.links.is('dst', 'up') === up);
}

async function held(lab: Lab, name: string, when: string): Promise<void> {
  await lab.wait(`${name} to be down ${when}`, () => lab.links.is(name, 'up') === false);
}

/** Interfaces that come and go, or get another name. */
export const pluggedScenarios: readonly Scenario[] = [source, destination, renamed];
