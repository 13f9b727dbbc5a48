import { type Libc, SystemError } from '@ifdepd/libc';
import { linux, NetlinkClient } from '@ifdepd/netlink';
import type { Keyed } from './kept-list.ts';
import { decodeLinkFacts } from './link-facts.ts';
import { type ListName, linkPayload, listPayload } from './list-requests.ts';
import type { NameOf } from './records-of.ts';

/**
 * Reads one list, without a watch. It looks the names up of those interfaces alone that the entries have.
 *
 * @param isWanted by the payload of a message, before anything of it is kept
 * @throws {SystemError} where the kernel refuses
 */
export function listNow<List extends Exclude<ListName, 'links'>, Entry>(
  libc: Libc,
  names: readonly List[],
  isWanted: (payload: Uint8Array) => boolean,
  read: (payload: Uint8Array, nameOf: NameOf, list: List) => Keyed<Entry> | null,
): readonly Entry[] {
  using client = new NetlinkClient({ libc });
  const nameOf = namesFrom(client);
  return names.flatMap((list) => {
    const payloads: Uint8Array[] = [];
    const take = (payload: Uint8Array) => {
      if (isWanted(payload)) {
        payloads.push(payload.slice());
      }
    };
    client.dump({ ...listPayload(list), name: `list of ${list}` }, take, () => payloads.splice(0));
    return payloads.flatMap((payload) => read(payload, nameOf, list)?.entry ?? []);
  });
}

/** Asks for each interface once. */
function namesFrom(client: NetlinkClient): NameOf {
  const known = new Map<number, string | null>();
  return (index) => {
    let name = known.get(index);
    if (name === undefined) {
      name = nameNow(client, index);
      known.set(index, name);
    }
    return name;
  };
}

function nameNow(client: NetlinkClient, index: number): string | null {
  const request = { type: linux.rtm.RTM_GETLINK, name: 'RTM_GETLINK', payload: linkPayload(index) };
  try {
    return decodeLinkFacts(client.get(request))?.name ?? null;
  } catch (error) {
    // It was deleted meanwhile.
    if (error instanceof SystemError && error.kind === 'not-found') {
      return null;
    }
    throw error;
  }
}
