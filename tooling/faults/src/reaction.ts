import { openNetIf } from '@ifdepd/netif';
import { cable } from '@ifdepd/netlab';
import { busyLoops } from './busy-loops.ts';
import { clientsProcess } from './clients-process.ts';
import { home, startProcess } from './daemon-process.ts';
import { observe } from './observer.ts';

/** How long failovers took, from the cut as it was made to the destination as it was seen, ms. */
export interface Reaction {
  readonly under: string;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

const CLIENTS = 500;

/**
 * Failovers while nothing else happens, with bad clients on the control socket, and with a busy loop on every core. One
 * after another in one run: compare them with each other, not with another machine's. There have to be enough for those
 * of the clients that do not read to be hung up on, some 1,500.
 *
 * The network namespace of this process has to be empty.
 */
export async function reactions(program: string, failovers: number): Promise<readonly Reaction[]> {
  const em0 = cable('em0');
  cable('carp0');
  using place = home();
  using observer = observe();
  using netif = openNetIf();
  const daemon = await startProcess(program, ['-S', 'em0', '-D', 'carp0'], place);

  async function measure(under: string, afterEach: () => void = () => {}): Promise<Reaction> {
    const times: number[] = [];
    const before = observer.flips('carp0');
    for (let made = 0; made < failovers; made += 1) {
      const began = performance.now();
      netif.setAdmin(em0.far, made % 2 === 0 ? 'down' : 'up');
      await observer.when(
        () => `failover ${made + 1} with ${under}`,
        () => observer.flips('carp0') > before + made,
      );
      times.push(performance.now() - began);
      afterEach();
    }
    times.sort((one, other) => one - other);
    const at = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? Number.NaN;
    return { under, p50: at(0.5), p99: at(0.99), most: at(1) };
  }

  async function withClients(): Promise<Reaction> {
    await using _clients = await clientsProcess(place.socket, CLIENTS);
    let hungUp = false;
    const reaction = await measure(`${CLIENTS} bad clients`, () => {
      hungUp ||= daemon.lines.some((line) => line.includes('disconnected a slow events client'));
    });
    if (!hungUp) {
      throw new Error(`${failovers} failovers are too few: no client that does not read was hung up on`);
    }
    return reaction;
  }

  async function starved(): Promise<Reaction> {
    await using _loops = busyLoops();
    return await measure('a busy loop on every core');
  }

  try {
    await measure('warming up');
    return [await measure('nothing else'), await withClients(), await starved()];
  } finally {
    daemon.signal('SIGKILL');
    await daemon.ended();
  }
}
