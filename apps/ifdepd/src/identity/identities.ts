import { withMatched } from '../config/patterns.ts';
import type { Settings } from '../config/settings.ts';
import type { DestinationLocks } from '../state/destination-locks.ts';
import type { Ledger } from '../state/ledger.ts';
import type { InterfaceOf } from './interfaces-now.ts';
import { ownSources } from './own-sources.ts';
import { type Candidate, type MembersOf, patternMembers } from './pattern-members.ts';
import { type Spellings, spellingsOf, withOneName } from './spellings.ts';

/** Which interfaces the names of a configuration mean now. */
export interface Identities {
  /** The settings with one name for each destination, and interfaces in the place of patterns. */
  readonly settings: Settings;
  /** What the patterns match. */
  readonly members: MembersOf;
  readonly spellings: Spellings;
  /** Destinations that must not be set, and why. */
  readonly leftAlone: ReadonlyMap<string, string>;
  /** Whether another daemon holds one of them: no event reports when it stops. */
  readonly heldElsewhere: boolean;
  readonly interfaceOf: InterfaceOf;
}

/**
 * @param written the settings as they were written
 * @param locks of the destinations; null without locks
 * @param candidates all interfaces, where there are patterns
 */
export function identitiesOf(
  written: Settings,
  interfaceOf: InterfaceOf,
  locks: Pick<DestinationLocks, 'follow'> | null,
  candidates: readonly Candidate[] = [],
): Identities {
  const spellings = spellingsOf(written.destinations, interfaceOf);
  const members = patternMembers(written, candidates, interfaceOf);
  const settings = withOneName(onHost(written, members, interfaceOf), spellings);
  const leftAlone = new Map<string, string>();
  for (const [id, one] of settings.destinations) {
    const holder = 'interface' in one ? (locks?.follow(id, interfaceOf(id)?.name ?? null) ?? null) : null;
    if (holder !== null) {
      leftAlone.set(id, `left alone: ${interfaceOf(id)?.name ?? id} is held by ${holder}`);
    }
  }
  const heldElsewhere = leftAlone.size > 0;
  for (const { id, other, own } of spellings.contradictions) {
    leftAlone.set(id, `left alone: it is ${own}, which ${other} sets in another way (action or on-exit)`);
  }
  for (const { group, destination, source } of ownSources(settings, interfaceOf)) {
    leftAlone.set(
      destination,
      `left alone: it is the same interface as ${source}, a source of group '${group}', and once down it would stay down`,
    );
  }
  return { settings, members, spellings, leftAlone, heldElsewhere, interfaceOf };
}

/** The settings with interfaces in the place of patterns. */
export function onHost(written: Settings, members: MembersOf, interfaceOf: InterfaceOf): Settings {
  return withMatched(
    written,
    (id) => members.get(id)?.interfaces ?? [],
    (name) => interfaceOf(name)?.index,
  );
}

/** Moves what the ledger has under another name of an interface to the name of its destination. */
export function renameEntries(
  ledger: Pick<Ledger, 'entries' | 'rename'>,
  { destinations }: Pick<Settings, 'destinations'>,
  interfaceOf: InterfaceOf,
): void {
  const unknown = [...ledger.entries.keys()].filter((id) => !destinations.has(id));
  if (unknown.length === 0) {
    return;
  }
  const byIndex = new Map([...destinations.keys()].map((id) => [interfaceOf(id)?.index, id]));
  for (const id of unknown) {
    const index = interfaceOf(id)?.index;
    const known = index === undefined ? undefined : byIndex.get(index);
    if (known !== undefined) {
      ledger.rename(id, known);
    }
  }
}
