import { loadLibc } from '@ifdepd/libc';
import type { Settings } from '../config/settings.ts';
import { candidatesOf } from '../identity/candidates.ts';
import { onHost } from '../identity/identities.ts';
import { interfacesNow } from '../identity/interfaces-now.ts';
import { patternMembers } from '../identity/pattern-members.ts';
import { holderOf, lockNames } from '../state/destination-locks.ts';
import { pruneJournals } from '../state/prune-journals.ts';
import { directoriesOf } from '../system/directories.ts';
import { openKernel } from '../system/kernel.ts';
import { networkNamespaceId } from '../system/network-namespace.ts';
import { realPath } from '../system/trusted-path.ts';
import { type Finding, findings } from './findings.ts';
import { hostFacts } from './host-facts.ts';
import { localFindings } from './local-findings.ts';
import { ownSandbox } from './own-sandbox.ts';
import { patternFindings } from './pattern-findings.ts';
import { probeFindings, sensorFindings } from './probe-findings.ts';
import { probeRoutes } from './probe-routes.ts';
import { programFindings } from './program-findings.ts';
import { sandboxFindings } from './sandbox-findings.ts';
import { fileFindings } from './unwritable.ts';
import { vfFindings } from './vf-findings.ts';
import { vhidFacts } from './vhid-facts.ts';

/**
 * Finds what in the present state of this host conflicts with a configuration.
 *
 * @param sameConfig process of a daemon that runs the same configuration, which is no other holder. Default: none
 */
export async function examineHost(
  written: Settings,
  sameConfig: number | null = null,
): Promise<readonly Finding[]> {
  const libc = loadLibc();
  const kernel = openKernel(libc);
  using netif = kernel.netif;
  using watch = kernel.watchLinks();
  const namespace = networkNamespaceId();
  const interfaceOf = interfacesNow(netif);
  const members = patternMembers(written, candidatesOf(watch.links.values(), netif), interfaceOf);
  const settings = onHost(written, members, interfaceOf);
  const facts = {
    ...hostFacts(libc),
    links: new Map(watch.links),
    vhids: vhidFacts(settings, netif),
    probeRoutes: probeRoutes(settings.probes, libc),
    holderOf(destination: string) {
      const own = watch.lookUp(destination)?.name ?? realPath(destination);
      const holders = lockNames(destination, own).map((name) => holderOf(name, namespace));
      const holder = holders.find((pid) => pid !== null) ?? null;
      return holder === sameConfig ? null : holder;
    },
    knowsProtoDown: (name: string) => netif.knowsProtoDown(name),
  };
  return [
    ...findings(settings, facts),
    ...patternFindings(members),
    ...vfFindings(settings.destinations, netif),
    ...fileFindings(settings.destinations.values()),
    ...programFindings(settings),
    ...localFindings(settings, libc),
    ...probeFindings(settings, libc),
    ...(await sensorFindings(settings, libc)),
  ];
}

/** Examines the host, and the sandbox that both are in, for our parent, a daemon. Removes old journals as well. */
export async function examine(settings: Settings): Promise<readonly Finding[]> {
  pruneJournals(directoriesOf().state, networkNamespaceId());
  const sandbox = await ownSandbox(loadLibc());
  return [
    ...(await examineHost(settings, process.ppid)),
    ...(sandbox === null ? [] : sandboxFindings(settings, settings.metrics, sandbox)),
  ];
}
