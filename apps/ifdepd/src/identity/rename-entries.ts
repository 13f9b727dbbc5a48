import type { Settings } from '../config/settings.ts';
import type { Ledger } from '../state/ledger.ts';
import type { InterfaceOf } from './interfaces-now.ts';

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
