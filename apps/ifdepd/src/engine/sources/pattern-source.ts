import { patternWords } from '../../config/patterns.ts';
import type { SourceOf } from './source.ts';

/** Beyond this many interfaces: `match:eth*#2`. */
const NUMBERED = /#(\d+)$/;

/** Stands in a list for interfaces that match a pattern and do not exist: it has failed. No name of an interface has a ':'. */
export function patternSource(id: string): SourceOf<'pattern'> | null {
  if (!/^(?:match|mac|driver):/.test(id)) {
    return null;
  }
  const least = NUMBERED.exec(id)?.[1];
  const words = patternWords(id.replace(NUMBERED, ''));
  const reason =
    least === undefined ? `no interface matches ${words}` : `fewer than ${least} interfaces match ${words}`;
  return {
    kind: 'pattern',
    id,
    label: id,
    names: [],
    interface: null,
    followsCarrier: false,
    hasActiveReason: false,
    read: () => ({ health: 'failed', reason }),
    isSilent: () => false,
    exists: () => true,
    fault: ({ hardware }) =>
      hardware || !/(?:^|,)(?:mac|driver):/.test(id)
        ? null
        : "'mac' and 'driver' are available on Linux only: on this system the name of an interface begins with its driver, match: \"em*\"",
  };
}
