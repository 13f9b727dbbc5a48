import type { Settings } from '../config/settings.ts';
import { examineHost } from '../diagnose/examine.ts';
import type { Finding } from '../diagnose/findings.ts';
import { pruneJournals } from '../state/prune-journals.ts';
import { directoriesOf } from '../system/directories.ts';
import { networkNamespaceId } from '../system/network-namespace.ts';

/** What the host of our parent, a daemon, makes of its settings. Tidies up among the journals besides. */
export function examine(settings: Settings): readonly Finding[] {
  pruneJournals(directoriesOf().state, networkNamespaceId());
  return examineHost(settings, process.ppid);
}
