import type { WireguardPeer } from '@ifdepd/netlink/devices';
import { expect, test } from 'vitest';
import { peerJudge } from '../../../src/programs/sensors/wireguard.ts';

/** The clock of the system at the first reading. */
const WALL = 1_800_000_000_000;
const EVERY = 5;

type Peer = Partial<WireguardPeer> & { /** seconds before the first reading */ readonly handshake?: number };

function peer({ handshake, ...more }: Peer): WireguardPeer {
  return {
    publicKey: 'one',
    keepaliveSeconds: 25,
    handshakeAtMs: handshake === undefined ? null : WALL - handshake * 1000,
    rxBytes: 0,
    txBytes: 0,
    ...more,
  };
}

/** Reads the peers each five seconds; the verdicts. @param clockStepMs how far the clock of the system is set after the first */
function judged(readings: readonly (readonly Peer[])[], clockStepMs = 0): readonly string[] {
  const judge = peerJudge({ interface: 'wg0', handshakeWithinMs: 180_000, everyMs: EVERY * 1000 });
  return readings.map((peers, at) => {
    const now = at * EVERY * 1000;
    const wall = WALL + now + (at === 0 ? 0 : clockStepMs);
    const { health, reason } = judge(peers.map(peer), now, wall);
    return `${health}: ${reason}`;
  });
}

/** Readings of one peer, with the bytes it has sent and received at each. */
const over = (readings: number, one: (at: number) => Peer) =>
  Array.from({ length: readings }, (_, at) => [one(at)]);

const ANSWERS = 'active: the peer of wg0 answers';

test('a peer answers while its handshake is young, and not from the wanted age on', () => {
  expect(judged(over(3, () => ({ handshake: 173 })))).toEqual([
    ANSWERS,
    ANSWERS,
    'failed: no handshake with any peer of wg0 for 3 min',
  ]);
});

test('an interface without a peer, and peers without a handshake, have failed', () => {
  expect(judged([[], [{}]])).toEqual([
    'failed: wg0 has no peer',
    'failed: no handshake with any peer of wg0 yet',
  ]);
});

test('one peer of two that answers is enough', () => {
  const peers = [{ handshake: 10 }, { publicKey: 'two', handshake: 500 }];
  expect(judged([peers])).toEqual(['active: 1 of 2 peers of wg0 answer']);
});

test.each([86_400_000, -86_400_000])(
  'a clock that is set by %d ms makes no handshake old or young',
  (step) => {
    expect(
      judged(
        over(2, () => ({ handshake: 10 })),
        step,
      ),
    ).toEqual([ANSWERS, ANSWERS]);
    const old = over(2, () => ({ handshake: 300 }));
    expect(judged(old, step)[1]).toMatch(/^failed: no handshake with any peer of wg0 for 5 min/);
    const renewed = over(2, (at) => ({ handshake: at === 0 ? 300 : -4 }));
    expect(judged(renewed, step)[1]).toBe(ANSWERS);
  },
);

test('data without an answer for 25 s fails the tunnel, long before the handshake is old', () => {
  const found = judged(over(8, (at) => ({ handshake: 10, txBytes: at * 10_000, rxBytes: 7 })));
  expect(found.slice(0, 6)).toEqual(Array(6).fill(ANSWERS));
  expect(found.slice(6)).toEqual([
    'failed: no answer from any peer of wg0 for 25 s, while it sends',
    'failed: no answer from any peer of wg0 for 30 s, while it sends',
  ]);
});

test('any answer ends a silence', () => {
  const found = judged(over(9, (at) => ({ handshake: 10, txBytes: at * 10_000, rxBytes: at === 8 ? 1 : 0 })));
  expect(found.at(-2)).toMatch(/^failed: no answer/);
  expect(found.at(-1)).toBe(ANSWERS);
});

test.each([1, 25, 60])('keepalives each %d s, which no peer answers, are no silence', (keepaliveSeconds) => {
  const sent = (at: number) => 32 * (Math.floor((at * EVERY) / keepaliveSeconds) + 1);
  const found = judged(over(30, (at) => ({ handshake: 10, keepaliveSeconds, txBytes: sent(at) })));
  expect(new Set(found)).toEqual(new Set([ANSWERS]));
});

test('handshakes that nobody answers are a silence, beside the keepalives', () => {
  // A handshake initiation has 148 bytes.
  const found = judged(
    over(20, (at) => ({ handshake: 10, txBytes: 32 * Math.floor(at / 5) + 148 * Math.max(0, at - 5) })),
  );
  expect(found.at(-1)).toMatch(/^failed: no answer from any peer of wg0 for \d+ s, while it sends$/);
  expect(found.findIndex((one) => one !== ANSWERS)).toBeGreaterThan(10);
});

test('a reading that comes late counts no silence: the machine was suspended or starved', () => {
  const judge = peerJudge({ interface: 'wg0', handshakeWithinMs: 180_000, everyMs: 5000 });
  const at = (now: number, txBytes: number) =>
    judge([peer({ handshake: 10, txBytes })], now, WALL + now).health;
  expect([at(0, 0), at(5000, 9000), at(60_000, 90_000), at(65_000, 99_000)]).toEqual(Array(4).fill('active'));
});

test('a tunnel whose peers keep no way open carries a warning', () => {
  const judge = peerJudge({ interface: 'wg0', handshakeWithinMs: 180_000, everyMs: 5000 });
  const look = (keepaliveSeconds: number) => judge([peer({ handshake: 10, keepaliveSeconds })], 0, WALL);
  expect(look(0).warning).toMatch(/^no peer of wg0 has a persistent keepalive/);
  expect(look(25)).not.toHaveProperty('warning');
});
