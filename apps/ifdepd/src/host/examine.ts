import { watchLinks } from '@ifdepd/linkwatch';
import { networkNamespaceId } from '../daemon/network-namespace.ts';
import { holderOf } from '../locks/destination-locks.ts';
import type { Settings } from '../settings.ts';
import { type Finding, findings } from './findings.ts';
import { hostFacts } from './host-facts.ts';

/** What this host makes of a configuration, as it is now. */
export function examineHost(settings: Settings): readonly Finding[] {
  using watch = watchLinks();
  const namespace = networkNamespaceId();
  return findings(
    settings,
    hostFacts(new Map(watch.links), (destination) => holderOf(destination, namespace)),
  );
}
