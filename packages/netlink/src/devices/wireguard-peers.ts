import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import { type GenericFamily, genericPayload } from '../generic.ts';
import { attributeOf, attributesByType, attributesIn } from '../wire/attributes.ts';
import { objectGiven } from '../wire/given.ts';
import { shortIn } from './device-link.ts';

const { wireguard, struct, littleEndian } = linux;
const NOTHING = new Uint8Array();

/** A peer of a WireGuard interface. */
export interface WireguardPeer {
  /** In base64. */
  readonly publicKey: string;
  /** Seconds between packets that keep the way open; 0: none are sent. */
  readonly keepaliveSeconds: number;
  /** When the last handshake was completed: milliseconds since the epoch, by the clock of the system; null before the first. */
  readonly handshakeAtMs: number | null;
  readonly rxBytes: number;
  readonly txBytes: number;
}

/**
 * The peers of an interface: WG_CMD_GET_DEVICE. Needs CAP_NET_ADMIN, for the kernel tells the keys as well; they are not read.
 *
 * @param client of NETLINK_GENERIC
 * @param family `wireguard`, by `resolveFamily`
 * @param index the kernel's number of the interface
 * @param name the interface in an error
 * @throws {SystemError} kind `not-permitted` without the right, `unsupported` where the interface is no WireGuard
 */
export function listWireguardPeers(
  client: NetlinkClient,
  family: GenericFamily,
  index: number,
  name: string,
): readonly WireguardPeer[] {
  objectGiven('listWireguardPeers: client', client, 'encoder', 'dump');
  objectGiven('listWireguardPeers: family', family, 'id');
  const { encoder } = client;
  const payload = genericPayload(
    encoder,
    { command: wireguard.WG_CMD_GET_DEVICE, version: wireguard.WG_GENL_VERSION },
    encoder.attribute(wireguard.WGDEVICE_A_IFINDEX, index),
  );
  const peers = new Map<string, WireguardPeer>();
  client.dump(
    { type: family.id, payload, name: 'WG_CMD_GET_DEVICE', subject: name },
    (answer) => {
      for (const peer of decodeWireguardPeers(answer)) {
        peers.set(peer.publicKey, peers.get(peer.publicKey) ?? peer);
      }
    },
    () => peers.clear(),
  );
  return [...peers.values()];
}

/**
 * The peers in one message, from its `struct genlmsghdr` on. A peer with many addresses goes on in the next message, where it has
 * its key and nothing of what is read here.
 */
export function decodeWireguardPeers(payload: Uint8Array): readonly WireguardPeer[] {
  const list = attributeOf(payload, wireguard.WGDEVICE_A_PEERS, littleEndian, struct.genlmsghdr.size);
  return [...attributesIn(list ?? NOTHING, littleEndian)].map(({ value }) => {
    const peer = attributesByType(value, littleEndian);
    const time = peer.get(wireguard.WGPEER_A_LAST_HANDSHAKE_TIME) ?? NOTHING;
    const handshakeAtMs = longIn(time) * 1000 + Math.floor(longIn(time.subarray(8)) / 1e6);
    return {
      publicKey: btoa(String.fromCharCode(...(peer.get(wireguard.WGPEER_A_PUBLIC_KEY) ?? NOTHING))),
      keepaliveSeconds: shortIn(peer.get(wireguard.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL)),
      handshakeAtMs: handshakeAtMs === 0 ? null : handshakeAtMs,
      rxBytes: longIn(peer.get(wireguard.WGPEER_A_RX_BYTES) ?? NOTHING),
      txBytes: longIn(peer.get(wireguard.WGPEER_A_TX_BYTES) ?? NOTHING),
    };
  });
}

/** The 64-bit number that begins a value; 0 where there is none. */
function longIn(value: Uint8Array): number {
  return value.byteLength < 8
    ? 0
    : Number(new DataView(value.buffer, value.byteOffset, 8).getBigUint64(0, littleEndian));
}
