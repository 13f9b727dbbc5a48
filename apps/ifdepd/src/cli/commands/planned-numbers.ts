import { describe, type Policy, start, step, type Trace } from '@ifdepd/policy';
import { wantedNumber } from '../../engine/destinations/weight.ts';

/** A number that a file would get. */
export interface PlannedNumber {
  readonly number: number;
  /** Milliseconds until then, if nothing changes. */
  readonly afterMs: number;
  readonly to: 'up' | 'down';
}

/**
 * The numbers that a file with the weight of a group would get in a simulation, without those that it holds already.
 *
 * @param held what it holds now; null for no number
 */
export function plannedNumbers(
  policy: Policy,
  { entries }: Trace,
  group: string,
  held: number | null,
): readonly PlannedNumber[] {
  const found: PlannedNumber[] = [];
  let { state } = start(policy, 0);
  for (const { at, event } of entries) {
    state = step(policy, state, event ?? { type: 'tick' }, at).state;
    const status = describe(policy, state).groups.find(({ name }) => name === group);
    const last = found.at(-1)?.number ?? held;
    const wanted = status === undefined ? null : wantedNumber(status, last ?? 0);
    if (wanted !== null && wanted.number !== last) {
      found.push({ number: wanted.number, afterMs: at, to: wanted.side });
    }
  }
  return found;
}
