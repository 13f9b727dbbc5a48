import { type Destination, follow } from '../lab/follow.ts';
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from './scenario.ts';

const onCard = (name: string, words: string): Destination => ({
  name: 'dst',
  async make(lab) {
    await lab.ip('link set vmxnet3 up');
    await lab.ip(`link add link vmxnet3 name dst ${words}`);
    await lab.ip('link set dst up');
  },
  ...(name === 'protodown' ? { words: ['--action', 'protodown'], flag: 'carrier' as const } : {}),
});

/** Destinations on a card that keeps its cable. */
const kinds = [
  { name: 'macvlan', module: 'macvlan', destination: onCard('macvlan', 'type macvlan mode bridge') },
  { name: 'vlan', module: '8021q', destination: onCard('vlan', 'type vlan id 20') },
  {
    name: 'macvlan by protodown',
    module: 'macvlan',
    destination: onCard('protodown', 'type macvlan mode bridge'),
  },
] as const;

const onOneCard: readonly Scenario[] = kinds.map(({ name, module, destination }) => ({
  name: `destination ${name}`,
  modules: [module, 'vmxnet3'],
  async run(lab) {
    await lab.ip('link set virtio up');
    await follow(lab, {
      source: 'virtio',
      cut: () => lab.cable('virtio', false),
      repair: () => lab.cable('virtio', true),
      destination,
    });
  },
}));

/** A group for the VLAN and one for its parent: what the second does re-opens the destination of the first. */
const config = JSON.stringify({
  groups: {
    parent: { sources: ['virtio'], destinations: ['far'] },
    vlan: { sources: ['e1000e'], destinations: ['dst'] },
  },
});

async function down(lab: Lab, name: string, when: string): Promise<void> {
  await lab.wait(`${name} to be down ${when}`, () => lab.links.is(name, 'up') === false);
}

/** Linux opens a VLAN with its parent. Where the daemon has set the parent up, nobody fights against it. */
const reopened: Scenario = {
  name: 'destination vlan, re-opened by its parent',
  modules: ['8021q', 'e1000e', 'virtio_net', 'veth'],
  async run(lab) {
    await lab.ip('link add far type veth peer name peer');
    await lab.ip('link add link far name dst type vlan id 20');
    for (const name of ['far', 'peer', 'dst', 'virtio', 'e1000e']) {
      await lab.ip(`link set ${name} up`);
    }
    await lab.guest.ask({ do: 'write', path: '/run/groups.json', text: config });
    const daemon = await lab.daemon('-f', '/run/groups.json');
    await lab.wait('both groups to be up', () => upGroups(daemon.log()) === 2);
    await lab.cable('e1000e', false);
    await down(lab, 'dst', 'after the cut of its source');
    for (let round = 1; round <= lab.rounds; round += 1) {
      await lab.cable('virtio', false);
      await down(lab, 'far', `in round ${round}`);
      const before = lab.links.flips('dst', 'up', 0);
      await lab.cable('virtio', true);
      await lab.wait(`far to be up in round ${round}`, () => lab.links.is('far', 'up') === true);
      await lab.wait(
        `dst to be opened and set down in round ${round}`,
        () => lab.links.flips('dst', 'up', 0) === before + 2 && lab.links.is('dst', 'up') === false,
      );
    }
    const fights = await daemon.metric('ifdepd_foreign_changes_total');
    if (fights !== 0) {
      throw new Error(
        `the daemon has set the parent up itself, and counts ${fights} changes by other programs`,
      );
    }
  },
};

function upGroups(log: readonly { readonly event?: string; readonly to?: string }[]): number {
  return log.filter(({ event, to }) => event === 'transition' && to === 'up').length;
}

/** What is set, where it stands on another interface. */
export const destinationScenarios: readonly Scenario[] = [...onOneCard, reopened];
