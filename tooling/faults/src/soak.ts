import { openNetIf } from '@ifdepd/netif';
import { cable } from '@ifdepd/netlab';
import { askStatus } from './ask.ts';
import { home, startProcess } from './daemon-process.ts';
import { observe } from './observer.ts';
import { processFacts } from './process-facts.ts';

/** One sample of a soak. */
export interface Sample {
  readonly transitions: number;
  /** Resident memory of the daemon, bytes. */
  readonly rss: number;
  readonly descriptors: number;
}

/** The result of a soak. */
export interface Soak {
  /** How often the source was cut or repaired. */
  readonly wanted: number;
  /** How many transitions the daemon reports since the first sample. */
  readonly reported: number;
  /** How often each destination was set, by the messages of the kernel. */
  readonly seen: readonly number[];
  readonly samples: readonly Sample[];
  readonly durationMs: number;
}

const DESTINATIONS = ['carp0', 'carp1'];

/**
 * Cuts and repairs the cable of a source, again as soon as every destination has followed.
 *
 * The network namespace of this process has to be empty.
 *
 * @param program the file of the daemon
 * @param transitions how many in all
 * @param every transitions from one sample to the next
 */
export async function soak(program: string, transitions: number, every: number): Promise<Soak> {
  const em0 = cable('em0');
  for (const name of DESTINATIONS) {
    cable(name);
  }
  using place = home();
  using observer = observe();
  using netif = openNetIf();
  const daemon = await startProcess(program, ['-S', 'em0', '-D', DESTINATIONS.join(':')], place);
  try {
    const before = (await askStatus(place.socket)).counters.transitions;
    const samples: Sample[] = [];
    const began = performance.now();
    for (let made = 0; made < transitions; made += 1) {
      if (made % every === 0) {
        samples.push({ transitions: made, ...facts(daemon.pid) });
      }
      const to = made % 2 === 0 ? 'down' : 'up';
      netif.setAdmin(em0.far, to);
      // One by one: two changes that cancel each other would be no transition.
      await observer.when(
        () => `transition ${made + 1} (${to}); the daemon said:\n${daemon.lines.slice(-10).join('\n')}`,
        () => DESTINATIONS.every((name) => observer.flips(name) > made),
      );
    }
    const durationMs = performance.now() - began;
    samples.push({ transitions, ...facts(daemon.pid) });
    const { counters } = await askStatus(place.socket);
    return {
      wanted: transitions,
      reported: counters.transitions - before,
      seen: DESTINATIONS.map(observer.flips),
      samples,
      durationMs,
    };
  } finally {
    daemon.signal('SIGKILL');
    await daemon.ended();
  }
}

function facts(pid: number): Omit<Sample, 'transitions'> {
  const { rss, descriptors } = processFacts(pid);
  return { rss, descriptors };
}
