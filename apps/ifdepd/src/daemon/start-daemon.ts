import { type Libc, loadLibc } from '@ifdepd/libc';
import { health, type LinkEvent, type LinkWatch, watchLinks } from '@ifdepd/linkwatch';
import { type Media, type NetIf, openNetIf } from '@ifdepd/netif';
import { compile, type PolicyConfig, type Status } from '@ifdepd/policy';
import type { Log } from '../log/index.ts';
import { adminActuator, dryActuator } from './actuator.ts';
import { type Decider, decider, type Moment } from './decider.ts';
import { type Probe, type ProbeMode, probe } from './probe.ts';
import { report } from './report.ts';
import { watched } from './watched.ts';

/** What a daemon is made of. */
export interface DaemonOptions {
  /** Source and destination ids are the names (or alternative names) of interfaces. */
  readonly policy: PolicyConfig;
  readonly log: Log;
  /** The system to work on. Default: this one. */
  readonly libc?: Libc;
  /** Decide and tell, set nothing. Default: false. */
  readonly dryRun?: boolean;
  /** Whether drivers are asked for the carrier while the kernel may hold its news back. Default: 'auto'. */
  readonly probe?: ProbeMode;
}

/** A running daemon. */
export interface Daemon extends Disposable {
  /** How link events are received. */
  readonly backend: LinkWatch['backend'];
  readonly status: Status;
  /** Destinations that could not be set at the last attempt, and why. */
  readonly failures: ReadonlyMap<string, Error>;
  /** What the reads of carriers have come to. */
  readonly probe: Pick<Probe, 'early' | 'reads' | 'running'>;
  /** Reads the state of every interface again, and acts on what differs. */
  resync(): void;
  /** Stops watching. Destinations are left as they are. */
  close(): void;
}

/**
 * Starts to watch, decides on what is there and applies it, all before it returns.
 *
 * The order matters: the event socket is open before the interfaces are read, so nothing falls between; destinations
 * are read in the same moment as sources, so nothing is written that is right already.
 *
 * @throws {PolicyError} where the policy is not valid
 * @throws {SystemError} where the interfaces cannot be watched or read
 */
export function startDaemon(options: DaemonOptions): Daemon {
  const policy = compile(options.policy);
  const libc = options.libc ?? loadLibc();
  const lines = report(options.log, options.dryRun === true ? 'would be set' : 'set');
  const failures = new Map<string, Error>();
  const netif: NetIf = openNetIf({ libc });
  let watch: LinkWatch | undefined;
  let deciding: Decider | undefined;
  let probing: Probe | undefined;

  function close(): void {
    probing?.[Symbol.dispose]();
    deciding?.[Symbol.dispose]();
    watch?.close();
    netif.close();
    lines.flush();
  }

  function tell(moment: Moment): void {
    for (const { effect, error } of moment.outcomes) {
      if (error === null) {
        failures.delete(effect.destination);
      } else {
        failures.set(effect.destination, error);
      }
    }
    if (moment.outcomes.length > 0) {
      probing?.acted();
    }
    lines.moment(moment);
  }

  try {
    const links = watchLinks({ libc });
    watch = links;
    const carriers = probe({
      // Only Linux holds carrier news back, and only its messages are held back.
      mode: links.backend === 'rtnetlink' ? (options.probe ?? 'auto') : 'off',
      active: () => policy.sources.filter((id) => health(links.lookUp(id)).health === 'active'),
      read: (id) => mediaOf(netif, names.nameOf(id)),
      changed: (id) => engine.feed({ type: 'source', source: names.source(id) }),
    });
    probing = carriers;
    const names = watched(
      new Set(policy.sources),
      new Set(policy.destinations),
      links,
      netif,
      carriers.doubts,
    );
    const actuator = options.dryRun === true ? dryActuator() : adminActuator(netif, names.nameOf);
    const engine = decider(policy, actuator, tell);
    deciding = engine;

    links.subscribe((event: LinkEvent) => {
      // A snapshot too: who knows what was lost before it, or happened before the start.
      carriers.heard();
      if (event.type !== 'snapshot') {
        for (const reading of names.readings(event)) {
          engine.feed(reading);
        }
        return;
      }
      if (event.cause !== 'start') {
        const level = event.cause === 'overrun' ? 'warning' : 'info';
        lines.line({ event: 'resync', level, message: `interfaces read again (${event.cause})` });
      }
      engine.feed(names.snapshot());
    });
    lines.flush();

    return {
      backend: links.backend,
      get status() {
        return engine.status();
      },
      failures,
      probe: carriers,
      resync: () => links.resync(),
      close,
      [Symbol.dispose]: close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** What the driver says; null where there is no such interface by now. */
function mediaOf(netif: NetIf, name: string): Media | null {
  try {
    return netif.media(name);
  } catch {
    return null;
  }
}
