import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import { type GenericFamily, genericPayload } from '../generic.ts';
import { attributesByType, numberIn } from '../wire/attributes.ts';
import { objectGiven } from '../wire/given.ts';

const { ethtool, struct, littleEndian } = linux;

/** What an interface has negotiated. */
export interface LinkModes {
  /** Megabits in a second; null where the driver does not say (SPEED_UNKNOWN), as without a carrier. */
  readonly speedMbps: number | null;
  readonly duplex: 'half' | 'full' | null;
}

/**
 * Asks the driver of an interface: ETHTOOL_MSG_LINKMODES_GET.
 *
 * @param client of NETLINK_GENERIC
 * @param family `ethtool`, by `resolveFamily`
 * @param index the kernel's number of the interface
 * @param name the interface in an error
 * @throws {SystemError} kind `unsupported` where the driver has no speed
 */
export function readLinkModes(
  client: NetlinkClient,
  family: GenericFamily,
  index: number,
  name: string,
): LinkModes {
  objectGiven('readLinkModes: client', client, 'encoder', 'get');
  objectGiven('readLinkModes: family', family, 'id');
  const { encoder } = client;
  const payload = genericPayload(
    encoder,
    { command: ethtool.ETHTOOL_MSG_LINKMODES_GET, version: ethtool.ETHTOOL_GENL_VERSION },
    encoder.nested(
      ethtool.ETHTOOL_A_LINKMODES_HEADER,
      encoder.attribute(ethtool.ETHTOOL_A_HEADER_DEV_INDEX, index),
    ),
  );
  return decodeLinkModes(
    client.get({ type: family.id, payload, name: 'ETHTOOL_MSG_LINKMODES_GET', subject: name }),
  );
}

/** Reads ETHTOOL_MSG_LINKMODES_GET_REPLY, from its `struct genlmsghdr` on. */
export function decodeLinkModes(payload: Uint8Array): LinkModes {
  const values = attributesByType(payload, littleEndian, struct.genlmsghdr.size);
  const speed = numberIn(values.get(ethtool.ETHTOOL_A_LINKMODES_SPEED), littleEndian);
  const duplex = values.get(ethtool.ETHTOOL_A_LINKMODES_DUPLEX)?.[0];
  return {
    // ethtool_validate_speed() takes INT_MAX as the fastest. Some drivers say 0 for SPEED_UNKNOWN.
    speedMbps: speed === null || speed === 0 || speed > 0x7fff_ffff ? null : speed,
    duplex: duplex === ethtool.DUPLEX_FULL ? 'full' : duplex === ethtool.DUPLEX_HALF ? 'half' : null,
  };
}
