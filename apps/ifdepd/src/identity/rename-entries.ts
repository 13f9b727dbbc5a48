import type { Settings } from '../config/settings.ts';
import type { Ledger } from '../state/ledger.ts';
import type { InterfaceOf } from './interfaces-now.ts';

/** What was done to a destination under another name of its interface was done to it. */
export function renameEntries(
  ledger: Pick<Ledger, 'entries' | 'rename'>,
  { destinations }: Pick<Settings, 'destinations'>,
  interfaceOf: InterfaceOf,
): void {
  const strangers = [...ledger.entries.keys()].filter((id) => !destinations.has(id));
  if (strangers.length === 0) {
    return;
  }
  const byIndex = new Map([...destinations.keys()].map((id) => [interfaceOf(id)?.index, id]));
  for (const id of strangers) {
    const index = interfaceOf(id)?.index;
    const known = index === undefined ? undefined : byIndex.get(index);
    if (known !== undefined) {
      ledger.rename(id, known);
    }
  }
}
