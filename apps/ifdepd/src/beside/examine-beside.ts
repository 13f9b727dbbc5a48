import { networkNamespaceId } from '../daemon/network-namespace.ts';
import { directoriesOf } from '../directories.ts';
import { examineHost } from '../host/examine.ts';
import type { Finding } from '../host/findings.ts';
import { pruneJournals } from '../journal/prune-journals.ts';
import type { Settings } from '../settings.ts';

/** What the host of our parent, a daemon, makes of its settings. Tidies up among the journals besides. */
export function examine(settings: Settings): readonly Finding[] {
  pruneJournals(directoriesOf().state, networkNamespaceId());
  return examineHost(settings, process.ppid);
}
