import type { LinkRecord } from '@ifdepd/linkwatch';
import { addressText } from '@ifdepd/netlink/rtnetlink';
import { someOf } from '../config/nearest.ts';
import { MOST_NAMES, type Warning } from './finding.ts';
import { keepCommand, lostAddresses } from './lost-addresses.ts';
import type { SettingDown, Surroundings } from './surroundings.ts';

/** Findings about the IPv6 addresses that a destination and its dependents lose when they are set down. */
export function addressFindings({ link, closed }: SettingDown, around: Surroundings): readonly Warning[] {
  const own = closed.includes(link) ? [...lossesOf(link, around)] : [];
  const others = closed.filter((one) => one !== link && [...lossesOf(one, around)].length > 0);
  if (others.length > 0) {
    const names = others.map(({ name }) => name);
    own.push(
      `takes interfaces down with it that have IPv6 addresses, which Linux removes then: ${someOf(names, MOST_NAMES)}`,
    );
  }
  return own.map((message) => ['ipv6-flushed', message]);
}

/** What a link loses of its addresses when it is set down by its flag. */
function* lossesOf(
  link: LinkRecord,
  { addresses, facts, topology, reportsProtocol }: Surroundings,
): Iterable<string> {
  const all = facts.keepAllAddresses;
  const details = topology.details.get(link.index);
  const lost = lostAddresses(addresses.get(link.index) ?? [], details, all, reportsProtocol);
  if (lost.static) {
    yield `has global IPv6 addresses, which Linux removes when it is set down: ${keepCommand(link, all)}`;
  }
  if (lost.dynamic) {
    yield 'has IPv6 addresses with a lifetime (SLAAC, DHCPv6), which Linux removes when it is set down, whatever keep_addr_on_down says';
  }
  if (lost.linkLocal.length > 0) {
    const list = lost.linkLocal.map(({ bytes }) => addressText(bytes));
    yield `has link-local addresses that were set by hand, which Linux removes when it is set down, whatever keep_addr_on_down says: ${someOf(list, MOST_NAMES)}`;
  }
}
