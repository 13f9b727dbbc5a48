import { setTimeout as pause } from 'node:timers/promises';
import { type Cost, costOf, costOfPeriods } from '../lab/cost.ts';
import type { Lab } from '../lab/lab.ts';
import type { Accelerator } from '../machine/qemu.ts';
import { join, layTunnel, probe, useTunnel } from './probes.ts';
import type { Scenario } from './scenario.ts';
import { joinFarEnds } from './two-ports.ts';

/** A path that dies and is mended, and the probe that has to notice it. */
interface Death {
  readonly name: string;
  readonly modules: readonly string[];
  /** The probe, as a file has it, with its interval. */
  readonly probe: string;
  readonly everyMs: number;
  /** How many intervals may pass until it is noticed. */
  readonly within: number;
  make(lab: Lab): Promise<unknown>;
  kill(lab: Lab): Promise<unknown>;
  mend(lab: Lab): Promise<unknown>;
  /** Ends what it has started. Default: nothing. */
  end?(lab: Lab): Promise<unknown>;
}

/** Each takes some intervals, and the time in which nothing may happen. */
const MOST_ROUNDS = 5;
const QUIET_MS = 5000;

/** Of an interval, for the slots of the timer and for the program that makes the death. */
const SLACK = 0.1;

/** Lets a path die some times over, and says after how many intervals that was noticed, and what the daemon costs meanwhile. */
function dying(death: Death): Scenario {
  const { name, modules, everyMs, within } = death;
  return {
    name: `death noticed: ${name}`,
    modules: [...modules, 'dummy'],
    async run(lab) {
      await death.make(lab);
      const daemon = await probe(lab, death.probe);
      const changes = () =>
        daemon.log().filter(({ event, source }) => event === 'source' && source === 'probe:p');
      const isNow = (to: string) => lab.wait(`the probe to be ${to}`, () => changes().at(-1)?.to === to);
      const noticed: number[] = [];
      const quiet: [Cost, Cost][] = [];
      while (noticed.length < Math.min(lab.rounds, MOST_ROUNDS)) {
        await isNow('active');
        const before = changes().length;
        const first = await costOf(lab.guest, daemon.pid);
        await pause(QUIET_MS);
        quiet.push([first, await costOf(lab.guest, daemon.pid)]);
        if (changes().length !== before) {
          throw new Error(`a false alarm: ${changes().at(-1)?.reason}`);
        }
        const { atMs } = await lab.guest.ask({ do: 'run', argv: ['true'] });
        await death.kill(lab);
        await isNow('failed');
        const failed = changes().find(({ to }, at) => at >= before && to === 'failed');
        noticed.push((Date.parse(failed?.time ?? '') - atMs) / everyMs);
        await lab.wait('dst to be down', () => lab.links.is('dst', 'up') === false);
        await death.mend(lab);
      }
      await death.end?.(lab);
      noticed.sort((one, other) => one - other);
      const longest = noticed.at(-1) ?? Number.NaN;
      const median = noticed[noticed.length >> 1] ?? Number.NaN;
      const said = `${median.toFixed(1)}, longest ${longest.toFixed(1)} intervals of ${everyMs / 1000} s`;
      if (!(longest <= within + SLACK)) {
        throw new Error(`noticed too late: ${said}, ${within} are allowed`);
      }
      return `${said}; ${costInWords(costOfPeriods(quiet), lab.guest.accelerator)}`;
    },
  };
}

function costInWords({ atMs, cpuMs, wakeUps }: Cost, accelerator: Accelerator): string {
  const core = accelerator === 'tcg' ? 'an emulated core' : 'a core';
  const share = `${((100 * cpuMs) / atMs).toFixed(2)} % of ${core}`;
  const seconds = atMs / 1000;
  return `${seconds.toFixed(0)} s of quiet: no false alarm, ${share}, ${(wakeUps / seconds).toFixed(1)} wake-ups a second`;
}

const slowPath: Death = {
  name: 'answers take 2.6 s more (netem)',
  modules: ['veth', 'sch_netem'],
  // An emulated machine answers within 0.5 s. The mean of three answers, of which one took 2.6 s, is above 800 ms.
  probe: '{ping: 10.8.0.2, every: 3s, window: 3, latency: 800ms}',
  everyMs: 3000,
  within: 3,
  async make(lab) {
    await lab.ip('netns add far');
    await lab.ip('link add src type veth peer name far0 netns far');
    await lab.ip('addr add 10.8.0.1/24 dev src');
    await lab.ip('-n far addr add 10.8.0.2/24 dev far0');
    await lab.ip('link set src up');
    await lab.ip('-n far link set far0 up');
  },
  kill: (lab) => lab.sh('/sbin/tc qdisc add dev src root netem delay 2600ms'),
  mend: (lab) => lab.sh('/sbin/tc qdisc del dev src root'),
};

const slowSpeed: Death = {
  name: 'speed falls to 100 Mb/s without an event',
  modules: ['virtio_net'],
  probe: '{speed: virtio, at-least: 1G}',
  everyMs: 10_000,
  within: 3,
  async make(lab) {
    await lab.ip('link set virtio up');
    await lab.carrierOf('virtio', true);
    await this.mend(lab);
  },
  kill: (lab) => lab.sh('ethtool -s virtio speed 100 duplex full'),
  mend: (lab) => lab.sh('ethtool -s virtio speed 1000 duplex full'),
};

const memberLost: Death = {
  name: 'a member of a bond has no link',
  modules: ['bonding'],
  probe: '{bond: bond0, at-least: 2}',
  everyMs: 1000,
  within: 3,
  make: (lab) => join(lab, 'mode active-backup'),
  kill: (lab) => lab.cable('port0', false),
  mend: (lab) => lab.cable('port0', true),
};

/** The other end sends one message of LACP a second; its link stays. */
const partnerSilent: Death = {
  name: 'the LACP partner of a member falls silent',
  modules: ['bonding', 'sch_netem'],
  probe: '{bond: bond0, at-least: 2}',
  everyMs: 1000,
  // The kernel takes three seconds without a message for a silence, and the next reading finds it.
  within: 5,
  async make(lab) {
    await joinFarEnds(lab, 'bond mode 802.3ad miimon 100 lacp_rate fast');
    await join(lab, 'mode 802.3ad lacp_rate fast');
  },
  kill: (lab) => lab.sh('/sbin/tc -n far qdisc add dev far1 root netem loss 100%'),
  mend: (lab) => lab.sh('/sbin/tc -n far qdisc del dev far1 root'),
};

/** A ping goes through the tunnel each second. WireGuard itself tries for 15 s before it takes an answer for missing. */
const tunnelDead: Death = {
  name: 'the other end of a WireGuard tunnel',
  modules: ['wireguard', 'veth'],
  probe: '{wireguard: wg0, handshake-within: 3m}',
  everyMs: 5000,
  // One reading hears the last answer, the next finds more sent, and 25 s later it has failed: 35 s, and late timers.
  within: 8,
  async make(lab) {
    await layTunnel(lab);
    await useTunnel(lab);
  },
  kill: (lab) => lab.ip('-n far link set wg0 down'),
  mend: (lab) => lab.ip('-n far link set wg0 up'),
  end: (lab) => lab.sh('kill $(cat /run/ping)'),
};

/** A ping through the tunnel finds that sooner. */
const tunnelPinged: Death = {
  ...tunnelDead,
  name: 'the other end of a WireGuard tunnel, by ping',
  probe: '{ping: 10.9.1.2, interface: wg0, every: 5s}',
  within: 3,
};

/** The deaths that need drivers which the machine that develops ifdepd does not have. */
const deaths = [slowPath, slowSpeed, memberLost, partnerSilent, tunnelDead, tunnelPinged] as const;

/** They die in the guest. */
export const deathScenarios: readonly Scenario[] = deaths.map(dying);
