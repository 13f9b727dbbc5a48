import { openNetIf } from '@ifdepd/netif';
import { cable } from '@ifdepd/netlab';
import { busyLoops } from './busy-loops.ts';
import { clientsProcess } from './clients-process.ts';
import { home, startProcess } from './daemon-process.ts';
import { observe } from './observer.ts';

/** How long failovers took, from the cut to the moment the destination was seen down, in ms. */
export interface Reaction {
  readonly under: string;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

const CLIENTS = 500;

/**
 * Measures failovers without other load, with bad clients on the control socket, and with a busy loop on every core, one
 * after another in one run: compare them with each other, not with another machine. It takes some 1,500 failovers until
 * the daemon disconnects the clients that do not read.
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
      throw new Error(
        `${failovers} failovers are too few: the daemon has not disconnected a client that does not read`,
      );
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
