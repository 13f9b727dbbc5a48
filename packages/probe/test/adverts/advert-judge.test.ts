import { expect, test } from 'vitest';
import { AdvertJudge } from '../../src/adverts/advert-judge.ts';
import { type Advert, decodeAdvert } from '../../src/wire/advert.ts';
import { encodeAdvert, type Said } from '../support/adverts.ts';

const advert = (said: Said = {}) => decodeAdvert(encodeAdvert(said)) as Advert;
const judge = (kind: 'peer' | 'vrrp') => new AdvertJudge({ kind, vrid: 51, interface: 'eth0' }, 0);

test('a peer is unknown before the first advertisement, active with it, and failed three intervals and a skew later', () => {
  const peer = judge('peer');
  expect([peer.verdict, peer.wakeMs, peer.reason(10)]).toEqual([
    'unknown',
    4000,
    'no advert for VRID 51 on eth0 yet',
  ]);
  peer.observe(advert({ priority: 128, intervalMs: 200 }), false, 100);
  expect([peer.verdict, peer.wakeMs]).toEqual(['active', 800]);
  expect(peer.reason(150)).toBe('192.0.2.2 advertises VRID 51 on eth0 with priority 128');
  peer.expire();
  expect([peer.verdict, peer.wakeMs]).toEqual(['failed', Number.POSITIVE_INFINITY]);
  expect(peer.reason(3300)).toBe('no advert of another router for VRID 51 on eth0 for 3.2 s');
});

test('a peer that gives up has failed at once; another router that gives up changes nothing', () => {
  const peer = judge('peer');
  peer.observe(advert(), false, 0);
  peer.observe(advert({ priority: 0, from: 3 }), false, 10);
  expect(peer.verdict).toBe('active');
  peer.observe(advert({ priority: 0 }), false, 20);
  expect([peer.verdict, peer.reason(30)]).toEqual(['failed', '192.0.2.2 has given up VRID 51 on eth0']);
  peer.observe(advert(), false, 40);
  expect(peer.verdict).toBe('active');
});

test('own advertisements make no peer', () => {
  const peer = judge('peer');
  peer.observe(advert(), true, 0);
  expect(peer.verdict).toBe('unknown');
});

test('this node is master while it advertises, until it gives up', () => {
  const master = judge('vrrp');
  master.observe(advert({ from: 3 }), false, 0);
  expect(master.verdict).toBe('unknown');
  master.observe(advert({ from: 1 }), true, 10);
  expect([master.verdict, master.reason(20)]).toEqual([
    'active',
    'this node advertises VRID 51 on eth0 with priority 100',
  ]);
  master.observe(advert({ from: 1, priority: 0 }), true, 30);
  expect([master.verdict, master.reason(40)]).toEqual(['failed', 'this node has given up VRID 51 on eth0']);
});

test('a router with a higher priority, or a higher address, is master; one with a lower is not', () => {
  const master = judge('vrrp');
  master.observe(advert({ from: 2 }), true, 0);
  master.observe(advert({ from: 3, priority: 99 }), false, 10);
  master.observe(advert({ from: 1 }), false, 10);
  expect(master.verdict).toBe('active');
  master.observe(advert({ from: 3 }), false, 20);
  expect([master.verdict, master.reason(30)]).toEqual([
    'failed',
    '192.0.2.3 is master of VRID 51 on eth0 with priority 100',
  ]);
});

test('a node that goes on beside a router that outranks it stays master: neither accepts the other', () => {
  const master = judge('vrrp');
  const verdicts = [];
  for (let round = 0; round < 4; round += 1) {
    master.observe(advert({ from: 2 }), true, 1000 * round);
    master.observe(advert({ from: 3 }), false, 1000 * round + 500);
    verdicts.push(master.verdict);
  }
  expect(verdicts).toEqual(['failed', 'active', 'active', 'active']);
});

test('a node that was master after a router that outranks it had gone is backup again when that one returns', () => {
  const master = judge('vrrp');
  const [own, other] = [advert({ from: 1 }), advert({ from: 2, priority: 250 })];
  master.observe(own, true, 0);
  master.observe(other, false, 10);
  expect(master.verdict).toBe('failed');
  master.observe(own, true, 10 + other.lastsMs);
  expect(master.verdict).toBe('active');
  master.observe(other, false, 9000);
  expect(master.verdict).toBe('failed');
});

test('a node that takes over from a router that gave up is backup again when that returns', () => {
  const master = judge('vrrp');
  master.observe(advert({ from: 2 }), true, 0);
  master.observe(advert({ from: 3 }), false, 100);
  master.observe(advert({ from: 3, priority: 0 }), false, 200);
  master.observe(advert({ from: 2 }), true, 300);
  expect(master.verdict).toBe('active');
  master.observe(advert({ from: 3 }), false, 900);
  expect(master.verdict).toBe('failed');
});

test('after a restart of the window the verdict stays, and the silence begins anew', () => {
  const peer = judge('peer');
  peer.observe(advert({ intervalMs: 100, priority: 255 }), false, 0);
  peer.restart(5000);
  expect(peer.verdict).toBe('active');
  expect(peer.wakeMs).toBeCloseTo(5300, -1);
  peer.expire();
  peer.restart(9000);
  expect(peer.wakeMs).toBe(Number.POSITIVE_INFINITY);
});
