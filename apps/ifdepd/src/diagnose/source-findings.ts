import type { LinkRecord } from '@ifdepd/linkwatch';
import { followsOneLink, kindFacts, type Topology } from '@ifdepd/linkwatch/linux';
import type { Finding } from './finding.ts';

/** ARPHRD_LOOPBACK of linux/if_arp.h */
const LOOPBACK = 772;

/** How many links stand on each other at most. */
const DEEPEST = 16;

/** Sources that never lose their carrier: their failure goes unnoticed. */
export function sourceFindings(subject: string, source: LinkRecord, topology: Topology): readonly Finding[] {
  let link = source;
  for (let depth = 0; depth < DEEPEST && topology.details.has(link.index); depth += 1) {
    const reason = reasonOf(link, topology);
    if (reason !== null) {
      const where = link === source ? '' : `stands on ${link.name}, which `;
      return [{ level: 'warning', code: 'never-fails', subject, message: `${where}${reason}` }];
    }
    const lower = followed(link, topology);
    if (lower === undefined) {
      return [];
    }
    link = lower;
  }
  return [];
}

/** Why a link never loses its carrier; null where it does. */
function reasonOf({ index, name, kind, type }: LinkRecord, { details }: Topology): string | null {
  if (details.get(index)?.monitored === false) {
    return `does not look at the links of its ports (miimon 0, no arp_interval), so it never fails with them: ip link set dev ${name} type bond miimon 100`;
  }
  const what = type === LOOPBACK ? 'loopback' : kindFacts(kind)?.follows === false ? `a ${kind}` : null;
  return what === null
    ? null
    : `is ${what}, which has no carrier to lose: as a source it fails only when it is set down or removed`;
}

/** The link that another one gets its carrier from; undefined where it has its own, or that of several. */
function followed({ kind, linkIndex }: LinkRecord, { byIndex }: Topology): LinkRecord | undefined {
  return followsOneLink(kind) && linkIndex !== null ? byIndex.get(linkIndex) : undefined;
}
