import { isDeepStrictEqual } from 'node:util';
import { type Libc, loadLibc, must, openSocket } from '@ifdepd/libc';
import { cable, enterNewNamespace, ip, ipBatch, until } from '@ifdepd/netlab';
import { linux } from '@ifdepd/netlink';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRtnetlink } from '../../src/backends/rtnetlink.ts';
import {
  type LinkBackend,
  type LinkEvent,
  type LinkWatch,
  type Received,
  type WatchLinksOptions,
  watchLinks,
} from '../../src/index.ts';
import { attribute, linkRecord, newLink } from '../../src/testing/index.ts';

const libc = loadLibc();
const BUFFER = 1024 * 1024;

let watch: LinkWatch;
let events: LinkEvent[];

beforeEach(() => {
  enterNewNamespace();
  events = [];
});

afterEach(() => {
  watch.close();
});

function start(options: WatchLinksOptions = {}): void {
  watch = watchLinks({ backend: 'rtnetlink', ...options });
  watch.subscribe((event) => void events.push(event));
}

const causes = () => events.flatMap((event) => (event.type === 'snapshot' ? [event.cause] : []));

/** The current state in the kernel. */
function truth(): LinkWatch['links'] {
  using fresh = watchLinks({ backend: 'rtnetlink' });
  return new Map(fresh.links);
}

/** Waits until the kernel, asked anew, says what the watch says: operational states take their time. */
async function agreement(): Promise<void> {
  await until('agreement', () => isDeepStrictEqual(byIndex(watch.links), byIndex(truth())));
}

const byIndex = (links: LinkWatch['links']) => new Map([...links.values()].map((link) => [link.index, link]));

/** Does something between two receives, where a scheduler might have put it. */
function before(receive: number, act: () => void): Libc {
  let received = 0;
  return {
    ...libc,
    recvfrom(...values) {
      received += 1;
      if (received === receive) {
        act();
      }
      return libc.recvfrom(...values);
    },
  };
}

/** Enough links for a list of several parts. */
function manyLinks(): void {
  ipBatch(Array.from({ length: 60 }, (_, at) => `link add br${at} type bridge`));
}

test('the table is right after twenty thousand events overrun a tiny buffer', async () => {
  const eth0 = cable('eth0');
  start({ receiveBufferBytes: 1 });
  // One process, and our loop does not turn meanwhile: nearly all of it is lost.
  ipBatch(Array.from({ length: 20_000 }, (_, at) => `link set eth0 alias n${at}`));
  eth0.cut();
  await until(
    'the truth',
    () => watch.links.get('eth0')?.alias === 'n19999' && !watch.links.get('eth0')?.carrier,
  );
  expect(watch.counters.overruns).toBeGreaterThanOrEqual(1);
  expect(watch.counters.overruns).toBeLessThanOrEqual(3);
  expect(causes()[1]).toBe('overrun');
  expect(watch.counters.snapshots - 1).toBeLessThanOrEqual(watch.counters.overruns);
  await agreement();
  // The socket works on.
  eth0.repair();
  await until('repaired', () => watch.links.get('eth0')?.operstate === 'up');
});

test('links that vanish and appear in lost messages are in the next snapshot', async () => {
  manyLinks();
  start({ receiveBufferBytes: 1 });
  ipBatch([
    ...Array.from({ length: 40 }, (_, at) => `link del br${at}`),
    ...Array.from({ length: 20 }, (_, at) => `link set br${at + 40} name new${at}`),
    ...Array.from({ length: 20 }, (_, at) => `link add br${at} type bridge`),
  ]);
  await until(
    'the truth',
    () => watch.counters.overruns > 0 && watch.links.has('br19') && watch.links.size === 41,
  );
  await agreement();
});

test('an interrupted list is requested again (NLM_F_DUMP_INTR)', () => {
  manyLinks();
  start({ libc: before(3, () => ip('link', 'add', 'late0', 'type', 'bridge')) });
  expect(watch.counters.interrupted).toBe(1);
  // Two lists of all of them.
  expect(watch.counters.messages).toBeGreaterThan(2 * 61);
  expect(events).toMatchObject([{ type: 'snapshot', cause: 'start' }]);
  expect(watch.links.has('late0')).toBe(true);
  expect(byIndex(watch.links)).toEqual(byIndex(truth()));
});

test.each([2, 3, 4])('an event before receive %i of the first list is in its snapshot', (receive) => {
  manyLinks();
  const change = () => {
    // The first and the last link that was created: one is in the first part of the list, and one in the last.
    ipBatch(['link set br0 up', 'link set br59 up', 'link set br1 alias first', 'link set br58 alias last']);
  };
  start({ libc: before(receive, change) });
  expect(events).toHaveLength(1);
  expect(watch.links.get('br0')?.adminUp).toBe(true);
  expect(watch.links.get('br59')?.adminUp).toBe(true);
  expect(watch.counters.messages).toBeGreaterThan(62);
});

test('links that are deleted, renamed and created during a list are right afterwards', () => {
  manyLinks();
  const change = () =>
    ipBatch(['link del br0', 'link del br59', 'link set br1 name br59', 'link add br0 type bridge']);
  start({ libc: before(3, change) });
  expect(watch.counters.interrupted).toBeGreaterThan(0);
  expect(byIndex(watch.links)).toEqual(byIndex(truth()));
});

test('a list requested during another one is refused with EBUSY and comes later', () => {
  manyLinks();
  const backend = openRtnetlink({ libc, receiveBufferBytes: BUFFER });
  expect(backend.requestSnapshot()).toBeGreaterThan(0);
  let first = true;
  const impatient: LinkBackend = {
    name: backend.name,
    decoder: backend.decoder,
    requestSnapshot: () => backend.requestSnapshot(),
    onReadable: (callback) => backend.onReadable(callback),
    [Symbol.dispose]: () => backend[Symbol.dispose](),
    receive() {
      const received: Received = first ? { type: 'nothing' } : backend.receive();
      first = false;
      return received;
    },
  };
  start({ backend: impatient });
  expect(watch.counters.interrupted).toBe(1);
  expect(causes()).toEqual(['start']);
  expect(byIndex(watch.links)).toEqual(byIndex(truth()));
});

test('a message that does not fit makes the buffer grow', async () => {
  cable('eth0');
  start({ backend: openRtnetlink({ libc, receiveBufferBytes: BUFFER, bufferBytes: 256 }) });
  expect(watch.counters.truncated).toBeGreaterThan(0);
  expect(causes()).toEqual(['start']);
  await agreement();
});

test('a message of another sender than the kernel is ignored', async () => {
  start();
  const { AF_NETLINK, NETLINK_ROUTE } = linux.socket;
  const { SOCK_RAW } = libc.target.socket;
  using sender = openSocket(libc, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, 'sender');
  // The first netlink socket that a process binds gets its process id as its port.
  const to = new Uint8Array(12);
  new DataView(to.buffer).setUint16(0, AF_NETLINK, true);
  new DataView(to.buffer).setUint32(4, process.pid, true);
  const forged = newLink(linkRecord({ index: 4711, name: 'forged0' }), { attributes: [attribute(99, to)] });
  must(libc, libc.sendto(sender.fd, forged, 0, to), 'sendto', 'sender');
  await until('the message', () => watch.counters.foreign === 1);
  expect(watch.links.has('forged0')).toBe(false);
  expect(events).toHaveLength(1);
});
