import type { LinkRecord } from '@ifdepd/linkwatch';
import { followsOneLink, kindFacts, type Topology } from '@ifdepd/linkwatch/linux';
import type { Finding } from './finding.ts';

/** ARPHRD_LOOPBACK of linux/if_arp.h */
const LOOPBACK = 772;

/** How many links stand on each other at most. */
const DEEPEST = 16;

/** The kinds that have a carrier while one of their ports has. */
const MADE_OF_PORTS: ReadonlySet<string | null> = new Set(['bridge', 'bond', 'team']);

/** Sources that never lose their carrier: their failure goes unnoticed. */
export function sourceFindings(subject: string, source: LinkRecord, topology: Topology): readonly Finding[] {
  const message = topology.details.has(source.index) ? neverFails(source, topology, DEEPEST) : null;
  return message === null ? [] : [{ level: 'warning', code: 'never-fails', subject, message }];
}

/** Why a link never fails, by itself or by what it stands on or is made of; null where it does. */
function neverFails(link: LinkRecord, topology: Topology, deepest: number): string | null {
  const reason = reasonOf(link, topology);
  if (reason !== null || deepest === 0) {
    return reason;
  }
  const lower = followed(link, topology);
  const below = lower === undefined ? null : neverFails(lower, topology, deepest - 1);
  if (lower !== undefined && below !== null) {
    return `stands on ${lower.name}, which ${below}`;
  }
  for (const port of MADE_OF_PORTS.has(link.kind) ? (topology.ports.get(link.index) ?? []) : []) {
    const ofPort = port.adminUp ? neverFails(port, topology, deepest - 1) : null;
    if (ofPort !== null) {
      return `keeps its carrier while one of its ports has one, and its port ${port.name} ${ofPort}`;
    }
  }
  return null;
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
