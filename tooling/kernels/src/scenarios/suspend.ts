import { until } from '@ifdepd/netlab';
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from './scenario.ts';

/** The down-delay of one group, and how long the machine sleeps: longer than that. */
const DELAY_MS = 10_000;
const ASLEEP_MS = 15_000;

/** `calm` is lost never, `e1000` while the machine sleeps, `late` right before. */
const sources = ['calm', 'e1000', 'late'] as const;

const config = JSON.stringify({
  groups: Object.fromEntries(
    sources.map((source) => [
      source,
      {
        sources: [source],
        destinations: [`dst-${source}`],
        ...(source === 'late' ? { 'down-delay': `${DELAY_MS}ms` } : {}),
      },
    ]),
  ),
});

/** Suspends the machine to its memory, does something meanwhile, and wakes it. */
async function sleep(lab: Lab, meanwhile: () => Promise<unknown>): Promise<void> {
  const { qmp } = lab.guest.machine;
  const before = qmp.events.length;
  const happened = (name: string): boolean => qmp.events.slice(before).some(({ event }) => event === name);
  // The machine may sleep before the answer is out.
  const asked = lab.guest.ask({ do: 'start', argv: ['sh', '-c', 'echo mem >/sys/power/state'] });
  // The scenario fails by the event where the machine does not sleep, and by the answer where it does not come back.
  asked.catch(() => {});
  await lab.wait('the machine to sleep', () => happened('SUSPEND'));
  const began = performance.now();
  await meanwhile();
  await until('the machine to have slept', () => performance.now() - began >= ASLEEP_MS, 2 * ASLEEP_MS);
  await qmp.run('system_wakeup', {});
  await lab.wait('the machine to wake', () => happened('WAKEUP'));
  await asked;
}

/** A real sleep (S3): nothing is taken for lost that was not, nothing that was is overlooked, and a delay stands still. */
export const suspendScenario: Scenario = {
  name: 'suspend to memory',
  modules: ['e1000', 'veth', 'tun'],
  notOnArm64: 'the machine virt of QEMU cannot suspend to memory',
  async run(lab) {
    await lab.ip('link add calm type veth peer name far');
    await lab.guest.ask({ do: 'tap', name: 'late', carrier: true });
    for (const source of sources) {
      await lab.ip(`link add dst-${source} type dummy`);
      await lab.ip(`link set dst-${source} up`);
    }
    for (const name of ['calm', 'far', 'e1000']) {
      await lab.ip(`link set ${name} up`);
    }
    await lab.guest.ask({ do: 'write', path: '/run/groups.json', text: config });
    const daemon = await lab.daemon('-f', '/run/groups.json');
    const reach = (source: string, up: boolean): Promise<void> =>
      lab.wait(`dst-${source} to be ${up ? 'up' : 'down'}`, () => lab.links.is(`dst-${source}`, 'up') === up);
    for (const source of sources) {
      await lab.wait(`group ${source} to be up`, () =>
        daemon
          .log()
          .some(({ event, group, to }) => event === 'transition' && group === source && to === 'up'),
      );
    }
    const since = lab.guest.observations.length;
    await lab.guest.ask({ do: 'tap', name: 'late', carrier: false });
    await lab.carrierOf('late', false);
    const lost = lab.links.when('late', 'carrier');

    await sleep(lab, () => lab.cable('e1000', false));

    await reach('e1000', false);
    await lab.wait('the daemon to notice the sleep', () =>
      daemon.log().some(({ msg }) => msg?.includes('the machine has slept') === true),
    );
    await reach('late', false);
    const waited = lab.links.when('dst-late', 'up') - lost;
    if (waited < DELAY_MS) {
      throw new Error(
        `the delay of ${DELAY_MS} ms was over after ${waited} ms of the clock that stands still in a sleep`,
      );
    }
    await lab.cable('e1000', true);
    await reach('e1000', true);
    await lab.guest.ask({ do: 'tap', name: 'late', carrier: true });
    await reach('late', true);
    const flips = sources.map((source) => lab.links.flips(`dst-${source}`, 'up', since));
    await lab.guest.ask({ do: 'untap', name: 'late' });
    if (flips.join() !== '0,2,2') {
      throw new Error(`destinations were set ${flips.join(', ')} times instead of 0, 2 and 2`);
    }
  },
};
