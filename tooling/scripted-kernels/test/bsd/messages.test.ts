import { describe, expect, test } from 'vitest';
import type { BsdLayout } from '../../src/bsd/layout.ts';
import { bsdLayouts } from '../../src/bsd/layouts/index.ts';
import { Messages } from '../../src/bsd/messages.ts';
import { bytesOf, capturesOf } from './captured.ts';

describe.each([
  ['freebsd-13.0-amd64', bsdLayouts.freebsd],
  ['netbsd-7.99.34-amd64', bsdLayouts.netbsd7],
] as const)('%s: what is built is what the kernel wrote', (file, layout: BsdLayout) => {
  const messages = new Messages(layout);
  const captured = capturesOf(file);
  const { if_msghdr: info, if_announcemsghdr: announce, rtm } = layout;
  const ofType = (type: number | null) =>
    captured
      .filter(({ kind }) => kind === 'rtsock')
      .map(bytesOf)
      .filter((bytes) => bytes[3] === type);

  test.each(
    ofType(rtm.RTM_IFINFO).map(
      (bytes) => [Buffer.from(bytes.subarray(0, 24)).toString('hex'), bytes] as const,
    ),
  )('RTM_IFINFO %s', (_start, bytes) => {
    const view = new DataView(bytes.buffer);
    const built = messages.info({
      index: view.getUint16(info.index, true),
      name: 'not in it',
      type: view.getUint8(info.ifi_type),
      flags: view.getUint32(info.flags, true) & (layout.behaviour.signExtendedFlags ? 0xffff : 0xffffffff),
      link: view.getUint8(info.ifi_link_state ?? 0),
    });
    expect(built.byteLength).toBe(bytes.byteLength);
    // Behind these 24 bytes are counters and times; among them the sizes of addresses and headers.
    expect(zeroed(built, 17, 20)).toEqual(zeroed(bytes, 17, 20));
  });

  test.each(ofType(rtm.RTM_IFANNOUNCE).map((bytes) => [Buffer.from(bytes).toString('hex'), bytes] as const))(
    'RTM_IFANNOUNCE %s',
    (_all, bytes) => {
      const view = new DataView(bytes.buffer);
      const built = messages.announce(
        {
          index: view.getUint16(announce?.ifan_index ?? 0, true),
          name: Buffer.from(bytes.subarray(6, 22)).toString().replace(/\0.*$/s, ''),
          type: 6,
          flags: 0,
          link: 0,
        },
        view.getUint16(announce?.ifan_what ?? 0, true) === 0 ? 'arrival' : 'departure',
      );
      expect(Buffer.from(built).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
    },
  );

  test.each(
    [...ofType(rtm.RTM_NEWADDR), ...ofType(rtm.RTM_DELADDR)].map(
      (bytes) => [Buffer.from(bytes.subarray(0, 24)).toString('hex'), bytes] as const,
    ),
  )('RTM_NEWADDR, RTM_DELADDR %s: the index, and where the addresses begin', (_start, bytes) => {
    const { ifa_msghdr: address } = layout;
    const view = new DataView(bytes.buffer);
    const index = view.getUint16(address.index, true);
    const facts = { index, name: 'nic0', type: 6, flags: 0, link: 0 };
    const built = messages.address(facts, bytes[3] === rtm.RTM_NEWADDR ? 'new' : 'deleted');
    const builtView = new DataView(built.buffer);
    expect(index).toBeGreaterThan(0);
    expect(index).toBeLessThan(100);
    expect(builtView.getUint16(address.index, true)).toBe(index);
    // The addresses that both have are behind the header, each as long as its first byte says, and nothing is left.
    expect(lengthsBehind(bytes, address)).toBe(bytes.byteLength);
    expect(lengthsBehind(built, address)).toBe(built.byteLength);
  });

  /** The end of the last address in `addrs`. */
  function lengthsBehind(bytes: Uint8Array, { size, addrs }: BsdLayout['ifa_msghdr']): number {
    let at = size;
    for (let left = new DataView(bytes.buffer).getUint32(addrs, true); left > 0; left >>>= 1) {
      if ((left & 1) === 1) {
        const unit = layout.sockaddrRoundup;
        at += Math.max(unit, Math.ceil((bytes[at] ?? 0) / unit) * unit);
      }
    }
    return at;
  }

  test('the list begins with loopback, with its name in a sockaddr_dl', () => {
    const list = captured.find(({ kind, cause }) => kind === 'sysctl NET_RT_IFLIST' && cause === 'only lo0');
    const bytes = bytesOf(list ?? { kind: '', cause: '', hex: '' });
    const built = messages.listed({
      index: 1,
      name: 'lo0',
      type: 24,
      flags: 0x8049,
      link: layout.link[layout.behaviour.loopbackLink],
    });
    expect(zeroed(built, 17, 20)).toEqual(zeroed(bytes, 17, 20));
    expect([...built.subarray(info.size)]).toEqual([...bytes.subarray(info.size, built.byteLength)]);
  });
});

/** The first 24 bytes in hex, with those from `start` to `end` left out. */
function zeroed(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.slice(0, 24).fill(0, start, end)).toString('hex');
}
