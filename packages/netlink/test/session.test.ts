import { describe, expect, test } from 'vitest';
import { Encoder, linux, NetlinkSession, SINGLE_REQUEST } from '../src/index.ts';
import { done, host, refusal } from '../src/testing/index.ts';
import { CAPTURED_SEQUENCE, captured } from './support/captured.ts';
import { decodeAll, recorder } from './support/recorder.ts';

const { nlmsg, rtm } = linux;
const NEWADDR = rtm.RTM_NEWADDR;
const EBUSY = 16;
const EINVAL = 22;

function part(sequence: number, byte: number, flags = 0, port = 0): Uint8Array {
  return host.message(
    { type: NEWADDR, flags: nlmsg.NLM_F_MULTI | flags, sequence, port },
    Uint8Array.of(byte, 0, 0, 0),
  );
}

function notification(byte: number, sequence = 0): Uint8Array {
  return host.message({ type: NEWADDR, sequence }, Uint8Array.of(byte, 0, 0, 0));
}

function dumping(): { readonly session: NetlinkSession; readonly sequence: number } {
  const session = new NetlinkSession(true);
  return { session, sequence: session.expectDump() };
}

describe('dump', () => {
  test('a dump in several datagrams is listed, and notifications and parts of other dumps among them are not', () => {
    const { session, sequence } = dumping();
    const found = decodeAll(
      session,
      host.datagram(part(sequence, 1), notification(2, sequence), part(sequence + 7, 9)),
      part(sequence, 3),
      done(sequence),
    );
    expect(found).toEqual([
      ['listed', NEWADDR, '01000000'],
      ['message', NEWADDR, '02000000'],
      ['listed', NEWADDR, '03000000'],
      ['end', false],
    ]);
    expect([session.dumping, session.stale]).toEqual([false, false]);
  });

  test.each(['links', 'addresses', 'routes', 'nexthops', 'neighbours'])(
    'a dump of %s that a real kernel sent is listed whole',
    (name) => {
      const session = new NetlinkSession(true);
      session.expectDump(CAPTURED_SEQUENCE);
      const found = decodeAll(session, ...captured(name));
      expect(found.slice(0, -1).every(([is]) => is === 'listed')).toBe(true);
      expect(found.length).toBeGreaterThan(1);
      expect(found.at(-1)).toEqual(['end', false]);
      expect(session.stale).toBe(false);
    },
  );

  test('a dump that changed while it was read is interrupted, and another one is needed', () => {
    const { session, sequence } = dumping();
    expect(decodeAll(session, part(sequence, 1, nlmsg.NLM_F_DUMP_INTR), done(sequence)).at(-1)).toEqual([
      'end',
      true,
    ]);
    expect(session.stale).toBe(true);
    const again = session.expectDump();
    expect(again).not.toBe(sequence);
    expect(decodeAll(session, part(again, 1), done(again)).at(-1)).toEqual(['end', false]);
    expect(session.stale).toBe(false);
  });

  test('a dump that the kernel refuses has ended', () => {
    const { session, sequence } = dumping();
    expect(decodeAll(session, refusal(sequence, EINVAL))).toEqual([['refused', EINVAL]]);
    expect([session.dumping, session.stale]).toEqual([false, true]);
  });

  test('a dump that fails half-way has ended', () => {
    const { session, sequence } = dumping();
    expect(decodeAll(session, part(sequence, 1), done(sequence, EINVAL)).at(-1)).toEqual(['refused', EINVAL]);
    expect([session.dumping, session.stale]).toEqual([false, true]);
  });

  test('a dump behind an earlier one ends with the earlier one, and is needed again', () => {
    const { session, sequence: earlier } = dumping();
    const sequence = session.expectDump();
    const found = decodeAll(
      session,
      part(earlier, 1),
      refusal(sequence, EBUSY),
      part(earlier, 2),
      done(earlier),
    );
    expect(found).toEqual([['busy'], ['end', true]]);
    expect([session.dumping, session.stale]).toEqual([false, true]);
  });

  test('a dump is needed again after something was missed', () => {
    const { session, sequence } = dumping();
    decodeAll(session, done(sequence));
    expect(session.stale).toBe(false);
    session.missed();
    expect(session.stale).toBe(true);
    decodeAll(session, done(session.expectDump()));
    expect(session.stale).toBe(false);
  });

  test('a dump during which something was missed ends, and another one is needed', () => {
    const { session, sequence } = dumping();
    session.missed();
    expect(decodeAll(session, done(sequence))).toEqual([['end', false]]);
    expect(session.stale).toBe(true);
  });

  test('a dump for another port with the same sequence number is not listed', () => {
    const { session, sequence } = dumping();
    const port = 4242;
    const mine = host.message(
      { type: nlmsg.NLMSG_DONE, flags: nlmsg.NLM_F_MULTI, sequence, port },
      new Uint8Array(4),
    );
    decodeAll(session, mine);
    const again = session.expectDump();
    expect(decodeAll(session, part(again, 1, 0, port + 1), part(again, 2, 0, port))).toEqual([
      ['listed', NEWADDR, '02000000'],
    ]);
  });

  test('a dump that was not asked for is left out', () => {
    expect(decodeAll(new NetlinkSession(true), part(0, 1), done(0))).toEqual([]);
  });

  test('sequence numbers of dumps begin again below those of single requests', () => {
    const session = new NetlinkSession(true);
    session.expectDump(SINGLE_REQUEST - 1);
    expect(session.expectDump()).toBe(0);
  });
});

describe('single request', () => {
  test('a single request is acknowledged or refused by the number that it was sent with', () => {
    const session = new NetlinkSession(true);
    expect(decodeAll(session, refusal(SINGLE_REQUEST + 3, 0), refusal(SINGLE_REQUEST + 4, EINVAL))).toEqual([
      ['answer', 3, 0],
      ['answer', 4, EINVAL],
    ]);
  });

  test('a refusal of a single request does not end a dump', () => {
    const { session, sequence } = dumping();
    const found = decodeAll(session, refusal(SINGLE_REQUEST, EINVAL), part(sequence, 1), done(sequence));
    expect(found.map(([is]) => is)).toEqual(['answer', 'listed', 'end']);
  });
});

test('a message that says that others were lost makes another dump needed', () => {
  const { session, sequence } = dumping();
  decodeAll(session, done(sequence));
  expect(decodeAll(session, host.message({ type: nlmsg.NLMSG_OVERRUN }))).toEqual([['lost']]);
  expect(session.stale).toBe(true);
});

test('NLMSG_NOOP is left out', () => {
  expect(decodeAll(new NetlinkSession(true), host.message({ type: nlmsg.NLMSG_NOOP }))).toEqual([]);
});

describe('wrong bytes', () => {
  test('a message with a wrong length ends its datagram, and makes another dump needed', () => {
    const { session, sequence } = dumping();
    const wrong = Uint8Array.from(part(sequence, 2));
    wrong[0] = 15;
    expect(
      decodeAll(session, host.datagram(part(sequence, 1), wrong, part(sequence, 3)), done(sequence)),
    ).toEqual([
      ['listed', NEWADDR, '01000000'],
      ['bad', 'a message of 15 bytes where 40 are left (at byte 20)'],
      ['end', false],
    ]);
    expect(session.stale).toBe(true);
  });

  test('an error message without an error is reported as bad, and the next message is read', () => {
    const { session, sequence } = dumping();
    const error = host.message({ type: nlmsg.NLMSG_ERROR, sequence });
    expect(decodeAll(session, host.datagram(error, part(sequence, 1)))).toEqual([
      ['bad', 'an error message without an error (at byte 16)'],
      ['listed', NEWADDR, '01000000'],
    ]);
  });

  test('an error of the sink that is no DecodeError ends the call', () => {
    const { sink } = recorder();
    const failing = {
      ...sink,
      message: () => {
        throw new RangeError('not that one');
      },
    };
    const bytes = notification(1);
    expect(() => new NetlinkSession(true).decode(bytes, bytes.byteLength, failing)).toThrow('not that one');
  });
});

test('a session reads numbers in the byte order that it was made for', () => {
  const big = new Encoder(false);
  const session = new NetlinkSession(false);
  const sequence = session.expectDump(0x0102_0304);
  const flags = nlmsg.NLM_F_MULTI;
  const listed = big.message({ type: NEWADDR, flags, sequence }, Uint8Array.of(7));
  const end = big.message({ type: nlmsg.NLMSG_DONE, flags, sequence }, new Uint8Array(4));
  expect(decodeAll(session, big.datagram(listed, end))).toEqual([
    ['listed', NEWADDR, '07'],
    ['end', false],
  ]);
});

test('every message is reported as seen, whatever it is', () => {
  const { session, sequence } = dumping();
  const { sink } = recorder();
  let seen = 0;
  const bytes = host.datagram(
    part(sequence, 1),
    notification(2),
    host.message({ type: nlmsg.NLMSG_NOOP }),
    done(sequence),
  );
  session.decode(bytes, bytes.byteLength, { ...sink, seen: () => (seen += 1) });
  expect(seen).toBe(4);
});
