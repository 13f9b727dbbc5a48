import { wantOf } from '../engine/target.ts';
import type { Target } from '../policy.ts';
import type { TargetState } from '../state.ts';
import type { Difference } from '../status.ts';

/** Why a destination is not what the groups want; null if it is, or if no group has an opinion. */
export function differenceOf(spec: Target, target: TargetState): Difference | null {
  const want = wantOf(target);
  const { is, pending, error, owed, owned, cause } = target;
  if (want === 'none' || is === want) return null;
  if (is === 'missing') return { reason: 'missing', left: true };
  if (pending !== null) return { reason: 'setting', left: false };
  if (error !== null) return { reason: 'refused', left: false };
  if (is === 'unknown') return { reason: 'not-read', left: true };
  if (want === 'up' && spec.owned && !owned) return { reason: 'not-ours', left: true };
  const writes = owed === want || (want === 'down' ? spec.hard : spec.always);
  return { reason: cause === 'arrival' ? 'appeared' : 'changed', left: !writes };
}
