import type { SourceOf } from './source.ts';

/** Before the name of a check, in the id of its source. No name of an interface has a ':'. */
const PREFIX = 'check:';

/** A check of the configuration, `check:NAME`: unknown until it is fed with an answer. */
export function checkSource(id: string): SourceOf<'check'> | null {
  if (!id.startsWith(PREFIX)) {
    return null;
  }
  return {
    kind: 'check',
    id,
    label: `check ${id.slice(PREFIX.length)}`,
    names: [],
    interface: null,
    followsCarrier: false,
    hasActiveReason: true,
    read: null,
    isSilent: () => false,
    exists: () => true,
    fault: () => null,
  };
}
