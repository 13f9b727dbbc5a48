import type { Kind, SourceOf } from './source.ts';

/**
 * A source that the configuration names, `check:NAME` or `probe:NAME`: unknown until it is fed with an answer. No name of an
 * interface has a ':'.
 */
function fedSource<K extends Kind>(kind: K, id: string): SourceOf<K> | null {
  const prefix = `${kind}:`;
  if (!id.startsWith(prefix)) {
    return null;
  }
  return {
    kind,
    id,
    label: `${kind} ${id.slice(prefix.length)}`,
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

/** A check of the configuration: a file, or a program. */
export function checkSource(id: string): SourceOf<'check'> | null {
  return fedSource('check', id);
}

/** A probe of the configuration: a host that must be reachable. */
export function probeSource(id: string): SourceOf<'probe'> | null {
  return fedSource('probe', id);
}
