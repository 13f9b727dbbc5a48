import { describe, type Policy, start, step, type TraceEntry } from '@ifdepd/policy';
import type { Settings } from '../../config/settings.ts';

/** An entry of a simulation. */
export interface WeighedEntry extends TraceEntry {
  /** The weights that changed, of groups whose weight a destination holds. Left out where none did. */
  readonly weights?: Readonly<Record<string, number>>;
}

/**
 * Adds to each entry of a simulation the weights of groups that it changed.
 *
 * @param groups whose weights matter; where there are none, the entries are returned as they are
 */
export function withWeights(
  policy: Policy,
  entries: readonly TraceEntry[],
  groups: ReadonlySet<string>,
): readonly WeighedEntry[] {
  if (groups.size === 0) {
    return entries;
  }
  let { state } = start(policy, 0);
  const known = new Map<string, number>();
  return entries.map((entry) => {
    state = step(policy, state, entry.event ?? { type: 'tick' }, entry.at).state;
    const changed = describe(policy, state).groups.filter(
      ({ name, weight }) => groups.has(name) && known.get(name) !== weight,
    );
    for (const { name, weight } of changed) {
      known.set(name, weight);
    }
    const weights = Object.fromEntries(changed.map(({ name, weight }) => [name, weight]));
    return changed.length === 0 ? entry : { ...entry, weights };
  });
}

/** The groups whose weight a destination holds. */
export function weighedGroups({ destinations }: Pick<Settings, 'destinations'>): ReadonlySet<string> {
  return new Set([...destinations.values()].flatMap((one) => (one.action === 'weight' ? [one.group] : [])));
}
