import { attributesIn, type Bytes, u32 } from './attributes.ts';
import type { Rtnetlink } from './dump.ts';
import { HEADER_BYTES, RTNETLINK } from './numbers.ts';

/** A nexthop object (ip-nexthop(8)): one interface, or a group of such objects. */
export interface HostNextHop {
  readonly id: number;
  /** The kernel's number of its interface; null for a group, and for a blackhole. */
  readonly index: number | null;
  /** The ids of the members of a group. */
  readonly members: readonly number[];
}

/** All nexthop objects; none where the kernel knows none (before Linux 5.3) or refuses to list them. */
export function listNextHops(rtnetlink: Rtnetlink): readonly HostNextHop[] {
  let hops: HostNextHop[] = [];
  const request = {
    type: RTNETLINK.RTM_GETNEXTHOP,
    name: 'RTM_GETNEXTHOP',
    payload: new Uint8Array(HEADER_BYTES.nextHop),
  };
  try {
    rtnetlink.list(
      request,
      (payload) => hops.push(decodeNextHop(payload)),
      () => {
        hops = [];
      },
    );
  } catch {
    return [];
  }
  return hops;
}

/** struct nhmsg, then NHA_*: a group is an array of struct nexthop_grp, 8 bytes each, that begin with an id. */
export function decodeNextHop(payload: Bytes): HostNextHop {
  const { NHA } = RTNETLINK;
  let [id, index]: [number, number | null] = [0, null];
  const members: number[] = [];
  for (const { type, value } of attributesIn(payload.subarray(HEADER_BYTES.nextHop))) {
    if (type === NHA.ID) {
      id = u32(value, 0);
    } else if (type === NHA.OIF) {
      index = u32(value, 0);
    } else if (type === NHA.GROUP) {
      for (let at = 0; at + 8 <= value.byteLength; at += 8) {
        members.push(u32(value, at));
      }
    }
  }
  return { id, index, members };
}
