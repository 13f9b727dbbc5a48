import { follow } from '../lab/follow.ts';
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from './scenario.ts';
import { blinkOne, joinFarEnds, plug, ports } from './two-ports.ts';

/** The runners of teamd(8), which decides which ports a team uses, and the modes of the kernel that they need. */
const runners = [
  { mode: 'active-backup', module: 'team_mode_activebackup', runner: { name: 'activebackup' } },
  {
    mode: '802.3ad',
    module: 'team_mode_loadbalance',
    runner: { name: 'lacp', active: true, fast_rate: true, tx_hash: ['eth'] },
  },
] as const;

/** Starts teamd(8), which makes the team `src` of both ports. @returns its process id @throws {Error} where it ends */
async function startTeamd(lab: Lab, runner: object): Promise<number> {
  const config = { runner, link_watch: { name: 'ethtool' }, ports: { [ports[0]]: {}, [ports[1]]: {} } };
  const argv = ['teamd', '-t', 'src', '-c', JSON.stringify(config)];
  const { status } = await lab.guest.ask({ do: 'start', argv });
  const said = (): string =>
    lab.guest.observations
      .flatMap((one) => (one.see === 'line' && one.pid === status ? [one.text] : []))
      .join('\n');
  await lab.wait('teamd to make the team', () => {
    if (lab.guest.observations.some((one) => one.see === 'ended' && one.pid === status)) {
      throw new Error(`teamd has ended: ${said()}`);
    }
    return lab.links.is('src', 'up') !== null;
  });
  return status;
}

/** A team that teamd(8) runs, beside the one without it: both cables are pulled. Before, one of them is, and nothing may happen. */
export const teamScenarios: readonly Scenario[] = runners.map(({ mode, module, runner }) => ({
  name: `team ${mode} of two cards`,
  modules: ['team', module, 'bonding'],
  async run(lab) {
    if (mode === '802.3ad') {
      await joinFarEnds(lab, 'bond mode 802.3ad miimon 100 lacp_rate fast');
    }
    const pid = await startTeamd(lab, runner);
    const end = () => lab.guest.ask({ do: 'signal', pid, signal: 'SIGTERM' });
    await lab.ip('link set src up');
    await lab.carrierOf('src', true);
    await follow(lab, {
      source: 'src',
      cut: () => plug(lab, ports, false),
      repair: () => plug(lab, ports, true),
      // teamd(8) deletes its team when it ends.
      remove: end,
      harmless: () => blinkOne(lab),
    });
  },
}));
