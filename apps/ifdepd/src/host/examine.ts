import { loadLibc } from '@ifdepd/libc';
import { openKernel } from '../daemon/kernel.ts';
import { networkNamespaceId } from '../daemon/network-namespace.ts';
import { holderOf } from '../locks/destination-locks.ts';
import type { Settings } from '../settings.ts';
import { type Finding, findings } from './findings.ts';
import { hostFacts } from './host-facts.ts';
import { programFindings } from './program-findings.ts';
import { vhidFacts } from './vhid-facts.ts';

/**
 * What this host makes of a configuration, as it is now.
 *
 * @param twin the process of a daemon that runs this very configuration: no stranger. Default: none
 */
export function examineHost(settings: Settings, twin: number | null = null): readonly Finding[] {
  const kernel = openKernel(loadLibc());
  using netif = kernel.netif;
  using watch = kernel.watchLinks();
  const namespace = networkNamespaceId();
  const stranger = (destination: string) => {
    const holder = holderOf(destination, namespace);
    return holder === twin ? null : holder;
  };
  const facts = hostFacts(new Map(watch.links), stranger);
  const vhids = vhidFacts(settings, netif);
  return [...findings(settings, { ...facts, vhids }), ...programFindings(settings)];
}
