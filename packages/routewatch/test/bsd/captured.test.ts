import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { routeAbiOf } from '../../src/bsd/route-abi.ts';
import {
  decodeAddress,
  decodeName,
  decodeRoute,
  messagesIn,
  reportsChange,
} from '../../src/bsd/route-messages.ts';

const { captures } = JSON.parse(
  readFileSync(new URL('../fixtures/route-captures.json', import.meta.url), 'utf8'),
) as {
  readonly captures: readonly {
    readonly system: 'freebsd' | 'netbsd';
    readonly kind: string;
    readonly cause: string;
    readonly hex: string;
  }[];
};

/** What is in a capture, as text. */
function read(hex: string, system: 'freebsd' | 'netbsd'): readonly string[] {
  const abi = routeAbiOf(system);
  if (abi === null) {
    throw new Error(`${system} has no table`);
  }
  const nameOf = (index: number) => `nic${index}`;
  return [...messagesIn(Uint8Array.from(Buffer.from(hex, 'hex')), abi)].flatMap((message) => {
    if (message.type === 1) {
      const route = decodeRoute(message, abi, nameOf);
      const seen = reportsChange(message, abi);
      const hop = route?.nextHops[0];
      return route === null
        ? [`hidden, reported: ${seen}`]
        : [`${route.destination} on ${hop?.index} via ${hop?.gateway}, reported: ${seen}`];
    }
    if (message.type === abi.RTM_IFINFO) {
      return [`${decodeName(message, abi)?.join(' ')}`];
    }
    // NetBSD 7 numbers it 12.
    const address = message.type === 12 && system === 'freebsd' ? decodeAddress(message, abi, nameOf) : null;
    return address === null
      ? []
      : [`${address.address}/${address.prefixLength} peer ${address.peer} on ${address.index}`];
  });
}

test('captured messages and lists are read as the kernels meant them', () => {
  const found = captures.map(({ system, kind, cause, hex }) => [
    `${system} ${kind}: ${cause}`,
    ...read(hex, system),
  ]);
  expect(found).toMatchInlineSnapshot(`
    [
      [
        "freebsd NET_RT_IFLIST: only lo0",
        "1 lo0",
        "127.0.0.1/8 peer null on 1",
        "::1/128 peer null on 1",
        "fe80::1/64 peer null on 1",
      ],
      [
        "freebsd RTM_ADD: nic0 add 10.1.1.1/24",
        "10.1.1.0/24 on 2 via null, reported: true",
      ],
      [
        "freebsd RTM_ADD: lo1 up",
        "fe80::1/128 on 1 via null, reported: true",
      ],
      [
        "freebsd RTM_ADD: lo1 up",
        "fe80::/64 on 3 via null, reported: true",
      ],
      [
        "freebsd RTM_ADD: nic0: an IPv6 address of its own",
        "hidden, reported: false",
      ],
      [
        "freebsd RTM_ADD: nic0: an IPv6 address of its own",
        "fd00:0:0:1::1/128 on 1 via null, reported: true",
      ],
      [
        "freebsd RTM_ADD: nic0: an IPv6 address of its own",
        "fd00:0:0:1::/64 on 2 via null, reported: true",
      ],
      [
        "freebsd RTM_ADD: vhid 9: BACKUP -> MASTER",
        "10.9.0.0/24 on 2 via null, reported: true",
      ],
      [
        "freebsd NET_RT_IFLIST: vlan1 whose parent was destroyed",
        "1 lo0",
        "127.0.0.1/8 peer null on 1",
        "::1/128 peer null on 1",
        "fe80::1/64 peer null on 1",
        "3 em1",
        "4 em2",
        "5 em3",
        "6 vlan1",
      ],
      [
        "netbsd NET_RT_IFLIST: only lo0",
        "1 lo0",
      ],
      [
        "netbsd RTM_ADD: nic0 SIOCSIFFLAGS up, carrier present (PHY autonegotiation)",
        "hidden, reported: false",
      ],
      [
        "netbsd RTM_ADD: nic0 SIOCSIFFLAGS up, carrier present (PHY autonegotiation)",
        "fe80::/64 on 2 via null, reported: true",
      ],
      [
        "netbsd RTM_ADD: nic0 add 10.1.1.1/24",
        "hidden, reported: false",
      ],
      [
        "netbsd RTM_ADD: nic0 add 10.1.1.1/24",
        "10.1.1.0/24 on 2 via null, reported: true",
      ],
      [
        "netbsd RTM_ADD: vlan0 attached to nic0 tag 5",
        "hidden, reported: false",
      ],
    ]
  `);
});

test('a captured message that is cut anywhere is read or refused with a DecodeError', () => {
  for (const { system, hex } of captures) {
    for (let length = 0; length < hex.length; length += 2) {
      try {
        read(hex.slice(0, length), system);
      } catch (error) {
        expect(error).toMatchObject({ name: 'DecodeError' });
      }
    }
  }
});
