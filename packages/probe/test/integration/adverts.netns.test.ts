import { type Cable, cable, enterNewNamespace, ip, until } from '@ifdepd/netlab';
import { beforeEach, expect, test } from 'vitest';
import { type AdvertListener, type AdvertTarget, listenForAdverts } from '../../src/index.ts';
import { encodeAdvert, type Said, transmit } from '../support/adverts.ts';

let eth0: Cable;

beforeEach(() => {
  enterNewNamespace();
  eth0 = cable('eth0');
});

const PEER: AdvertTarget = { kind: 'peer', vrid: 51, interface: 'eth0', everyMs: 50 };

/** Sends advertisements over and over, fast, until it is disposed of. */
function router(through: string, said: Said = {}): Disposable {
  const send = () => transmit(through, encodeAdvert({ intervalMs: 200, ...said }));
  send();
  const timer = setInterval(send, 50);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function listening(target: AdvertTarget) {
  const reasons: string[] = [];
  const listener = listenForAdverts(target, (one) => reasons.push(`${one.verdict}: ${one.reason}`));
  return Object.assign(listener, {
    reasons,
    async is(verdict: AdvertListener['verdict']) {
      await until(
        () => `verdict ${verdict}; it is ${listener.verdict}: ${listener.reason}`,
        () => listener.verdict === verdict,
      );
      return listener.reason;
    },
  });
}

test('a peer is unknown, failed in silence, active with its adverts, failed without them', async () => {
  using peer = listening(PEER);
  expect(peer.verdict).toBe('unknown');
  expect(await peer.is('failed')).toMatch(/^no advert of another router for VRID 51 on eth0 for \d\.\d s$/);
  const master = router(eth0.far);
  expect(await peer.is('active')).toBe('192.0.2.2 advertises VRID 51 on eth0 with priority 100');
  master[Symbol.dispose]();
  expect(await peer.is('failed')).toMatch(/^no advert of another router for VRID 51 on eth0 for \d\.\d s$/);
  expect(peer.reasons.map((one) => one.split(':')[0])).toEqual(['unknown', 'failed', 'active', 'failed']);
});

test('a peer that gives up has failed at once', async () => {
  using peer = listening(PEER);
  transmit(eth0.far, encodeAdvert({ intervalMs: 40_000 }));
  await peer.is('active');
  transmit(eth0.far, encodeAdvert({ intervalMs: 40_000, priority: 0 }));
  expect(await peer.is('failed')).toBe('192.0.2.2 has given up VRID 51 on eth0');
});

test('packets that are no advertisement of the virtual router are counted, and make no peer', async () => {
  using peer = listening({ ...PEER, everyMs: 255_000 });
  const wrongSum = encodeAdvert();
  wrongSum[26] = (wrongSum[26] as number) ^ 1;
  for (const packet of [
    wrongSum,
    encodeAdvert({ vrid: 52 }),
    encodeAdvert({ hopLimit: 64 }),
    encodeAdvert().subarray(0, 24),
  ]) {
    transmit(eth0.far, packet);
  }
  await until('four packets', () => peer.statistics.ignored === 4);
  expect([peer.verdict, peer.statistics]).toEqual(['unknown', { heard: 0, ignored: 4, last: null }]);
});

test('packets that this host sends make it master, and no peer', async () => {
  using peer = listening(PEER);
  using master = listening({ ...PEER, kind: 'vrrp' });
  await peer.is('failed');
  await master.is('failed');
  const own = router('eth0', { from: 1 });
  await master.is('active');
  expect(peer.verdict).toBe('failed');
  own[Symbol.dispose]();
  expect(await master.is('failed')).toMatch(/^no advert of this node for VRID 51 on eth0 for \d\.\d s$/);
  expect(peer.statistics.heard).toBe(0);
});

test('an interface that is not there is unknown, and is heard as soon as it is there, under an altname too', async () => {
  using peer = listening({ ...PEER, interface: 'uplink' });
  expect(peer.reason).toBe('cannot listen: there is no interface uplink');
  ip('link', 'property', 'add', 'dev', 'eth0', 'altname', 'uplink');
  using _master = router(eth0.far);
  await peer.is('active');
});

test('an interface that is set down and up is heard again; one that is deleted is unknown until it returns', async () => {
  using peer = listening(PEER);
  const master = router(eth0.far);
  await peer.is('active');
  ip('link', 'set', 'eth0', 'down');
  await peer.is('failed');
  ip('link', 'set', 'eth0', 'up');
  await peer.is('active');
  master[Symbol.dispose]();
  ip('link', 'del', 'eth0');
  expect(await peer.is('unknown')).toBe('cannot listen: there is no interface eth0');
  const again = cable('eth0');
  using _master = router(again.far);
  await peer.is('active');
});

test('a packet with a VLAN tag belongs to another interface', async () => {
  using peer = listening(PEER);
  const tagged = Uint8Array.of(0, 51, 0x08, 0, ...encodeAdvert());
  transmit(eth0.far, tagged, 0x8100);
  transmit(eth0.far, encodeAdvert({ hopLimit: 1 }));
  await until('the second packet', () => peer.statistics.ignored === 1);
  expect(peer.statistics.heard).toBe(0);
});

test('a program that slept through the window concludes nothing from the silence', async () => {
  using peer = listening(PEER);
  transmit(eth0.far, encodeAdvert({ intervalMs: 200 }));
  await peer.is('active');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(peer.reasons.map((one) => one.split(':')[0])).toEqual(['unknown', 'active']);
  await peer.is('failed');
});
