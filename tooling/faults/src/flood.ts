import { openNetIf } from '@ifdepd/netif';
import { cable, ip, ipBatch } from '@ifdepd/netlab';
import { ask } from './ask.ts';
import { home, startProcess } from './daemon-process.ts';
import { observe } from './observer.ts';
import { type ProcessFacts, processFacts } from './process-facts.ts';

/** The result of a flood of interfaces. */
export interface Flood {
  /** How many failovers the daemon followed while all interfaces existed, and while none did. */
  readonly followed: number;
  /** The daemon before the flood, and after each removal. */
  readonly samples: readonly ProcessFacts[];
}

/** A group of interfaces is deleted at once. */
const GROUP = '99';

/**
 * Adds and removes interfaces again and again, with a failover after each addition and each removal. The network
 * namespace of this process has to be empty.
 *
 * @param program the file of the daemon
 * @param links how many, made in pairs
 */
export async function flood(program: string, links: number, cycles: number): Promise<Flood> {
  const em0 = cable('em0');
  cable('carp0');
  using place = home();
  using observer = observe();
  using netif = openNetIf();
  const daemon = await startProcess(program, ['-S', 'em0', '-D', 'carp0'], place);
  let followed = 0;

  async function follow(to: 'up' | 'down'): Promise<void> {
    netif.setAdmin(em0.far, to);
    await observer.when(
      () => `carp0 to be ${to}; the daemon said:\n${daemon.lines.slice(-10).join('\n')}`,
      () => netif.flags('carp0').up === (to === 'up'),
    );
    followed += 1;
  }

  /** The daemon has read all messages once it shows this many interfaces. */
  async function knows(count: number): Promise<void> {
    for (let shown = -1; shown !== count; ) {
      shown = (JSON.parse(await ask(place.socket, '/v1/interfaces')) as unknown[]).length;
    }
  }

  try {
    const before = netif.list().length;
    await knows(before);
    const samples = [processFacts(daemon.pid)];
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      ipBatch(
        Array.from(
          { length: links / 2 },
          (_, at) => `link add flood${at} group ${GROUP} type veth peer name flood${at}-x group ${GROUP}`,
        ),
      );
      await follow('down');
      await knows(before + links);
      ip('link', 'del', 'group', GROUP);
      await follow('up');
      await knows(before);
      samples.push(processFacts(daemon.pid));
    }
    return { followed, samples };
  } finally {
    daemon.signal('SIGKILL');
    await daemon.ended();
  }
}
