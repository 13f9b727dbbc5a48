import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeArpRequest, isArpReply } from '../../src/wire/arp.ts';
import { dnsResponseCode, encodeDnsQuery } from '../../src/wire/dns.ts';
import { encodeEchoRequest, icmpTypes, isEchoReply } from '../../src/wire/echo.ts';
import { icmp6FilterFor } from '../../src/wire/icmp6-filter.ts';
import { internetChecksum } from '../../src/wire/internet-checksum.ts';
import { encodeSolicitation, isAdvertisement, solicitedNode } from '../../src/wire/neighbour.ts';

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const sixteenBits = fc.integer({ min: 0, max: 0xffff });
const someBytes = fc.uint8Array({ maxLength: 80 });
const families = fc.constantFrom('ipv4' as const, 'ipv6' as const);

/** An answer to a request: another type. */
function reply(family: 'ipv4' | 'ipv6', request: Uint8Array): Uint8Array {
  return Uint8Array.of(icmpTypes[family].reply, ...request.subarray(1));
}

describe('echo', () => {
  const echoes = fc.record({ identifier: sixteenBits, sequence: sixteenBits, token: bytesOf(8) });

  test('an answer is known by identifier, sequence and token, with and without a header of IPv4 before it', () => {
    fc.assert(
      fc.property(families, echoes, echoes, (family, mine, other) => {
        const answer = reply(family, encodeEchoRequest(family, mine));
        expect(isEchoReply(family, answer, mine.identifier, mine)).toBe(true);
        expect(isEchoReply(family, answer, null, mine)).toBe(true);
        const behind = Uint8Array.of(0x46, ...new Array(23).fill(0), ...answer);
        expect(isEchoReply(family, behind, mine.identifier, mine)).toBe(family === 'ipv4');
        const same =
          mine.sequence === other.sequence && mine.token.every((byte, at) => byte === other.token[at]);
        expect(isEchoReply(family, answer, null, other)).toBe(same);
        expect(isEchoReply(family, answer, mine.identifier ^ 1, mine)).toBe(false);
      }),
    );
  });

  test('a request of IPv4 has the checksum that makes its sum zero', () => {
    fc.assert(
      fc.property(echoes, (echo) => {
        expect(internetChecksum(encodeEchoRequest('ipv4', echo))).toBe(0);
      }),
    );
  });

  test('the checksum of the example of RFC 1071 is the complement of its sum', () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(internetChecksum(bytes)).toBe(0xddf2 ^ 0xffff);
  });
});

test('an answer of ARP is known by its operation and the address of its sender', () => {
  fc.assert(
    fc.property(bytesOf(6), bytesOf(4), bytesOf(4), (hardware, mine, asked) => {
      const request = encodeArpRequest({ hardware, address: mine }, asked);
      expect(isArpReply(request, mine)).toBe(false);
      request[7] = 2;
      expect(isArpReply(request, mine)).toBe(true);
      expect(
        isArpReply(
          request,
          Uint8Array.from(mine, (byte) => byte ^ 1),
        ),
      ).toBe(false);
    }),
  );
});

test('an advertisement is known by its type and its target', () => {
  fc.assert(
    fc.property(bytesOf(16), fc.option(bytesOf(6)), (address, hardware) => {
      const bytes = encodeSolicitation(address, hardware);
      expect(bytes.length).toBe(hardware === null ? 24 : 32);
      expect(isAdvertisement(bytes, address)).toBe(false);
      bytes[0] = 136;
      expect(isAdvertisement(bytes, address)).toBe(true);
      expect([...solicitedNode(address).subarray(11)]).toEqual([1, 0xff, ...address.subarray(13)]);
    }),
  );
});

describe('dns', () => {
  const query = encodeDnsQuery(0x1234, 'www.Example.net.');

  test('a query asks for the addresses of a name', () => {
    expect(Buffer.from(query).toString('latin1')).toBe(
      '\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x03www\x07Example\x03net\0\0\x01\0\x01',
    );
  });

  test.each([
    ['another id', (bytes: Uint8Array) => bytes.fill(9, 0, 1), null],
    ['no response', (bytes: Uint8Array) => bytes.fill(1, 2, 3), null],
    ['another question', (bytes: Uint8Array) => bytes.fill(0x78, 14, 15), null],
    ['another case', (bytes: Uint8Array) => bytes.fill(0x57, 13, 14), 'NOERROR'],
    ['SERVFAIL', (bytes: Uint8Array) => bytes.fill(0x82, 3, 4), 'SERVFAIL'],
    ['a code without a name', (bytes: Uint8Array) => bytes.fill(9, 3, 4), 'response code 9'],
  ])('an answer with %s has the right response code', (_, change, code) => {
    const answer = Uint8Array.from(query);
    answer[2] = 0x81;
    expect(dnsResponseCode(change(answer), query)).toBe(code);
  });

  test('a server that did not understand need not repeat the question', () => {
    const short = Uint8Array.of(0x12, 0x34, 0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    expect(dnsResponseCode(short, query)).toBe('FORMERR');
    short[3] = 0;
    expect(dnsResponseCode(short, query)).toBeNull();
  });

  test.each(['', '.', 'a..b', 'x'.repeat(64), Array.from({ length: 130 }, () => 'a').join('.')])(
    'the name %j is refused',
    (name) => {
      expect(() => encodeDnsQuery(0, name)).toThrow('is no name of the DNS');
    },
  );
});

test('no bytes make a reader throw', () => {
  fc.assert(
    fc.property(families, someBytes, someBytes, (family, bytes, query) => {
      const token = new Uint8Array(8);
      expect(isEchoReply(family, bytes, null, { sequence: 0, token })).toBeTypeOf('boolean');
      expect(isArpReply(bytes, new Uint8Array(4))).toBeTypeOf('boolean');
      expect(isAdvertisement(bytes, new Uint8Array(16))).toBeTypeOf('boolean');
      dnsResponseCode(bytes, query);
    }),
  );
});

test('a filter of ICMPv6 lets its type alone through, in both meanings of a bit', () => {
  for (const type of [128, 129, 136, 255]) {
    const [passes, blocks] = [icmp6FilterFor('passes', type), icmp6FilterFor('blocks', type)];
    expect([...passes].map((byte, at) => byte ^ (blocks[at] as number))).toEqual(new Array(32).fill(0xff));
    const words = new Uint32Array(passes.buffer);
    expect(((words[type >> 5] as number) >>> (type & 31)) & 1).toBe(1);
    expect(words.reduce((sum, word) => sum + word, 0)).toBe(words[type >> 5]);
  }
});
