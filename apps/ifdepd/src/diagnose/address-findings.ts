import type { LinkRecord } from '@ifdepd/linkwatch';
import { addressText } from '@ifdepd/netlink/rtnetlink';
import { listed } from './finding.ts';
import { keepCommand, type LostAddresses, lostAddresses } from './lost-addresses.ts';
import type { SettingDown, Surroundings, Warning } from './surroundings.ts';

/** Findings about the IPv6 addresses that a destination and its dependents lose when they are set down. */
export function addressFindings(
  { link, closed }: SettingDown,
  { addresses, facts, topology, reportsProtocol }: Surroundings,
): readonly Warning[] {
  const all = facts.keepAllAddresses;
  const lostOn = ({ index }: LinkRecord): LostAddresses =>
    lostAddresses(addresses.get(index) ?? [], topology.details.get(index), all, reportsProtocol);
  const others = closed.filter((one) => one !== link && isAny(lostOn(one)));
  return [
    ...(closed.includes(link) ? ofOne(lostOn(link), keepCommand(link, all)) : []),
    ...(others.length === 0
      ? []
      : [
          [
            'ipv6-flushed',
            `takes interfaces down with it that have IPv6 addresses, which Linux removes then: ${listed(others.map(({ name }) => name))}`,
          ] as const,
        ]),
  ];
}

function isAny({ static: permanent, dynamic, linkLocal }: LostAddresses): boolean {
  return permanent || dynamic || linkLocal.length > 0;
}

function ofOne(
  { static: permanent, dynamic, linkLocal }: LostAddresses,
  command: string,
): readonly Warning[] {
  const found: string[] = [];
  if (permanent) {
    found.push(`has global IPv6 addresses, which Linux removes when it is set down: ${command}`);
  }
  if (dynamic) {
    found.push(
      'has IPv6 addresses with a lifetime (SLAAC, DHCPv6), which Linux removes when it is set down, whatever keep_addr_on_down says',
    );
  }
  if (linkLocal.length > 0) {
    const list = listed(linkLocal.map(({ bytes }) => addressText(bytes)));
    found.push(
      `has link-local addresses that were set by hand, which Linux removes when it is set down, whatever keep_addr_on_down says: ${list}`,
    );
  }
  return found.map((message) => ['ipv6-flushed', message]);
}
