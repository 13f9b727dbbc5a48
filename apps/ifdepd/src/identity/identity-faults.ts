import type { Settings } from '../config/settings.ts';
import type { InterfaceOf } from './interfaces-now.ts';
import { ownSources } from './own-sources.ts';
import { spellingsOf, withOneName } from './spellings.ts';

/** What is wrong because several names of a configuration mean one interface now, in words. */
export function identityFaults(settings: Settings, interfaceOf: InterfaceOf): readonly string[] {
  const spellings = spellingsOf(settings.destinations, interfaceOf);
  return [
    ...spellings.contradictions.map(
      ({ id, other, own }) =>
        `${id} and ${other}: both are the interface ${own}, and are set in different ways (action or on-exit): they must agree`,
    ),
    ...ownSources(withOneName(settings, spellings), interfaceOf).map(
      ({ group, destination, source }) =>
        `${source} and ${destination}: both are the interface ${interfaceOf(source)?.name ?? source}, source and destination of group '${group}'; once set down it would never be active again`,
    ),
  ];
}
