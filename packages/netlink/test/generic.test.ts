import { describe, expect, test } from 'vitest';
import { DecodeError, decodeFamily, linux, NetlinkClient, payloadOf, resolveFamily } from '../src/index.ts';
import { host, refusal, scriptedNetlink } from '../src/testing/index.ts';
import { captured } from './support/captured.ts';

const { genl } = linux;
const ENOENT = 2;
const EINVAL = 22;
const EPERM = 1;

const [whole = new Uint8Array()] = captured('family');
const payload = whole.subarray(16);

test('the control family of a real kernel has its id, and a group of notifications', () => {
  expect(decodeFamily(payload, true)).toEqual({
    id: genl.GENL_ID_CTRL,
    version: 2,
    headerBytes: 0,
    groups: new Map([['notify', 16]]),
  });
});

test('a family that was cut is read as far as it goes, or refused where its id is missing', () => {
  const ids: number[] = [];
  for (let length = 0; length < payload.byteLength; length += 1) {
    try {
      ids.push(decodeFamily(payload.subarray(0, length), true).id);
    } catch (error) {
      expect(error).toBeInstanceOf(DecodeError);
    }
  }
  expect(new Set(ids)).toEqual(new Set([genl.GENL_ID_CTRL]));
});

describe('resolveFamily', () => {
  const resolve = (answer: (sequence: number) => Uint8Array, asked: string[] = []) => {
    const libc = scriptedNetlink((request) => {
      asked.push(Buffer.from(payloadOf(request)).toString('latin1'));
      return [answer(request.sequence)];
    });
    using client = new NetlinkClient({ libc, protocol: linux.socket.NETLINK_GENERIC });
    return resolveFamily(client, 'nlctrl');
  };

  test('resolveFamily asks for the family by its name', () => {
    const asked: string[] = [];
    const found = resolve((sequence) => host.message({ type: genl.GENL_ID_CTRL, sequence }, payload), asked);
    expect(found?.id).toBe(genl.GENL_ID_CTRL);
    expect(asked).toEqual(['\x03\x01\0\0\x0b\0\x02\0nlctrl\0\0']);
  });

  test.each([ENOENT, EINVAL])('resolveFamily returns null where the kernel answers errno %i', (errno) => {
    expect(resolve((sequence) => refusal(sequence, errno))).toBeNull();
  });

  test('resolveFamily throws where the kernel refuses in another way', () => {
    expect(() => resolve((sequence) => refusal(sequence, EPERM))).toThrow(
      'nlctrl: operation not permitted (CTRL_CMD_GETFAMILY: EPERM)',
    );
  });
});
