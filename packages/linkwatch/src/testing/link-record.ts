import { objectWith } from '@ifdepd/libc';
import { linux } from '@ifdepd/netlink';
import type { LinkRecord } from '../link.ts';

/** The facts of a link in a test: an index, a name, and the differences from a healthy Ethernet interface. */
export type LinkFacts = Pick<LinkRecord, 'index' | 'name'> & Partial<LinkRecord>;

const IFF_BROADCAST_MULTICAST = 0x1002;

/**
 * A complete record, as the Linux decoder makes it: up with a carrier by default. The flags follow from the other facts, unless they
 * are given.
 */
export function linkRecord(facts: LinkFacts): LinkRecord {
  objectWith('linkRecord: facts', facts, 'index', 'name');
  const adminUp = facts.adminUp ?? (facts.flags === undefined || (facts.flags & linux.iff.IFF_UP) !== 0);
  const carrier = facts.carrier === undefined ? adminUp : facts.carrier;
  const operstate = facts.operstate ?? (adminUp && carrier !== false ? 'up' : 'down');
  const running = facts.running ?? (adminUp && (operstate === 'up' || operstate === 'unknown'));
  const dormant = facts.dormant ?? operstate === 'dormant';
  const { IFF_UP, IFF_RUNNING, IFF_LOWER_UP, IFF_DORMANT } = linux.iff;
  const flags =
    IFF_BROADCAST_MULTICAST |
    (adminUp ? IFF_UP : 0) |
    (running === true ? IFF_RUNNING : 0) |
    (adminUp && carrier === true ? IFF_LOWER_UP : 0) |
    (dormant ? IFF_DORMANT : 0);
  return {
    altNames: [],
    flags,
    carrierUpCount: 1,
    carrierDownCount: carrier === false ? 1 : 0,
    linkIndex: null,
    masterIndex: null,
    kind: null,
    protoDown: false,
    protoDownReasons: 0,
    type: 1,
    alias: null,
    ...facts,
    adminUp,
    operstate,
    carrier,
    running,
    dormant,
  };
}
