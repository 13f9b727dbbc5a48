import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { expect, test } from 'vitest';
import { openRtnetlink } from '../../../src/diagnose/netlink/dump.ts';

const linux = targetOf('linux');

/** One message of a list. */
function message(sequence: number, type: number, flags: number, payload: readonly number[]): Buffer {
  const bytes = Buffer.alloc(16 + payload.length);
  bytes.writeUInt32LE(bytes.byteLength, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt16LE(flags, 6);
  bytes.writeUInt32LE(sequence, 8);
  bytes.set(payload, 16);
  return bytes;
}

const DONE = 3;
const ERROR = 2;
const INTERRUPTED = 0x10;

/** What a kernel answers to each request, by the number of the request. */
function listOf(answers: (sequence: number) => readonly Buffer[]) {
  let waiting: Buffer[] = [];
  const libc = scriptedLibc(
    {
      socket: () => 7,
      close: () => 0,
      sendto: (_fd, bytes) => {
        waiting = [...answers(Buffer.from(bytes).readUInt32LE(8))];
        return bytes.byteLength;
      },
      recvfrom: (_fd, into) => {
        const next = waiting.shift();
        into.set(next ?? []);
        return next?.byteLength ?? -linux.errnoOf.EAGAIN;
      },
    },
    { target: linux },
  );
  const taken: number[] = [];
  using rtnetlink = openRtnetlink(libc);
  rtnetlink.list(
    { type: 22, name: 'RTM_GETADDR', payload: new Uint8Array(8) },
    (payload) => taken.push(payload[0] ?? -1),
    () => taken.splice(0),
  );
  return taken;
}

test('a list in several datagrams, and messages of others among them', () => {
  const answers = (sequence: number) => [
    Buffer.concat([message(sequence, 20, 2, [1, 0, 0, 0]), message(sequence + 7, 20, 2, [9, 0, 0, 0])]),
    message(sequence, 20, 2, [2, 0, 0, 0]),
    message(sequence, DONE, 2, [0, 0, 0, 0]),
  ];
  expect(listOf(answers)).toEqual([1, 2]);
});

test('a list that changed while it was read is read again', () => {
  const answers = (sequence: number) => [
    message(sequence, 20, sequence === 1 ? INTERRUPTED : 0, [sequence, 0, 0, 0]),
    message(sequence, DONE, 2, [0, 0, 0, 0]),
  ];
  expect(listOf(answers)).toEqual([2]);
});

test('a list that never stands still is taken as it is in the end', () => {
  const answers = (sequence: number) => [
    message(sequence, 20, INTERRUPTED, [sequence, 0, 0, 0]),
    message(sequence, DONE, 2, [0, 0, 0, 0]),
  ];
  expect(listOf(answers)).toEqual([4]);
});

test.each([ERROR, DONE])('what the kernel refuses is an error (message type %i)', (type) => {
  const refusal = Buffer.alloc(4);
  refusal.writeInt32LE(-linux.errnoOf.EINVAL, 0);
  expect(() => listOf((sequence) => [message(sequence, type, 0, [...refusal])])).toThrow(
    expect.objectContaining({ code: 'EINVAL' }),
  );
});

test('a list without an end is an error, and not waited for', () => {
  expect(() => listOf((sequence) => [message(sequence, 20, 2, [1])])).toThrow(
    expect.objectContaining({ code: 'EAGAIN' }),
  );
});
