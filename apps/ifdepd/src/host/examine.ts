import { loadLibc } from '@ifdepd/libc';
import { openKernel } from '../daemon/kernel.ts';
import { networkNamespaceId } from '../daemon/network-namespace.ts';
import { holderOf } from '../locks/destination-locks.ts';
import type { Settings } from '../settings.ts';
import { type Finding, findings } from './findings.ts';
import { hostFacts } from './host-facts.ts';
import { vhidFacts } from './vhid-facts.ts';

/** What this host makes of a configuration, as it is now. */
export function examineHost(settings: Settings): readonly Finding[] {
  const kernel = openKernel(loadLibc());
  using netif = kernel.netif;
  using watch = kernel.watchLinks();
  const namespace = networkNamespaceId();
  const facts = hostFacts(new Map(watch.links), (destination) => holderOf(destination, namespace));
  return findings(settings, { ...facts, vhids: vhidFacts(settings, netif) });
}
