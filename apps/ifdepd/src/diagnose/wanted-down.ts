import { describe, type Policy, simulate } from '@ifdepd/policy';
import type { Settings } from '../config/settings.ts';

/** Milliseconds, later than any delay: everything has settled by then. */
const MUCH_LATER_MS = 1e12;

/** The destinations that the policy wants down in the end, where these sources fail after all were active. */
export function wantedDown(
  policy: Policy,
  settings: Settings,
  failed: ReadonlySet<string>,
): ReadonlySet<string> {
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
