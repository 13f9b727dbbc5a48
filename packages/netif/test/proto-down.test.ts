import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linux } from '../src/abi/linux.ts';
import { openNetIf } from '../src/index.ts';
import { attribute, linkMessage, readProtoDown } from '../src/proto-down-messages.ts';

const abi = linux.protoDown;

function switchTo(value: number): Buffer {
  return Buffer.from(attribute(abi, abi.IFLA_PROTO_DOWN, Uint8Array.of(value)));
}

/** A kernel before Linux 5.9: it has the state of one interface, and passes over reasons. */
function oldKernel(): ReturnType<typeof openNetIf> {
  let on = false;
  const answers: Uint8Array[] = [];
  const libc = scriptedLibc(
    {
      sendto(_fd, bytes) {
        const request = Buffer.from(bytes);
        const sequence = request.readUInt32LE(8);
        if (request.readUInt16LE(4) === abi.RTM_GETLINK) {
          const state = attribute(abi, abi.IFLA_PROTO_DOWN, Uint8Array.of(on ? 1 : 0));
          answers.push(linkMessage(abi, { type: 16, flags: 0, sequence }, [state]));
        } else {
          if (request.includes(switchTo(1))) {
            on = true;
          }
          if (request.includes(switchTo(0))) {
            on = false;
          }
          answers.push(linkMessage(abi, { type: abi.NLMSG_ERROR, flags: 0, sequence }, []));
        }
        return bytes.byteLength;
      },
      recvfrom(_fd, into) {
        const answer = answers.shift();
        into.set(answer ?? []);
        return answer?.byteLength ?? -targetOf('linux').errnoOf.EAGAIN;
      },
    },
    { target: targetOf('linux') },
  );
  return openNetIf({ libc });
}

test('a kernel that keeps no reasons sets it all the same, and is told from one that keeps them', () => {
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
  '%s has no such thing',
  (system) => {
    using netif = openNetIf({ libc: scriptedLibc({}, { target: targetOf(system) }) });
    expect(netif.protoDown('em0')).toBeNull();
    expect(netif.keepsProtoDownReasons('em0')).toBe(false);
    expect(netif.knowsProtoDown('em0')).toBeNull();
    expect(() => netif.setProtoDown('em0', 'on', 5)).toThrow(
      expect.objectContaining({ kind: 'unsupported' }),
    );
  },
);

test('any bytes are read as something, and none of them beyond the end', () => {
  const known = linkMessage(abi, { type: 16, flags: 0, sequence: 1 }, [
    attribute(abi, abi.IFLA_PROTO_DOWN, Uint8Array.of(1)),
    attribute(abi, abi.IFLA_PROTO_DOWN_REASON, attribute(abi, abi.IFLA_PROTO_DOWN_REASON_VALUE, 2 ** 31)),
  ]);
  expect(readProtoDown(abi, known)).toEqual({ on: true, reasons: 2 ** 31, carrier: false });
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
        const { on, reasons, carrier } = readProtoDown(abi, bytes);
        expect([typeof on, typeof carrier]).toEqual(['boolean', 'boolean']);
        expect(Number.isInteger(reasons) && reasons >= 0 && reasons < 2 ** 32).toBe(true);
      },
    ),
  );
});
