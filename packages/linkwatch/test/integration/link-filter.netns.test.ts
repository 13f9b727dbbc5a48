import { loadLibc, must, openSocket } from '@ifdepd/libc';
import { enterNewNamespace } from '@ifdepd/netlab';
import { linux, SocketFilter } from '@ifdepd/netlink';
import { runFilter } from '@ifdepd/netlink/testing';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { linkFilter } from '../../src/wire/link-filter.ts';
import { filterCase, scope, shouldPass } from '../support/filter-cases.ts';

/** linux/netlink.h: between programs. */
const NETLINK_USERSOCK = 2;
const PORT = 4711;

beforeEach(() => {
  enterNewNamespace();
});

function address(port: number): Uint8Array {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setUint16(0, linux.socket.AF_NETLINK, true);
  new DataView(bytes.buffer).setUint32(4, port, true);
  return bytes;
}

test('the kernel runs the filter with the same results as the interpreter of the tests', () => {
  const libc = loadLibc();
  const { SOCK_RAW, SOCK_NONBLOCK } = libc.target.socket;
  const { AF_NETLINK } = linux.socket;
  const open = () => openSocket(libc, AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_USERSOCK, 'socket');
  using receiver = open();
  using sender = open();
  must(libc, libc.bind(receiver.fd, address(PORT)), 'bind', 'receiver');
  const filter = new SocketFilter(libc, receiver.fd);
  const into = new Uint8Array(4096);
  let [passed, dropped] = [0, 0];
  fc.assert(
    fc.property(scope, fc.array(filterCase, { minLength: 1, maxLength: 8 }), (within, cases) => {
      const program = linkFilter(within) ?? [];
      must(libc, filter.attach(program), 'SO_ATTACH_FILTER', 'receiver');
      for (const one of cases) {
        must(libc, libc.sendto(sender.fd, one.bytes, 0, address(PORT)), 'sendto', 'sender');
        const result = libc.recvfrom(receiver.fd, into, 0, null);
        const passes = shouldPass(within, one);
        expect(result).toBe(passes ? one.bytes.byteLength : -libc.target.errnoOf.EAGAIN);
        expect(runFilter(program, one.bytes) > 0).toBe(passes);
        passed += passes ? 1 : 0;
        dropped += passes ? 0 : 1;
      }
    }),
    { numRuns: 1000 },
  );
  expect(Math.min(passed, dropped)).toBeGreaterThan(200);
});
