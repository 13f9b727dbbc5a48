import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { linux, payloadOf } from '@ifdepd/netlink';
import { host, refusal, scriptedNetlink } from '@ifdepd/netlink/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openNetIf } from '../src/index.ts';
import { linkPayload, readLinkName, readProtoDown } from '../src/link-messages.ts';

const { ifla, rtm } = linux;

function switchTo(value: number): Buffer {
  return Buffer.from(host.attribute(ifla.IFLA_PROTO_DOWN, Uint8Array.of(value)));
}

/** A kernel before Linux 5.9: it has the state of one interface, and passes over reasons. */
function oldKernel(): ReturnType<typeof openNetIf> {
  let on = false;
  const libc = scriptedNetlink((request) => {
    const { type, sequence } = request;
    if (type === rtm.RTM_GETLINK) {
      return [host.message({ type: rtm.RTM_NEWLINK, sequence }, linkPayload([switchTo(on ? 1 : 0)]))];
    }
    const asked = Buffer.from(payloadOf(request));
    on = asked.includes(switchTo(1)) || (on && !asked.includes(switchTo(0)));
    return [refusal(sequence, 0)];
  });
  return openNetIf({ libc });
}

test('a kernel without reasons sets protodown, and keepsProtoDownReasons is false on it', () => {
  using netif = oldKernel();
  expect(netif.keepsProtoDownReasons('mv7')).toBe(false);
  expect(netif.knowsProtoDown('mv7')).toBeNull();
  expect(netif.setProtoDown('mv7', 'on', 5)).toMatchObject({
    changed: true,
    after: { on: true, reasons: 0 },
  });
  expect(netif.setProtoDown('mv7', 'off', 5)).toMatchObject({ changed: true, after: { on: false } });
});

test.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const)(
  '%s has no protodown',
  (system) => {
    using netif = openNetIf({ libc: scriptedLibc({}, { target: targetOf(system) }) });
    expect(netif.protoDown('em0')).toBeNull();
    expect(netif.keepsProtoDownReasons('em0')).toBe(false);
    expect(netif.knowsProtoDown('em0')).toBeNull();
    expect(() => netif.setProtoDown('em0', 'on', 5)).toThrow(
      'em0: function not implemented (protodown: ENOSYS)',
    );
  },
);

test.each([
  ['eth0', ifla.IFLA_IFNAME],
  ['fifteen-bytes-x', ifla.IFLA_IFNAME],
  ['sixteen-bytes-xy', ifla.IFLA_ALT_IFNAME],
  ['x'.repeat(127), ifla.IFLA_ALT_IFNAME],
])('resolve of %s asks by attribute %d', (name, attribute) => {
  const named: boolean[] = [];
  const libc = scriptedNetlink((request) => {
    named.push(Buffer.from(payloadOf(request)).includes(Buffer.from(host.attribute(attribute, name))));
    return [refusal(request.sequence, 19)];
  });
  using netif = openNetIf({ libc });
  expect(netif.resolve(name)).toBeNull();
  expect(named).toEqual([true]);
});

test.each(['', 'x'.repeat(128), 'a\0b'])('resolve of %j is null without a request', (name) => {
  const libc = scriptedNetlink(() => []);
  using netif = openNetIf({ libc });
  expect(netif.resolve(name)).toBeNull();
  expect(libc.calls.map((call) => call.name)).not.toContain('sendto');
});

test('resolve is null on a kernel without alternative names, and throws any other error', () => {
  const answering = (errno: number) =>
    openNetIf({ libc: scriptedNetlink(({ sequence }) => [refusal(sequence, errno)]) });
  expect(answering(22).resolve('a-long-name-of-eth0')).toBeNull();
  expect(() => answering(1).resolve('eth0')).toThrow('eth0: operation not permitted (RTM_GETLINK: EPERM)');
});

test('protodown is off, and the carrier there, in a message that has no attributes', () => {
  const { ifinfomsg } = linux.struct;
  const message = host.struct(ifinfomsg, { ifi_flags: linux.iff.IFF_LOWER_UP });
  expect(readProtoDown(message)).toEqual({ on: false, reasons: 0, carrier: true });
});

test('readers of link messages accept any bytes and read nothing beyond the end', () => {
  const known = linkPayload([
    switchTo(1),
    host.nested(ifla.IFLA_PROTO_DOWN_REASON, host.attribute(ifla.IFLA_PROTO_DOWN_REASON_VALUE, 2 ** 31)),
    host.attribute(ifla.IFLA_IFNAME, 'mv7'),
  ]);
  expect(readLinkName(known)).toEqual({ index: 0, name: 'mv7' });
  expect(readProtoDown(known)).toEqual({ on: true, reasons: 2 ** 31, carrier: false });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 96 }),
        fc
          .tuple(fc.nat(known.byteLength), fc.array(fc.tuple(fc.nat(known.byteLength - 1), fc.nat(255))))
          .map(([length, changes]) => {
            const bytes = Uint8Array.from(known);
            for (const [at, value] of changes) {
              bytes[at] = value;
            }
            return bytes.slice(0, length);
          }),
      ),
      (bytes) => {
        const { on, reasons, carrier } = readProtoDown(bytes);
        readLinkName(bytes);
        expect([typeof on, typeof carrier]).toEqual(['boolean', 'boolean']);
        expect(Number.isInteger(reasons) && reasons >= 0 && reasons < 2 ** 32).toBe(true);
      },
    ),
  );
});
