/** The behaviour of a kind of Linux link that matters to its dependents. */
export interface KindFacts {
  /** Its carrier after it was set down by its flag: upper links see only the carrier. */
  readonly closing: 'drops-carrier' | 'keeps-carrier';
  /** Whether a lower link can take its carrier away. */
  readonly follows: boolean;
}

/** A network card: its driver takes the carrier away, as nearly all do (virtio_net since Linux 6.11). */
const CARD: KindFacts = { closing: 'drops-carrier', follows: true };
const FOLLOWS_AND_KEEPS: KindFacts = { closing: 'keeps-carrier', follows: true };
const NEVER_FAILS: KindFacts = { closing: 'keeps-carrier', follows: false };

/**
 * By IFLA_INFO_KIND. Each was observed on Linux 6.1: with a macvlan on the link while the link was set down, and while all of
 * its lower links were.
 */
const KINDS: ReadonlyMap<string, KindFacts> = new Map([
  ['veth', CARD],
  ['bridge', CARD],
  ['vlan', CARD],
  ['macsec', CARD],
  ['macvlan', FOLLOWS_AND_KEEPS],
  ['macvtap', FOLLOWS_AND_KEEPS],
  ['ipvlan', FOLLOWS_AND_KEEPS],
  ['ipvtap', FOLLOWS_AND_KEEPS],
  ['bond', FOLLOWS_AND_KEEPS],
  ['team', FOLLOWS_AND_KEEPS],
  ['tun', FOLLOWS_AND_KEEPS],
  ['dummy', NEVER_FAILS],
  ['ifb', NEVER_FAILS],
  ['vxlan', NEVER_FAILS],
  ['geneve', NEVER_FAILS],
  ['gre', NEVER_FAILS],
  ['gretap', NEVER_FAILS],
  ['ipip', NEVER_FAILS],
  ['sit', NEVER_FAILS],
  ['wireguard', NEVER_FAILS],
  ['vrf', NEVER_FAILS],
]);

const FOLLOW_ONE_LINK: ReadonlySet<string | null> = new Set([
  'vlan',
  'macvlan',
  'macvtap',
  'macsec',
  'ipvlan',
  'ipvtap',
]);

/** Whether a kind gets its carrier from the one link below it. */
export function followsOneLink(kind: string | null): boolean {
  return FOLLOW_ONE_LINK.has(kind);
}

/** The facts about a kind; undefined where it is not in the table. @param kind null for hardware */
export function kindFacts(kind: string | null): KindFacts | undefined {
  return kind === null ? CARD : KINDS.get(kind);
}

/** Whether the driver of a kind supports IFLA_PROTO_DOWN; null for hardware and kinds outside the table. */
export function kindKnowsProtoDown(kind: string | null | undefined): boolean | null {
  const open = kind === null || kind === undefined || kind === 'macvtap' || !KINDS.has(kind);
  return open ? null : kind === 'macvlan' || kind === 'vxlan';
}
