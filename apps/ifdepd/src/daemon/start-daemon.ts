import { type Libc, loadLibc } from '@ifdepd/libc';
import {
  health,
  type LinkCounters,
  type LinkEvent,
  type LinkSensor,
  type LinkWatch,
  openLinkSensor,
  watchLinks,
} from '@ifdepd/linkwatch';
import { type Media, type NetIf, openNetIf, parseVhidName } from '@ifdepd/netif';
import {
  compile,
  type Explanation,
  type Policy,
  type PolicyConfig,
  type PolicyEvent,
  type SourceReading,
  type Status,
} from '@ifdepd/policy';
import { type DestinationDriver, destinationDriver } from '../destinations/index.ts';
import type { Log } from '../log/index.ts';
import type { DestinationSettings } from '../settings.ts';
import { actuator, dryActuator } from './actuator.ts';
import { type Decider, decider, type Moment } from './decider.ts';
import { type Probe, type ProbeMode, probe } from './probe.ts';
import { rehearse } from './rehearsal.ts';
import { report } from './report.ts';
import { type WatchedThings, watched } from './watched.ts';

/** What a daemon decides by. */
export interface DaemonRules {
  /** Source ids are the names (or alternative names) of interfaces, but for those of `checks`. */
  readonly policy: PolicyConfig;
  /** How destinations are set, by id. Default: each id is the name of an interface, set by its administrative flag. */
  readonly destinations?: ReadonlyMap<string, DestinationSettings>;
  /** Sources that are no interfaces: unknown until {@link Daemon.feed} tells more. */
  readonly checks?: Iterable<string>;
}

/** What a daemon is made of. */
export interface DaemonOptions extends DaemonRules {
  readonly log: Log;
  /** The system to work on. Default: this one. */
  readonly libc?: Libc;
  /** Decide and tell, set nothing. Default: false. */
  readonly dryRun?: boolean;
  /** Whether drivers are asked for the carrier while the kernel may hold its news back. Default: 'auto'. */
  readonly probe?: ProbeMode;
  /** Whether the code of a failover is run beforehand, changing nothing, so that the first one is fast. Default: false. */
  readonly rehearse?: boolean;
  /** Whether an earlier process lowered a destination, as a journal says. */
  readonly owned?: (destination: string) => boolean;
  /** Called after each moment, when all system calls are done and before the next event: must only take note. */
  readonly observe?: (moment: Moment) => void;
}

/** A running daemon. */
export interface Daemon extends Disposable {
  /** How link events are received. */
  readonly backend: LinkWatch['backend'];
  /** Those that the rules name, and no others. */
  readonly links: Pick<LinkWatch, 'links' | 'lookUp' | 'subscribe'>;
  readonly linkCounters: LinkCounters;
  readonly status: Status;
  readonly explanation: Explanation;
  /** Destinations that could not be set at the last attempt, and why. */
  readonly failures: ReadonlyMap<string, Error>;
  /** What the reads of carriers have come to. */
  readonly probe: Pick<Probe, 'early' | 'reads' | 'running'>;
  /** How a destination is read and set; undefined where it is none of ours. */
  driverOf(destination: string): DestinationDriver | undefined;
  /** Tells the policy something: a check has answered, an operator pauses a group. */
  feed(event: PolicyEvent): void;
  /**
   * Goes on under other rules: what did not change keeps its phase, timers and penalties.
   *
   * @throws {PolicyError} where they are not valid; nothing has changed then
   */
  reload(rules: DaemonRules): void;
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
  const { libc = loadLibc(), dryRun = false, observe } = options;
  const lines = report(options.log, dryRun ? 'would be set' : 'set');
  const failures = new Map<string, Error>();
  const netif: NetIf = openNetIf({ libc });
  let watch: LinkWatch | undefined;
  let deciding: Decider | undefined;
  let probing: Probe | undefined;
  let sensor: LinkSensor | null = null;
  let reloading = false;
  let endRehearsal: (() => void) | undefined;

  function close(): void {
    endRehearsal?.();
    probing?.[Symbol.dispose]();
    sensor?.[Symbol.dispose]();
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
    observe?.(moment);
  }

  try {
    const { probe: mode = 'auto' } = options;
    sensor = mode === 'auto' ? openLinkSensor({ libc }) : null;
    const interest = interestOf(options, policy);
    const links = watchLinks({ libc, interest });
    watch = links;

    function thingsOf(rules: DaemonRules, compiled: Policy, known?: WatchedThings['others']): WatchedThings {
      const checks = new Set(rules.checks);
      const drivers = compiled.destinations.map((id): [string, DestinationDriver] => {
        return [id, destinationDriver(settingsOf(rules, id), { libc, netif, links })];
      });
      const unasked = (id: string): SourceReading => ({ id, health: 'unknown', reason: 'not checked yet' });
      return {
        sources: new Set(compiled.sources.filter((id) => !checks.has(id))),
        others: new Map([...checks].map((id) => [id, known?.get(id) ?? unasked(id)])),
        destinations: new Map(drivers),
      };
    }

    let things = thingsOf(options, policy);
    const carriers = probe({
      // Only Linux holds carrier news back, and only its messages are held back.
      mode: links.backend === 'rtnetlink' ? mode : 'off',
      sensor,
      active: () => [...things.sources].filter((id) => health(links.lookUp(id)).health === 'active'),
      read: (id) => mediaOf(netif, names.nameOf(id)),
      changed: (id) => engine.feed({ type: 'source', source: names.source(id) }),
    });
    probing = carriers;
    const names = watched(() => things, links, carriers.doubts, options.owned);
    const acting = dryRun ? dryActuator() : actuator((id) => things.destinations.get(id));
    const engine = decider(policy, acting, tell);
    deciding = engine;
    if (!dryRun) {
      prepare(things);
    }

    links.subscribe((event: LinkEvent) => {
      // A snapshot too: who knows what was lost before it, or happened before the start.
      carriers.heard();
      if (reloading) {
        return;
      }
      if (event.type !== 'snapshot') {
        for (const reading of names.readings(event)) {
          engine.feed(reading);
        }
        return;
      }
      if (event.cause !== 'start') {
        const level = event.cause === 'overrun' ? 'warning' : 'info';
        const message = `interfaces read again (${event.cause})`;
        lines.line({ event: 'resync', level, message, fields: { cause: event.cause } });
      }
      engine.feed(names.snapshot());
    });
    lines.flush();
    if (options.rehearse === true) {
      endRehearsal = rehearse(policy, interest, libc, netif);
    }

    return {
      backend: links.backend,
      links,
      linkCounters: links.counters,
      get status() {
        return engine.status();
      },
      get explanation() {
        return engine.explain();
      },
      failures,
      probe: carriers,
      driverOf: (id) => things.destinations.get(id),
      feed(event) {
        if (event.type === 'source' && things.others.has(event.source.id)) {
          things = { ...things, others: new Map(things.others).set(event.source.id, event.source) };
        }
        engine.feed(event);
      },
      reload(rules) {
        const next = compile(rules.policy);
        // What it brings to light is not for the rules that end here; below everything is read.
        reloading = true;
        links.setInterest(interestOf(rules, next));
        reloading = false;
        things = thingsOf(rules, next, things.others);
        if (!dryRun) {
          prepare(things);
        }
        engine.replace(next);
        // What is new has to be read; what is not, may be.
        engine.feed(names.snapshot());
      },
      resync: () => links.resync(),
      close,
      [Symbol.dispose]: close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function settingsOf(rules: DaemonRules, id: string): DestinationSettings {
  return rules.destinations?.get(id) ?? { id, action: 'admin', interface: id, onExit: 'leave' };
}

/** The names of the interfaces that the rules are about, the parents of vhids among them: no other is heard of. */
function interestOf(rules: DaemonRules, compiled: Policy): readonly string[] {
  const checks = new Set(rules.checks);
  const destinations = compiled.destinations.map((id) => settingsOf(rules, id));
  return [
    ...compiled.sources.filter((id) => !checks.has(id)),
    ...destinations.flatMap((settings) => (settings.action === 'file' ? [] : [settings.interface])),
  ].flatMap((name) => [name, parseVhidName(name)?.parent ?? name]);
}

/** A destination that cannot be prepared will fail when it is set, and say so then. */
function prepare({ destinations }: WatchedThings): void {
  for (const driver of destinations.values()) {
    try {
      driver.prepare?.();
    } catch {}
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
