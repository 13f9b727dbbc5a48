import type { Daemon } from '../lab/daemon.ts';
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from './scenario.ts';
import { joinFarEnds } from './two-ports.ts';

const CONFIG = '/run/probe.conf';

/** Starts the daemon with one probe of a device, which decides about `dst`. */
export async function probe(lab: Lab, words: string): Promise<Daemon> {
  await lab.ip('link add dst type dummy');
  await lab.ip('link set dst up');
  const rules = `{groups: {g: {require: {probe: p}, destinations: [dst]}}, probes: {p: ${words}}}`;
  await lab.sh(`echo '${rules}' > ${CONFIG}`);
  return lab.daemon('-f', CONFIG);
}

/** Waits until the probe is reported with a reason, and `dst` has followed. */
async function reported(lab: Lab, daemon: Daemon, to: 'active' | 'failed', reason: RegExp): Promise<void> {
  const said = (): string => {
    const last = daemon.log().findLast(({ event, source }) => event === 'source' && source === 'probe:p');
    return `${last?.to} ${last?.reason}`;
  };
  await lab.wait(
    `the probe to be ${to} (${reason})`,
    () => said().startsWith(`${to} `) && reason.test(said()),
  );
  await lab.wait(
    `dst to be ${to === 'active' ? 'up' : 'down'}`,
    () => lab.links.is('dst', 'up') === (to === 'active'),
  );
}

const speed: Scenario = {
  name: 'probe of a speed',
  modules: ['e1000', 'dummy'],
  async run(lab) {
    await lab.ip('link set e1000 up');
    await lab.carrierOf('e1000', true);
    const cabled = await probe(lab, '{speed: e1000, at-least: 1G}');
    await lab.cable('e1000', false);
    await reported(lab, cabled, 'failed', /e1000 has no carrier/);
    await lab.cable('e1000', true);
    await reported(lab, cabled, 'active', /speed of e1000 is 1 Gb\/s/);
  },
};

/** The speed of such a card is what it was told, and changes without a carrier. */
const toldSpeed: Scenario = {
  name: 'probe of a speed that changes without an event',
  modules: ['virtio_net', 'dummy'],
  async run(lab) {
    await lab.ip('link set virtio up');
    await lab.carrierOf('virtio', true);
    await lab.sh('ethtool -s virtio speed 2500 duplex full');
    const told = await probe(lab, '{speed: virtio, at-least: 1G, every: 1s}');
    await lab.sh('ethtool -s virtio speed 100 duplex full');
    await reported(lab, told, 'failed', /speed of virtio is 100 Mb\/s, at least 1 Gb\/s is wanted/);
    await lab.sh('ethtool -s virtio speed 1000 duplex half');
    await reported(lab, told, 'failed', /virtio is half duplex/);
    await lab.sh('ethtool -s virtio speed 1000 duplex full');
    await reported(lab, told, 'active', /speed of virtio is 1 Gb\/s/);
  },
};

const PORTS = ['port0', 'port1'] as const;

/** Makes `bond0` of two cards. */
export async function join(lab: Lab, words: string): Promise<void> {
  await lab.ip(`link add bond0 type bond ${words} miimon 100`);
  for (const port of PORTS) {
    await lab.ip(`link set ${port} master bond0`);
    await lab.ip(`link set ${port} up`);
  }
  await lab.ip('link set bond0 up');
}

const bond: Scenario = {
  name: 'probe of the members of a bond',
  modules: ['bonding', 'dummy'],
  async run(lab) {
    await join(lab, 'mode active-backup');
    const daemon = await probe(lab, '{bond: bond0, at-least: 2}');
    for (const port of PORTS) {
      await lab.cable(port, false);
      const words = `1 of 2 members of bond0 is active, at least 2 are wanted \\(${port} has no link\\)`;
      await reported(lab, daemon, 'failed', new RegExp(words));
      await lab.cable(port, true);
      await reported(lab, daemon, 'active', /2 of 2 members of bond0 are active/);
    }
    await lab.ip('link set port1 nomaster');
    await reported(lab, daemon, 'failed', /1 of 1 members of bond0 is active, at least 2 are wanted/);
    await lab.ip('link del bond0');
    await reported(lab, daemon, 'failed', /there is no interface bond0/);
  },
};

const partner: Scenario = {
  name: 'probe of a bond whose LACP partner falls silent',
  modules: ['bonding', 'dummy'],
  async run(lab) {
    await joinFarEnds(lab, 'bond mode 802.3ad miimon 100 lacp_rate fast');
    await join(lab, 'mode 802.3ad lacp_rate fast');
    const daemon = await probe(lab, '{bond: bond0, at-least: 2}');
    await reported(lab, daemon, 'active', /2 of 2 members of bond0 are active/);
    // The link stays, and nobody speaks LACP on it.
    await lab.ip('-n far link set far1 nomaster');
    await lab.ip('-n far link set far1 up');
    await reported(
      lab,
      daemon,
      'failed',
      /1 of 2 members of bond0 is active.*\(port1 hears no LACP partner\)/,
    );
    await lab.ip('-n far link set far1 down');
    await lab.ip('-n far link set far1 master bond1');
    await reported(lab, daemon, 'active', /2 of 2 members of bond0 are active/);
  },
};

/** Makes the tunnel `wg0` to the namespace `far`, whose end is down. */
export async function layTunnel(lab: Lab): Promise<void> {
  await lab.ip('netns add far');
  await lab.ip('link add under type veth peer name over netns far');
  await lab.ip('link add wg0 type wireguard');
  await lab.ip('-n far link add wg0 type wireguard');
  const [near, other] = (
    await lab.sh('cd /run && umask 077 && for key in a b; do wg genkey > $key; wg pubkey < $key; done')
  ).split('\n');
  const peer = (key: string | undefined, address: string) =>
    `peer ${key} allowed-ips 10.9.1.${address}/32 endpoint 10.9.0.${address}:5180`;
  await lab.sh(`wg set wg0 private-key /run/a listen-port 5180 ${peer(other, '2')} persistent-keepalive 5`);
  await lab.ip(`netns exec far wg set wg0 private-key /run/b listen-port 5180 ${peer(near, '1')}`);
  await lab.ip('addr add 10.9.0.1/24 dev under');
  await lab.ip('-n far addr add 10.9.0.2/24 dev over');
  await lab.ip('addr add 10.9.1.1/24 dev wg0');
  await lab.ip('-n far addr add 10.9.1.2/24 dev wg0');
  for (const name of ['under', 'wg0']) {
    await lab.ip(`link set ${name} up`);
  }
}

/** Sets the far end of the tunnel up, and sends pings through it. */
export async function useTunnel(lab: Lab): Promise<void> {
  for (const name of ['over', 'wg0']) {
    await lab.ip(`-n far link set ${name} up`);
  }
  await lab.sh('ping 10.9.1.2 > /dev/null 2>&1 & echo $! > /run/ping');
}

const tunnel: Scenario = {
  name: 'probe of a WireGuard tunnel whose other end dies',
  modules: ['wireguard', 'veth', 'dummy'],
  async run(lab) {
    await layTunnel(lab);
    const daemon = await probe(lab, '{wireguard: wg0, handshake-within: 3m, every: 1s}');
    await reported(lab, daemon, 'failed', /no handshake with any peer of wg0 yet/);
    await useTunnel(lab);
    await reported(lab, daemon, 'active', /the peer of wg0 answers/);
    await lab.ip('-n far link set wg0 down');
    await reported(lab, daemon, 'failed', /no answer from any peer of wg0 for 2\d(\.\d)? s, while it sends/);
    await lab.ip('-n far link set wg0 up');
    await reported(lab, daemon, 'active', /the peer of wg0 answers/);
    await lab.sh('kill $(cat /run/ping)');
    await lab.ip('link set wg0 down');
    await reported(lab, daemon, 'failed', /wg0 is down/);
  },
};

/** Probes of devices that the machine which develops ifdepd does not have. */
export const probeScenarios: readonly Scenario[] = [speed, toldSpeed, bond, partner, tunnel];
