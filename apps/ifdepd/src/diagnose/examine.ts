import { loadLibc } from '@ifdepd/libc';
import type { Settings } from '../config/settings.ts';
import { holderOf } from '../state/destination-locks.ts';
import { pruneJournals } from '../state/prune-journals.ts';
import { directoriesOf } from '../system/directories.ts';
import { openKernel } from '../system/kernel.ts';
import { networkNamespaceId } from '../system/network-namespace.ts';
import { type Finding, findings } from './findings.ts';
import { hostFacts } from './host-facts.ts';
import { programFindings } from './program-findings.ts';
import { fileFindings } from './unwritable.ts';
import { vhidFacts } from './vhid-facts.ts';

/**
 * What this host makes of a configuration, as it is now.
 *
 * @param twin the process of a daemon that runs this very configuration: no stranger. Default: none
 */
export function examineHost(settings: Settings, twin: number | null = null): readonly Finding[] {
  const libc = loadLibc();
  const kernel = openKernel(libc);
  using netif = kernel.netif;
  using watch = kernel.watchLinks();
  const namespace = networkNamespaceId();
  const facts = {
    ...hostFacts(libc),
    links: new Map(watch.links),
    vhids: vhidFacts(settings, netif),
    holderOf(destination: string) {
      const own = watch.lookUp(destination)?.name ?? destination;
      const holder = holderOf(destination, namespace) ?? holderOf(own, namespace);
      return holder === twin ? null : holder;
    },
    knowsProtoDown: (name: string) => netif.knowsProtoDown(name),
  };
  return [...findings(settings, facts), ...fileFindings(settings), ...programFindings(settings)];
}

/** What the host of our parent, a daemon, makes of its settings. Tidies up among the journals besides. */
export function examine(settings: Settings): readonly Finding[] {
  pruneJournals(directoriesOf().state, networkNamespaceId());
  return examineHost(settings, process.ppid);
}
