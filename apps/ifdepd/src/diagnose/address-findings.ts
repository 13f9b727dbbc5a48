import type { LinkRecord } from '@ifdepd/linkwatch';
import { addressText, lostAddresses } from '@ifdepd/netlink/rtnetlink';
import { someOf } from '../config/nearest.ts';
import { MOST_NAMES, type Warning } from './finding.ts';
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

/**
 * The command that keeps the addresses: with slashes where the name has a dot, a separator of sysctl(8).
 *
 * @param all net.ipv6.conf.all.keep_addr_on_down: below 0 it decides against it
 */
export function keepCommand({ name }: Pick<LinkRecord, 'name'>, all: number): string {
  if (all < 0) {
    return 'sysctl net.ipv6.conf.all.keep_addr_on_down=1';
  }
  const parts = ['net', 'ipv6', 'conf', name, 'keep_addr_on_down'];
  const key = parts.join(/[./]/.test(name) ? '/' : '.');
  const setting = `${key}=1`;
  return `sysctl ${/^[\w./:@%+=-]+$/.test(setting) ? setting : `'${setting.replaceAll("'", "'\\''")}'`}`;
}
