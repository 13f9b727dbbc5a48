import type { LinkRecord } from '@ifdepd/linkwatch';
import { type Dependent, dependentsOf, type SetDown, type Topology } from '@ifdepd/linkwatch/linux';
import { describe, type Policy, simulate } from '@ifdepd/policy';
import { compiled } from '../config/compiled-policy.ts';
import type { Settings } from '../config/settings.ts';
import type { Warning } from './finding.ts';
import { grouped } from './grouped.ts';

/** A source that fails because destinations are set down, which its failure then keeps down. */
export interface Loop {
  /** The id of the destination. */
  readonly destination: string;
  /** How its first such source stands on it. */
  readonly path: string;
  readonly source: string;
  /** The number of further such sources. */
  readonly others: number;
  /** `latched`: it stays down for ever. `flapping`: it goes up and down without end. */
  readonly kind: 'latched' | 'flapping';
  /** False: it takes other destinations to be down as well. */
  readonly alone: boolean;
}

/** The interface of a destination, and how it is set; by the id of the destination. */
export type SetDowns = ReadonlyMap<string, SetDown>;

/** Milliseconds, later than any delay: everything has settled by then. */
const MUCH_LATER_MS = 1e12;

/**
 * The destinations that, once down, cannot come up again because of what Linux does to sources while they are down.
 *
 * Found as the largest set of destinations that keeps itself down: all of them at first, then those that the policy
 * wants down while the sources that they take along have failed and all others are active, until nothing changes.
 *
 * @param linkOf the kernel's number of the interface that a source is; undefined where it is none
 */
export function loopsOf(
  settings: Settings,
  topology: Topology,
  destinations: SetDowns,
  linkOf: (source: string) => number | undefined,
): readonly Loop[] {
  const policy = compiled(settings.policy);
  const sources = grouped(policy.sources, (id) => [linkOf(id) ?? null]);
  const failedBy = (ids: ReadonlySet<string>): ReadonlySet<string> => {
    const set = [...destinations].flatMap(([id, one]) => (ids.has(id) ? [one] : []));
    return new Set([...dependentsOf(topology, set).keys()].flatMap((index) => sources.get(index) ?? []));
  };
  let before: ReadonlySet<string> = new Set();
  let held: ReadonlySet<string> = new Set(destinations.keys());
  // A requirement with `not` may never settle; without, each round takes some away.
  for (let round = 0; round <= destinations.size + 1 && !same(before, held); round += 1) {
    [before, held] = [held, wantedDown(policy, settings, failedBy(held))];
  }
  const kind = same(before, held) ? 'latched' : 'flapping';
  const others = kind === 'flapping' ? before : wantedDown(policy, settings, new Set());
  const caught = new Set([...held, ...before].filter((id) => !(held.has(id) && others.has(id))));
  const ones = [...caught].flatMap((id) => destinations.get(id) ?? []);
  const together = dependentsOf(topology, ones);
  return [...caught].flatMap((id): readonly Loop[] => {
    const own = destinations.get(id);
    if (own === undefined) {
      return [];
    }
    const alone = takenAlong(dependentsOf(topology, [own]), sources, own);
    const [first, ...others] =
      alone.length > 0
        ? alone
        : takenAlong(together, sources, own).filter(({ path }) => path.split(' ').includes(own.link.name));
    return first === undefined
      ? []
      : [{ destination: id, ...first, others: others.length, kind, alone: alone.length > 0 }];
  });
}

/** The sources among those that lose something, without the destination itself. */
function takenAlong(
  lost: ReadonlyMap<number, Dependent>,
  sources: ReadonlyMap<number, readonly string[]>,
  own: SetDown,
): readonly Pick<Loop, 'source' | 'path'>[] {
  return [...lost].flatMap(([index, { path }]) =>
    index === own.link.index ? [] : (sources.get(index) ?? []).map((source) => ({ source, path })),
  );
}

/** The destinations that the policy wants down in the end, where these sources fail after all were active. */
function wantedDown(policy: Policy, settings: Settings, failed: ReadonlySet<string>): ReadonlySet<string> {
  const event = (isFailed: (id: string) => boolean) => ({
    type: 'sources' as const,
    complete: true,
    sources: policy.sources.map((id) => ({
      id,
      health: isFailed(id) ? ('failed' as const) : ('active' as const),
      reason: 'assumed',
    })),
    destinations: [...settings.destinations.keys()].map((id) => ({ id, is: 'up' as const })),
  });
  const { state } = simulate(policy, [
    { at: 0, event: event(() => false) },
    { at: MUCH_LATER_MS, event: event((id) => failed.has(id)) },
  ]);
  return new Set(
    describe(policy, state).destinations.flatMap(({ id, want }) => (want === 'down' ? [id] : [])),
  );
}

function same(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return some.size === others.size && [...some].every((one) => others.has(one));
}

/**
 * Findings about destinations that keep themselves down through the kernel, by id.
 *
 * @param sources the id of each source that is an interface, and which one
 */
export function loopFindings(
  settings: Settings,
  topology: Topology,
  set: SetDowns,
  sources: readonly (readonly [string, LinkRecord])[],
): ReadonlyMap<string, readonly Warning[]> {
  const indices = new Map(sources.map(([id, { index }]) => [id, index]));
  const loops = loopsOf(settings, topology, set, (id) => indices.get(id));
  return new Map(loops.map((loop) => [loop.destination, [['kernel-loop', messageOf(loop)]]]));
}

function messageOf({ path, source, others, kind, alone }: Loop): string {
  const when = alone ? 'when it is set down' : 'when it is set down together with the others';
  const sources =
    others === 0 ? source : `${source} and ${others} more ${others === 1 ? 'source' : 'sources'}`;
  const verb = others === 0 ? 'fails' : 'fail';
  return kind === 'latched'
    ? `${path}: ${when}, ${sources} ${verb}, and ${others === 0 && alone ? 'both' : 'all'} stay down for ever`
    : `${path}: ${when}, ${sources} ${verb}, and that sets it up again, without end`;
}
