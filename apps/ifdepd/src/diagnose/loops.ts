import { type Dependent, dependentsOf, type SetDown, type Topology } from '@ifdepd/linkwatch/linux';
import { compiled } from '../config/compiled-policy.ts';
import type { Settings } from '../config/settings.ts';
import type { Warning } from './finding.ts';
import { grouped } from './grouped.ts';
import { failsWith, type Way } from './probe-ways.ts';
import { wantedDown } from './wanted-down.ts';

/** A source that fails because destinations are set down, which its failure then keeps down. */
interface Loop {
  /** How its first such source stands on the destination. */
  readonly path: string;
  readonly source: string;
  /** The number of further such sources. */
  readonly others: number;
  /** `latched`: it stays down for ever. `flapping`: it goes up and down without end. */
  readonly kind: 'latched' | 'flapping';
  /** False: it takes other destinations to be down as well. */
  readonly alone: boolean;
}

/**
 * Findings, by id, about destinations that, once down, cannot come up again because of what Linux does to sources while
 * they are down.
 *
 * Found as the largest set of destinations that keeps itself down: all of them at first, then those that the policy
 * wants down while the sources that they take along have failed and all others are active, until nothing changes.
 *
 * @param destinations the interface of each, and how it is set; by its id
 * @param ways the sources that depend on links
 */
export function loopFindings(
  settings: Settings,
  topology: Topology,
  destinations: ReadonlyMap<string, SetDown>,
  ways: readonly Way[],
): ReadonlyMap<string, readonly Warning[]> {
  const policy = compiled(settings.policy);
  const byLink = grouped(ways, ({ links }) => links.map(({ index }) => index));
  const failing = (lost: ReadonlyMap<number, Dependent>): readonly Way[] =>
    [...new Set([...lost.keys()].flatMap((index) => byLink.get(index) ?? []))].filter((way) =>
      failsWith(way, lost),
    );
  const failedBy = (ids: ReadonlySet<string>): ReadonlySet<string> => {
    const set = [...destinations].flatMap(([id, one]) => (ids.has(id) ? [one] : []));
    return new Set(failing(dependentsOf(topology, set)).map(({ id }) => id));
  };
  let before: ReadonlySet<string> = new Set();
  let held: ReadonlySet<string> = new Set(destinations.keys());
  // A requirement with `not` may never settle; without, each round takes some away.
  for (let round = 0; round <= destinations.size + 1 && !same(before, held); round += 1) {
    [before, held] = [held, wantedDown(policy, settings, failedBy(held))];
  }
  const kind = same(before, held) ? 'latched' : 'flapping';
  const others = kind === 'flapping' ? before : wantedDown(policy, settings, new Set());
  const caught = [...destinations].filter(
    ([id]) => (held.has(id) || before.has(id)) && !(held.has(id) && others.has(id)),
  );
  const together = dependentsOf(
    topology,
    caught.map(([, one]) => one),
  );
  const takenTogether = failing(together);
  const found = new Map<string, readonly Warning[]>();
  for (const [id, own] of caught) {
    const lost = dependentsOf(topology, [own]);
    const taken = takenAlong(lost, failing(lost), own);
    const alone = taken.length > 0;
    const [first, ...more] = alone
      ? taken
      : takenAlong(together, takenTogether, own).filter(({ path }) =>
          path.split(' ').includes(own.link.name),
        );
    if (first !== undefined) {
      found.set(id, [['kernel-loop', messageOf({ ...first, others: more.length, kind, alone })]]);
    }
  }
  return found;
}

/** How sources that fail depend on what is lost; an interface does not depend on itself. */
function takenAlong(
  lost: ReadonlyMap<number, Dependent>,
  failing: readonly Way[],
  own: SetDown,
): readonly Pick<Loop, 'source' | 'path'>[] {
  return failing
    .filter(({ use, links }) => use !== null || links[0]?.index !== own.link.index)
    .map(({ id, use, links }) => {
      const path = links.map(({ index }) => lost.get(index)?.path).join(' and ');
      return { source: id, path: use === null ? path : `${id} ${use} ${path}` };
    });
}

function same(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return some.size === others.size && [...some].every((one) => others.has(one));
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
