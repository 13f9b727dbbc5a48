import { linux } from '@ifdepd/netlink';
import { nthKey } from '../keys.ts';
import type { NextHop, RouteRecord } from '../records.ts';
import type { KeptList } from './kept-list.ts';

/**
 * Takes RTM_NEWROUTE or RTM_DELROUTE. Linux may have several routes of one net, table, metric and type of service (`ip route
 * append`), and a message about one next hop of a multipath route of IPv6 does not say what becomes of the others.
 *
 * @param flags of the message, NLM_F_*
 * @returns whether the message says what the routes are now. If not, their list is to be read again
 */
export function notifyRoute(
  list: KeptList<RouteRecord>,
  payload: Uint8Array,
  { isNew, flags }: { readonly isNew: boolean; readonly flags: number },
): boolean {
  const found = list.read(payload);
  if (found === null) {
    return true;
  }
  const { key, entry } = found;
  const known = list.table.get(key);
  const isSame = known !== undefined && sameWays(known.nextHops, entry.nextHops);
  const isOnly = list.table.get(nthKey(key, 1)) === undefined;
  const replaces = isNew && (flags & linux.nlmsg.NLM_F_REPLACE) !== 0;
  // Of IPv6 the route that is replaced may have another key.
  const isPlain = known === undefined ? !replaces : isOnly && (isSame || replaces);
  if (!isPlain) {
    return false;
  }
  list.notify(key, isNew ? entry : null);
  return true;
}

/** Whether the next hops are the same, whatever their state is. */
function sameWays(one: readonly NextHop[], other: readonly NextHop[]): boolean {
  return (
    one.length === other.length &&
    one.every((hop, at) => hop.index === other[at]?.index && hop.gateway === other[at]?.gateway)
  );
}
