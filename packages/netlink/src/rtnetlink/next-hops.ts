import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import { attributesByType, numberIn } from '../wire/attributes.ts';
import { listEntries } from './list-entries.ts';

const { nha, rtm, littleEndian } = linux;
const { nhmsg, nexthop_grp } = linux.struct;

/** A nexthop object (ip-nexthop(8)): one interface, or a group of such objects. */
export interface KernelNextHopObject {
  readonly id: number;
  /** The kernel's number of its interface; null for a group, and for a blackhole. */
  readonly index: number | null;
  /** The ids of the members of a group. */
  readonly members: readonly number[];
}

/** All nexthop objects; none where the kernel has none (before Linux 5.3) or refuses to list them. */
export function listNextHopObjects(client: NetlinkClient): readonly KernelNextHopObject[] {
  try {
    return listEntries(
      client,
      { type: rtm.RTM_GETNEXTHOP, name: 'RTM_GETNEXTHOP', struct: nhmsg },
      decodeNextHopObject,
    );
  } catch {
    return [];
  }
}

/** The message of one nexthop object, from its `struct nhmsg` on. */
export function decodeNextHopObject(payload: Uint8Array): KernelNextHopObject {
  const values = attributesByType(payload, littleEndian, nhmsg.size);
  const group = values.get(nha.NHA_GROUP) ?? new Uint8Array();
  const members: number[] = [];
  for (let at = 0; at + nexthop_grp.size <= group.byteLength; at += nexthop_grp.size) {
    members.push(numberIn(group.subarray(at), littleEndian) ?? 0);
  }
  return {
    id: numberIn(values.get(nha.NHA_ID), littleEndian) ?? 0,
    index: numberIn(values.get(nha.NHA_OIF), littleEndian),
    members,
  };
}
