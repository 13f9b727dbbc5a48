import type { LinkRecord } from '@ifdepd/linkwatch';
import type { Finding } from './finding.ts';
import { kindFacts } from './kinds.ts';
import type { LinkDetails } from './netlink/link-details.ts';

/** ARPHRD_LOOPBACK of linux/if_arp.h */
const LOOPBACK = 772;

/** A source that no loss of a link can make fail: what it stands for is not watched. */
export function sourceFindings(
  subject: string,
  { index, kind, type, name }: LinkRecord,
  details: ReadonlyMap<number, LinkDetails>,
): readonly Finding[] {
  const known = details.get(index);
  if (known === undefined) {
    return [];
  }
  if (!known.monitored) {
    return [
      neverFails(
        subject,
        `does not look at the links of its ports (miimon 0, no arp_interval), so it never fails with them: ip link set dev ${name} type bond miimon 100`,
      ),
    ];
  }
  const what = type === LOOPBACK ? 'loopback' : kindFacts(kind)?.follows === false ? `a ${kind}` : null;
  return what === null
    ? []
    : [
        neverFails(
          subject,
          `is ${what}, which has no carrier to lose: as a source it fails only when it is set down or removed`,
        ),
      ];
}

function neverFails(subject: string, message: string): Finding {
  return { level: 'warning', code: 'never-fails', subject, message };
}
