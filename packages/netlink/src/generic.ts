import { SystemError } from '@ifdepd/libc';
import { linux } from './abi/linux.ts';
import type { NetlinkClient } from './client.ts';
import { attributeOf, attributesByType, attributesIn, numberIn, textIn } from './wire/attributes.ts';
import type { Encoder } from './wire/encoder.ts';
import { DecodeError } from './wire/format.ts';
import { bytesGiven, objectGiven } from './wire/given.ts';

/** A family of generic netlink, as this kernel numbers it. */
export interface GenericFamily {
  /** The type of its messages. */
  readonly id: number;
  readonly version: number;
  /** Bytes of its own header, behind `struct genlmsghdr`. */
  readonly headerBytes: number;
  /** Its groups of notifications: for {@link NetlinkSocket.join}. */
  readonly groups: ReadonlyMap<string, number>;
}

const { genl, struct } = linux;

/** The payload of a message of generic netlink: `struct genlmsghdr`, then the attributes of a family without a header. */
export function genericPayload(
  encoder: Encoder,
  header: { readonly command: number; readonly version: number },
  ...attributes: readonly Uint8Array[]
): Uint8Array {
  objectGiven('genericPayload: encoder', encoder, 'join', 'struct');
  objectGiven('genericPayload: header', header, 'command', 'version');
  const { command, version } = header;
  return encoder.join(encoder.struct(struct.genlmsghdr, { cmd: command, version }), ...attributes);
}

/**
 * Asks the kernel for a family of generic netlink: `ethtool`, `nl80211`.
 *
 * @param client of NETLINK_GENERIC
 * @returns null where the kernel has none of that name, or has not loaded it
 * @throws {SystemError} where the kernel refuses the request
 * @throws {DecodeError} where the answer lacks the id
 */
export function resolveFamily(client: NetlinkClient, name: string): GenericFamily | null {
  objectGiven('resolveFamily: client', client, 'encoder', 'get');
  if (typeof name !== 'string') {
    throw new TypeError(`resolveFamily: name must be a string, not ${String(name)}`);
  }
  const { encoder } = client;
  const payload = genericPayload(
    encoder,
    { command: genl.CTRL_CMD_GETFAMILY, version: 1 },
    encoder.attribute(genl.CTRL_ATTR_FAMILY_NAME, name),
  );
  try {
    return decodeFamily(
      client.get({ type: genl.GENL_ID_CTRL, payload, name: 'CTRL_CMD_GETFAMILY', subject: name }),
      encoder.littleEndian,
    );
  } catch (error) {
    // EINVAL: a name that is too long for any family (GENL_NAMSIZ).
    if (error instanceof SystemError && (error.code === 'ENOENT' || error.code === 'EINVAL')) {
      return null;
    }
    throw error;
  }
}

/**
 * Reads the answer to CTRL_CMD_GETFAMILY, from its `struct genlmsghdr` on.
 *
 * @throws {DecodeError} where the id is missing
 */
export function decodeFamily(payload: Uint8Array, littleEndian: boolean): GenericFamily {
  bytesGiven('decodeFamily: payload', payload);
  const found = attributesByType(payload, littleEndian, struct.genlmsghdr.size);
  const id = found.get(genl.CTRL_ATTR_FAMILY_ID);
  if (id === undefined || id.byteLength < 2) {
    throw new DecodeError('a family of generic netlink without an id', 0);
  }
  const number = (type: number) => numberIn(found.get(type), littleEndian) ?? 0;
  return {
    id: new DataView(id.buffer, id.byteOffset, 2).getUint16(0, littleEndian),
    version: number(genl.CTRL_ATTR_VERSION),
    headerBytes: number(genl.CTRL_ATTR_HDRSIZE),
    groups: groupsIn(found.get(genl.CTRL_ATTR_MCAST_GROUPS) ?? new Uint8Array(), littleEndian),
  };
}

function groupsIn(list: Uint8Array, littleEndian: boolean): ReadonlyMap<string, number> {
  const groups = new Map<string, number>();
  for (const { value } of attributesIn(list, littleEndian)) {
    const name = attributeOf(value, genl.CTRL_ATTR_MCAST_GRP_NAME, littleEndian);
    const id = numberIn(attributeOf(value, genl.CTRL_ATTR_MCAST_GRP_ID, littleEndian), littleEndian);
    if (name !== null && id !== null) {
      groups.set(textIn(name), id);
    }
  }
  return groups;
}
