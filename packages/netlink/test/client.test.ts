import { describe, expect, test } from 'vitest';
import { linux, NetlinkClient, type NetlinkMessage, payloadOf } from '../src/index.ts';
import { done, host, refusal, scriptedNetlink } from '../src/testing/index.ts';

const { nlmsg, rtm } = linux;
const EBUSY = 16;
const EINVAL = 22;
const ENOMEM = 12;
const ENOBUFS = 105;

const REQUEST = { type: rtm.RTM_GETADDR, name: 'RTM_GETADDR', subject: 'eth9', payload: new Uint8Array(8) };

function part({ sequence }: NetlinkMessage, byte: number, flags: number = nlmsg.NLM_F_MULTI): Uint8Array {
  return host.message({ type: rtm.RTM_NEWADDR, flags, sequence }, Uint8Array.of(byte, 0, 0, 0));
}

/** What a dump takes, and how many requests it needs. */
function dump(
  answer: (request: NetlinkMessage, attempt: number) => readonly (Uint8Array | number)[],
  bufferBytes?: number,
): { readonly taken: readonly number[]; readonly requests: number; readonly whole: boolean } {
  let requests = 0;
  const libc = scriptedNetlink((request) => {
    requests += 1;
    return answer(request, requests);
  });
  using client = new NetlinkClient({ libc, ...(bufferBytes === undefined ? {} : { bufferBytes }) });
  const taken: number[] = [];
  const whole = client.dump(
    REQUEST,
    (payload) => taken.push(payload[0] ?? -1),
    () => taken.splice(0),
  );
  return { taken, requests, whole };
}

describe('dump', () => {
  test('a dump in several datagrams is taken whole, and messages for others are not', () => {
    const found = dump((request) => [
      host.datagram(part(request, 1), part({ ...request, sequence: request.sequence + 7 }, 9)),
      part(request, 2),
      done(request.sequence),
    ]);
    expect(found).toEqual({ taken: [1, 2], requests: 1, whole: true });
  });

  test('a dump that changed while it was read is read again', () => {
    const found = dump((request, attempt) => [
      part(request, attempt, nlmsg.NLM_F_MULTI | (attempt === 1 ? nlmsg.NLM_F_DUMP_INTR : 0)),
      done(request.sequence),
    ]);
    expect(found).toEqual({ taken: [2], requests: 2, whole: true });
  });

  test('a dump that changes each time is taken as it is after four attempts', () => {
    const found = dump((request, attempt) => [
      part(request, attempt, nlmsg.NLM_F_MULTI | nlmsg.NLM_F_DUMP_INTR),
      done(request.sequence),
    ]);
    expect(found).toEqual({ taken: [4], requests: 4, whole: false });
  });

  test('a dump of which a part was lost is read again', () => {
    const found = dump((request, attempt) => [
      ...(attempt === 1 ? [ENOBUFS] : [part(request, 1)]),
      done(request.sequence),
    ]);
    expect(found).toEqual({ taken: [1], requests: 2, whole: true });
  });

  test('a dump of which the end was lost is read again', () => {
    const found = dump((request, attempt) => [
      part(request, attempt),
      attempt === 1 ? ENOBUFS : done(request.sequence),
    ]);
    expect(found).toEqual({ taken: [2], requests: 2, whole: true });
  });

  test('a dump whose datagram is larger than the buffer is read again into a larger one', () => {
    const large = (request: NetlinkMessage) =>
      host.message(
        { type: rtm.RTM_NEWADDR, flags: nlmsg.NLM_F_MULTI, sequence: request.sequence },
        new Uint8Array(200).fill(5),
      );
    expect(dump((request) => [large(request), done(request.sequence)], 64)).toEqual({
      taken: [5],
      requests: 2,
      whole: true,
    });
  });

  test('a dump behind an earlier one is asked for again when that one has ended', () => {
    const found = dump((request, attempt) =>
      attempt === 1
        ? [refusal(request.sequence, EBUSY), part({ ...request, sequence: 99 }, 9), done(99)]
        : [part(request, 1), done(request.sequence)],
    );
    expect(found).toEqual({ taken: [1], requests: 2, whole: true });
  });

  test('a dump that the kernel refuses throws an error that names the request', () => {
    for (const end of [refusal, done]) {
      expect(() => dump(({ sequence }) => [end(sequence, EINVAL)])).toThrow(
        'eth9: invalid argument (RTM_GETADDR: EINVAL)',
      );
    }
  });

  test('a dump without an end throws, and is not waited for', () => {
    expect(() => dump((request) => [part(request, 1)])).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
  });

  test('a dump whose end is lost each time throws', () => {
    expect(() => dump((request) => [part(request, 1), ENOBUFS])).toThrow(
      expect.objectContaining({ code: 'EAGAIN' }),
    );
  });
});

test.each([ENOBUFS, ENOMEM])(
  'a socket on which each receive fails with errno %i ends a request with an error',
  (errno) => {
    let receives = 0;
    const libc = {
      ...scriptedNetlink(() => []),
      recvfrom: () => {
        receives += 1;
        return -errno;
      },
    };
    using client = new NetlinkClient({ libc });
    expect(() => client.get(REQUEST)).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
    expect(() =>
      client.dump(
        REQUEST,
        () => {},
        () => {},
      ),
    ).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
    expect(receives).toBeLessThan(100);
  },
);

describe('single request', () => {
  test('a single request is answered by the message with its number alone', () => {
    using client = new NetlinkClient({
      libc: scriptedNetlink((request) => [
        part({ ...request, sequence: request.sequence - 1 }, 9, 0),
        part(request, 1, 0),
        part(request, 2, 0),
      ]),
    });
    expect(client.get(REQUEST)[0]).toBe(1);
    // What was left of the first answer is none of the second.
    expect(client.get(REQUEST)[0]).toBe(1);
  });

  test('a change asks for an acknowledgement, and ends with it', () => {
    const flags: number[] = [];
    using client = new NetlinkClient({
      libc: scriptedNetlink((request) => {
        flags.push(request.flags);
        return [refusal(request.sequence, 0)];
      }),
    });
    client.set({ ...REQUEST, flags: nlmsg.NLM_F_CREATE });
    expect(flags).toEqual([nlmsg.NLM_F_REQUEST | nlmsg.NLM_F_ACK | nlmsg.NLM_F_CREATE]);
  });

  test('a change that the kernel refuses throws an error that names the request', () => {
    using client = new NetlinkClient({ libc: scriptedNetlink(({ sequence }) => [refusal(sequence, 19)]) });
    expect(() => client.set(REQUEST)).toThrow('eth9: no such device (RTM_GETADDR: ENODEV)');
  });

  test('a single request whose answer was lost is made again', () => {
    let attempts = 0;
    using client = new NetlinkClient({
      libc: scriptedNetlink((request) => [++attempts === 1 ? ENOBUFS : part(request, 1, 0)]),
    });
    expect(client.get(REQUEST)[0]).toBe(1);
    expect(attempts).toBe(2);
  });

  test('a single request whose answer is lost each time throws', () => {
    using client = new NetlinkClient({ libc: scriptedNetlink(() => [ENOBUFS]) });
    expect(() => client.get(REQUEST)).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
  });

  test('a single request without an answer throws, and is not waited for', () => {
    using client = new NetlinkClient({ libc: scriptedNetlink(() => []) });
    expect(() => client.get({ ...REQUEST, subject: 'eth0' })).toThrow(
      'eth0: resource temporarily unavailable',
    );
  });
});

test('an error that names no subject names netlink', () => {
  const { subject: _, ...request } = REQUEST;
  using client = new NetlinkClient({ libc: scriptedNetlink(() => []) });
  expect(() => client.get(request)).toThrow(expect.objectContaining({ subject: 'netlink' }));
});

test('a request is one message with the payload that was given', () => {
  const sent: string[] = [];
  const payload = host.struct(linux.struct.ifaddrmsg, { ifa_index: 3 });
  using client = new NetlinkClient({
    libc: scriptedNetlink((request) => {
      sent.push(Buffer.from(payloadOf(request)).toString('hex'));
      return [refusal(request.sequence, 0)];
    }),
  });
  client.set({ ...REQUEST, payload });
  expect(sent).toEqual(['0000000003000000']);
});

test('a client that was closed cannot be used', () => {
  const client = new NetlinkClient({ libc: scriptedNetlink(() => []) });
  client.close();
  client.close();
  expect(() => client.get(REQUEST)).toThrow('this descriptor has been closed');
});
