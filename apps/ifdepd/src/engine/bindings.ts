import type { Policy, SourceReading } from '@ifdepd/policy';
import type { DestinationSettings } from '../config/settings.ts';
import { type DaemonRules, interestOf, rememberedDestinations, settingsOf } from './daemon-rules.ts';
import { type AnyDriver, destinationDriver, type Tools } from './destinations/index.ts';
import { unlessLeftAlone, type WhyLeftAlone } from './destinations/left-alone.ts';
import { type Source, sourceOf } from './sources/index.ts';

/** The interfaces and drivers that the ids of some rules mean on this host. */
export interface Bound {
  readonly rules: DaemonRules;
  /** Sources that can be read, by id. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Those of them that fail with the carrier of their interface. */
  readonly carriers: ReadonlySet<string>;
  /** Sources that are fed, with what was last known of them. */
  readonly others: ReadonlyMap<string, SourceReading>;
  readonly destinations: ReadonlyMap<string, AnyDriver>;
  /** Ids that belong to an interface of another name, by that name: the vhids of a parent. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** The names of interfaces of which events are read. */
  readonly interest: readonly string[];
  /** Destinations whose writes are recorded before they are made. */
  readonly remembered: ReadonlySet<string>;
}

/** The part that depends on names alone. */
type Names = Omit<Bound, 'rules' | 'others' | 'destinations'> & {
  /** Sources that are fed. */
  readonly fed: readonly string[];
};

/** The bindings of a daemon: replaced by a reload. */
export type Bindings = ReturnType<typeof bind>;

/**
 * Binds rules to this host. A destination that is set the same way as under the rules before keeps its driver, and with it what
 * that needs to undo what it did.
 *
 * @param undoValueOf what a journal says that it takes to undo what an earlier process did
 * @param leftAlone why a destination must not be set at present. Default: none must not
 */
export function bind(
  rules: DaemonRules,
  compiled: Policy,
  tools: Tools,
  undoValueOf: (destination: string) => number | undefined = () => undefined,
  leftAlone: WhyLeftAlone = () => null,
) {
  const { features } = tools.netif;
  const known = new WeakMap<DaemonRules, Names>();
  let made = new Map<string, { readonly settings: DestinationSettings; readonly driver: AnyDriver }>();
  let now = bound(rules, compiled);

  function driverOf(settings: DestinationSettings): AnyDriver {
    const before = made.get(settings.id);
    return before !== undefined && sameWay(before.settings, settings)
      ? before.driver
      : unlessLeftAlone(
          destinationDriver(settings, tools, undoValueOf(settings.id)),
          settings.id,
          leftAlone,
          tools.libc,
        );
  }

  /** What the ids of rules mean, whatever was bound before: worked out once. */
  function namesIn(rules: DaemonRules, compiled: Policy): Names {
    let names = known.get(rules);
    if (names === undefined) {
      const all = compiled.sources.map((id) => sourceOf(id, features));
      const sources = all.filter(({ read }) => read !== null);
      names = {
        sources: new Map(sources.map((source) => [source.id, source])),
        carriers: new Set(sources.flatMap(({ id, followsCarrier }) => (followsCarrier ? [id] : []))),
        fed: all.flatMap(({ id, read }) => (read === null ? [id] : [])),
        dependents: dependentsOf(tools, rules, [...compiled.sources, ...compiled.destinations]),
        interest: interestOf(rules, compiled, features),
        remembered: rememberedDestinations(rules),
      };
      known.set(rules, names);
    }
    return names;
  }

  function bound(rules: DaemonRules, compiled: Policy, last?: Bound['others']): Bound {
    const { fed, ...names } = namesIn(rules, compiled);
    made = new Map(
      compiled.destinations.map((id) => {
        const settings = settingsOf(rules, id);
        return [id, { settings, driver: driverOf(settings) }] as const;
      }),
    );
    return {
      ...names,
      rules,
      others: new Map(
        fed.map((id) => [id, last?.get(id) ?? { id, health: 'unknown', reason: 'not checked yet' }]),
      ),
      destinations: new Map([...made].map(([id, { driver }]) => [id, driver])),
    };
  }

  return {
    get now(): Bound {
      return now;
    },
    /** Works out ahead what takes long of {@link replace}, and changes nothing. */
    foresee: (rules: DaemonRules, compiled: Policy) => void namesIn(rules, compiled),
    /** Binds other rules. What was last known of sources that are fed is kept. */
    replace(rules: DaemonRules, compiled: Policy): void {
      now = bound(rules, compiled, now.others);
    },
    /** Remembers what a source that is fed was fed with. */
    noteFed(reading: SourceReading): void {
      if (now.others.has(reading.id)) {
        now = { ...now, others: new Map(now.others).set(reading.id, reading) };
      }
    },
  };
}

/** `onExit` is not part of how a destination is set. */
function sameWay(one: DestinationSettings, other: DestinationSettings): boolean {
  return JSON.stringify({ ...one, onExit: null }) === JSON.stringify({ ...other, onExit: null });
}

/** Ids that belong to an interface of another name, by that name: a message about it may be about them. */
function dependentsOf(
  { netif }: Tools,
  rules: DaemonRules,
  ids: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const id of new Set(ids)) {
    const settings = rules.destinations?.get(id);
    const names = settings?.action === 'vf' ? [settings.parent] : sourceOf(id, netif.features).names;
    for (const name of names) {
      if (name !== id) {
        found.set(name, [...(found.get(name) ?? []), id]);
      }
    }
  }
  return found;
}

/** Works something out once for the rules there are. */
export function perRules<Result>(
  bindings: Pick<Bindings, 'now'>,
  workOut: (rules: DaemonRules) => Result,
): () => Result {
  let known: { readonly rules: DaemonRules; readonly result: Result } | undefined;
  return () => {
    const { rules } = bindings.now;
    if (known?.rules !== rules) {
      known = { rules, result: workOut(rules) };
    }
    return known.result;
  };
}
