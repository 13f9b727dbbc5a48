import { follow } from '../lab/follow.ts';
import type { Scenario } from './scenario.ts';

/** Interfaces without a cable: they are lost where they are set down, and how each is made. */
const setDown = {
  vrf: { module: 'vrf', words: 'type vrf table 10' },
  vxlan: { module: 'vxlan', words: 'type vxlan id 5 dstport 4789 local 127.0.0.1' },
  wireguard: { module: 'wireguard', words: 'type wireguard' },
  dummy: { module: 'dummy', words: 'type dummy' },
} as const;

const withoutCable: readonly Scenario[] = Object.entries(setDown).map(([name, { module, words }]) => ({
  name: `${name} set down`,
  modules: [module],
  async run(lab) {
    await lab.ip(`link add src ${words}`);
    await lab.ip('link set src up');
    await follow(lab, {
      source: 'src',
      cut: () => lab.ip('link set src down'),
      repair: () => lab.ip('link set src up'),
      remove: () => lab.ip('link del src'),
    });
  },
}));

const veth: Scenario = {
  name: 'veth',
  modules: ['veth'],
  async run(lab) {
    await lab.ip('link add src type veth peer name far');
    await lab.ip('link set src up');
    await lab.ip('link set far up');
    await follow(lab, {
      source: 'src',
      cut: () => lab.ip('link set far down'),
      repair: () => lab.ip('link set far up'),
      remove: () => lab.ip('link del far'),
    });
  },
};

/** To the kernel a tap or tun is an ordinary device, whose second loss within a second is reported late. */
const taps: readonly Scenario[] = (['tap', 'tun'] as const).map((kind) => ({
  name: kind,
  modules: ['tun'],
  async run(lab) {
    const carrier = (on: boolean): Promise<unknown> =>
      lab.guest.ask({ do: 'tap', name: 'src', carrier: on, kind });
    await carrier(true);
    await follow(lab, {
      source: 'src',
      cut: () => carrier(false),
      repair: () => carrier(true),
      remove: () => lab.guest.ask({ do: 'untap', name: 'src' }),
    });
  },
}));

/** Interfaces that exist in the kernel alone. */
export const virtualScenarios: readonly Scenario[] = [veth, ...taps, ...withoutCable];
