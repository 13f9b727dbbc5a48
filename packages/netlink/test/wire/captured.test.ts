import { describe, expect, test } from 'vitest';
import {
  AttributeWalk,
  attributeOf,
  attributesIn,
  DecodeError,
  decodeStruct,
  linux,
  MessageWalk,
  numberIn,
  payloadOf,
  type StructLayout,
  textIn,
} from '../../src/index.ts';
import { captured, capturedNames } from '../support/captured.ts';

const { struct, ifla, ifa, rta, nda, nha, nlmsg } = linux;

const LAYOUTS: Readonly<Record<string, StructLayout>> = {
  links: struct.ifinfomsg,
  addresses: struct.ifaddrmsg,
  routes: struct.rtmsg,
  nexthops: struct.nhmsg,
  neighbours: struct.ndmsg,
  family: struct.genlmsghdr,
};

/** The payloads of all messages but the end. */
function payloads(name: string): Uint8Array[] {
  const walk = new MessageWalk(true);
  return captured(name).flatMap((bytes) => {
    const found: Uint8Array[] = [];
    walk.enter(bytes, bytes.byteLength);
    while (walk.next()) {
      if (walk.type !== nlmsg.NLMSG_DONE) {
        found.push(Uint8Array.from(payloadOf(walk)));
      }
    }
    return found;
  });
}

function layoutOf(name: string): StructLayout {
  return LAYOUTS[name] as StructLayout;
}

/** Reads all that a message has, two levels deep, as far as it goes. @throws {DecodeError} */
function readAll(bytes: Uint8Array, layout: StructLayout): void {
  const walk = new MessageWalk(true);
  const [outer, inner] = [new AttributeWalk(), new AttributeWalk()];
  walk.enter(bytes, bytes.byteLength);
  while (walk.next()) {
    if (walk.type === nlmsg.NLMSG_DONE) {
      continue;
    }
    decodeStruct(layout, payloadOf(walk), true);
    outer.enter(walk, walk.payload + layout.size, walk.end);
    while (outer.next()) {
      outer.u8();
      // Most hold no attributes: what is read of them is nothing, or a wrong length.
      inner.enterValue(outer);
      inner.next();
    }
  }
}

describe('what a real kernel answers', () => {
  test('captured links have their names, alternative names and kinds', () => {
    const links = payloads('links').map((bytes) => {
      const text = (value: Uint8Array | null) => (value === null ? null : textIn(value));
      const info = attributeOf(bytes, ifla.IFLA_LINKINFO, true, 16) ?? new Uint8Array();
      const names = attributeOf(bytes, ifla.IFLA_PROP_LIST, true, 16) ?? new Uint8Array();
      return {
        index: decodeStruct(struct.ifinfomsg, bytes, true).ifi_index,
        name: text(attributeOf(bytes, ifla.IFLA_IFNAME, true, 16)),
        kind: text(attributeOf(info, ifla.IFLA_INFO_KIND, true)),
        altNames: [...attributesIn(names, true)].map(({ value }) => textIn(value)),
      };
    });
    expect(links).toContainEqual({ index: 1, name: 'lo', kind: null, altNames: [] });
    expect(links).toContainEqual({
      index: 3,
      name: 'eth0',
      kind: 'veth',
      altNames: ['uplink-to-the-provider'],
    });
    expect(links.map(({ kind }) => kind)).toContain('macvlan');
  });

  test('captured addresses, routes, nexthop objects and neighbours have what was given', () => {
    const bytesOf = (name: string, type: number) =>
      payloads(name).map((bytes) => attributeOf(bytes, type, true, layoutOf(name).size)?.join('.') ?? null);
    expect(bytesOf('addresses', ifa.IFA_LOCAL)).toContain('192.0.2.1');
    expect(bytesOf('routes', rta.RTA_GATEWAY)).toContain('192.0.2.9');
    expect(bytesOf('neighbours', nda.NDA_DST)).toContain('192.0.2.77');
    const ids = payloads('nexthops').map((bytes) => numberIn(attributeOf(bytes, nha.NHA_ID, true, 8), true));
    expect(ids).toEqual([5, 9]);
  });
});

describe.each(capturedNames)('captured %s', (name) => {
  test(`captured ${name} that are cut anywhere are read, or refused with a DecodeError`, () => {
    for (const whole of captured(name)) {
      for (let length = 0; length <= whole.byteLength; length += 1) {
        readOrRefuse(whole.slice(0, length), name);
      }
    }
  });

  test(`captured ${name} with a changed byte are read, or refused with a DecodeError`, () => {
    for (const whole of captured(name)) {
      for (let at = 0; at < whole.byteLength; at += 1) {
        const changed = Uint8Array.from(whole);
        changed[at] = (changed[at] as number) ^ 0xff;
        readOrRefuse(changed, name);
      }
    }
  });

  test(`attributes of captured ${name} that are cut anywhere end within them`, () => {
    const { size } = layoutOf(name);
    for (const payload of payloads(name)) {
      for (let length = 0; length <= payload.byteLength; length += 1) {
        const values = [...attributesIn(payload.subarray(0, length), true, size)].map(({ value }) => value);
        const last = values.at(-1);
        expect(last === undefined || last.byteOffset + last.byteLength <= payload.byteOffset + length).toBe(
          true,
        );
      }
    }
  });
});

function readOrRefuse(bytes: Uint8Array, name: string): void {
  try {
    readAll(bytes, layoutOf(name));
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
  }
}
