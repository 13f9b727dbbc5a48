import type { Health } from '../events.ts';

/** A change of one leaf: an active one fails, any other becomes active. */
export interface Change {
  readonly id: string;
  readonly kind: 'source' | 'group';
  readonly is: Health;
  /** Of a source: what it has to become. */
  readonly to: Health;
}

/** Sets of changes, each of which is enough, and after how many ms it takes effect. */
export interface Condition {
  readonly sets: readonly (readonly Change[])[];
  readonly waitMs: number;
  /** Set if more sets are enough than `sets` lists: any `count` of these changes; null: no short form. */
  readonly countless?: { readonly count: number; readonly changes: readonly Change[] } | null;
}

/**
 * Alternatives as a clause: `when em0 or em1 fails`, `3 s after em0 and em1 are active again`, `when 2 of a, b, c fail`.
 * Alternatives with different times follow each other.
 */
export function clauseOf(conditions: readonly Condition[]): string {
  return conditions
    .map(({ sets, waitMs, countless }) => {
      const begin = waitMs > 0 ? `${span(waitMs)} after` : 'when';
      if (countless === null) return `${begin}, for example, ${alternatives(sets)}`;
      return `${begin} ${countless === undefined ? alternatives(sets) : someOf(countless.count, countless.changes)}`;
    })
    .join(', or ');
}

/** `em0 or em1 fails` */
function alternatives(sets: readonly (readonly Change[])[]): string {
  const single = sets.flatMap((set) => (set.length === 1 ? set : []));
  if (single.length === sets.length && single.every((change) => verb(change, 1) === verb(single[0], 1))) {
    return `${listed(
      single.map(({ id }) => id),
      'or',
    )} ${verb(single[0], 1)}`;
  }
  const some = choiceOf(sets);
  if (some !== null) {
    return someOf(some.count, some.changes);
  }
  return sets.map(together).join(', or ');
}

/** `2 of a, b, c fail` */
function someOf(count: number, changes: readonly Change[]): string {
  return `${count} of ${changes.map(({ id }) => id).join(', ')} ${verb(changes[0], count)}`;
}

/** `em0 and em1 are active again` */
export function together(changes: readonly Change[]): string {
  const verbs = [...new Set(changes.map((change) => verb(change, 2)))];
  return listed(
    verbs.map((each) => {
      const same = changes.filter((change) => verb(change, 2) === each);
      return `${listed(
        same.map(({ id }) => id),
        'and',
      )} ${verb(same[0], same.length)}`;
    }),
    'and',
  );
}

/** The sets as *count of these changes*, if they are all combinations of that size, with the same verb. */
function choiceOf(
  sets: readonly (readonly Change[])[],
): { readonly count: number; readonly changes: readonly Change[] } | null {
  const changes = [...new Map(sets.flat().map((change) => [change.id, change])).values()];
  const count = sets[0]?.length ?? 0;
  const alike =
    sets.every((set) => set.length === count) && changes.every((one) => verb(one, 2) === verb(changes[0], 2));
  return alike && sets.length > 1 && sets.length === subsets(changes.length, count)
    ? { count, changes }
    : null;
}

function subsets(size: number, count: number): number {
  let found = 1;
  for (let i = 0; i < count; i += 1) found = (found * (size - i)) / (i + 1);
  return Math.round(found);
}

function verb(change: Change | undefined, number: number): string {
  const plural = number > 1;
  if (change === undefined) return '';
  if (change.kind === 'group') {
    const words = {
      active: ['goes down', 'go down'],
      failed: ['comes up', 'come up'],
      unknown: ['decides', 'decide'],
    };
    return words[change.is][plural ? 1 : 0] ?? '';
  }
  if (change.to === 'failed') return plural ? 'fail' : 'fails';
  return `${plural ? 'are' : 'is'} active${change.is === 'failed' ? ' again' : ''}`;
}

/** `a, b and c` */
export function listed(words: readonly string[], last: 'and' | 'or'): string {
  const [tail, ...rest] = [...words].reverse();
  return rest.length === 0 ? (tail ?? '') : `${rest.reverse().join(', ')} ${last} ${tail}`;
}

/** Milliseconds as a person says them. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 60_000)} min`;
}
