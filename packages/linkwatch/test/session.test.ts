import { beforeEach, describe, expect, test } from 'vitest';
import type { LinkEvent } from '../src/index.ts';
import { LinkSession } from '../src/session.ts';
import { bytes, delLink, done, linkRecord, type MessageHeader, newLink } from '../src/testing/index.ts';
import { RtnetlinkDecoder } from '../src/wire/netlink.ts';

const lo = linkRecord({ index: 1, name: 'lo', operstate: 'unknown' });
const eth0 = linkRecord({ index: 2, name: 'eth0' });
const eth0Down = linkRecord({ index: 2, name: 'eth0', operstate: 'down', carrier: false });
const eth1 = linkRecord({ index: 3, name: 'eth1' });

let events: LinkEvent[];
let session: LinkSession;
let sequence: number;
let result: number;
const decoder = new RtnetlinkDecoder();
const system = {
  requestSnapshot() {
    sequence += 1;
    decoder.expect(sequence);
    return result;
  },
};

const list = (): MessageHeader => ({ sequence, multi: true });

beforeEach(() => {
  events = [];
  sequence = 0;
  result = 0;
  session = new LinkSession(decoder, (event) => events.push(event));
});

function started(...links: readonly (typeof lo)[]): void {
  session.request(system);
  session.feed(bytes(...links.map((link) => newLink(link, list())), done(list())));
  events = [];
}

const names = () => [...session.table.byName.keys()];

describe('the start of a session', () => {
  test('a new session wants a snapshot, which is its first event', () => {
    expect(session.wantsSnapshot).toBe(true);
    session.request(system);
    expect([session.wantsSnapshot, session.listing]).toEqual([false, true]);
    session.feed(bytes(newLink(lo, list()), newLink(eth0, list())));
    expect(events).toEqual([]);
    session.feed(bytes(done(list())));
    expect(events).toEqual([{ type: 'snapshot', cause: 'start', links: [lo, eth0] }]);
    expect([session.wantsSnapshot, session.listing, session.started]).toEqual([false, false, true]);
  });

  test('notifications during the first list are part of its snapshot', () => {
    session.feed(bytes(newLink(lo)));
    session.request(system);
    session.feed(bytes(newLink(eth0, list())));
    session.feed(bytes(newLink(eth0Down)));
    session.feed(bytes(newLink(lo, list()), done(list())));
    expect(events).toEqual([{ type: 'snapshot', cause: 'start', links: [eth0Down, lo] }]);
  });

  test('the first snapshot has the cause start, whatever happened before', () => {
    session.feed({ type: 'overrun' });
    session.want('requested');
    session.request(system);
    session.feed(bytes(done(list())));
    expect(events).toMatchObject([{ cause: 'start' }]);
  });
});

describe('notifications', () => {
  beforeEach(() => started(lo, eth0));

  test('a notification with other facts is a change with both records', () => {
    session.feed(bytes(newLink(eth0Down)));
    expect(events).toEqual([{ type: 'changed', link: eth0Down, was: eth0 }]);
    expect(session.table.lookUp('eth0')).toEqual(eth0Down);
  });

  test('a notification with the same facts is no event', () => {
    session.feed(bytes(newLink(eth0), newLink(eth0)));
    expect(events).toEqual([]);
    expect(session.counters.messages).toBe(5);
  });

  test('a flap between two reads is a change of the counters', () => {
    session.feed(bytes(newLink({ ...eth0, carrierUpCount: 2, carrierDownCount: 1 })));
    expect(events).toMatchObject([
      { type: 'changed', link: { carrierUpCount: 2 }, was: { carrierUpCount: 1 } },
    ]);
  });

  test('each of several notifications in one read is an event', () => {
    session.feed(bytes(newLink(eth0Down), newLink(eth0), newLink(eth0Down)));
    expect(events.map((event) => event.type === 'changed' && event.link.carrier)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('a new index arrives, and a deleted link departs', () => {
    session.feed(bytes(newLink(eth1), delLink(eth0), delLink(eth0)));
    expect(events).toEqual([
      { type: 'arrived', link: eth1 },
      { type: 'departed', link: eth0 },
    ]);
    expect(names()).toEqual(['lo', 'eth1']);
  });

  test('a link that is deleted and created under the same name departs and arrives', () => {
    const again = { ...eth0, index: 9 };
    session.feed(bytes(delLink(eth0), newLink(again)));
    expect(events).toEqual([
      { type: 'departed', link: eth0 },
      { type: 'arrived', link: again },
    ]);
  });

  test('a reused index with another name departs and arrives', () => {
    const other = { ...eth0, name: 'tun0' };
    session.feed(bytes(delLink(eth0), newLink(other)));
    expect(events).toMatchObject([{ type: 'departed' }, { type: 'arrived', link: other }]);
  });

  test('a rename reports other changed facts too', () => {
    const wan = { ...eth0Down, name: 'wan0' };
    session.feed(bytes(newLink(wan)));
    expect(events).toEqual([{ type: 'renamed', link: wan, was: eth0, from: 'eth0' }]);
    expect(names()).toEqual(['lo', 'wan0']);
  });

  test('a name that another link still has causes a new snapshot', () => {
    const taker = linkRecord({ index: 7, name: 'eth0' });
    session.feed(bytes(newLink(taker)));
    expect(events).toEqual([
      { type: 'departed', link: eth0 },
      { type: 'arrived', link: taker },
    ]);
    expect(session.wantsSnapshot).toBe(true);
    session.request(system);
    const renamed = linkRecord({ index: 2, name: 'old0' });
    session.feed(bytes(...[lo, taker, renamed].map((link) => newLink(link, list())), done(list())));
    expect(events.at(-1)).toEqual({ type: 'snapshot', cause: 'unreadable', links: [lo, taker, renamed] });
    expect(session.wantsSnapshot).toBe(false);
  });
});

describe('losses', () => {
  beforeEach(() => started(lo, eth0));

  test.each([
    ['an overrun', { type: 'overrun' }, 'overrun', { overruns: 1 }],
    ['a datagram that did not fit', { type: 'truncated' }, 'unreadable', { truncated: 1 }],
    [
      'bytes that make no sense',
      { type: 'bytes', bytes: new Uint8Array(16), length: 16 },
      'unreadable',
      { bad: 1 },
    ],
    [
      'NLMSG_OVERRUN',
      bytes(Uint8Array.of(16, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
      'overrun',
      { overruns: 1 },
    ],
  ] as const)('%s makes another snapshot', (_, received, cause, counted) => {
    session.feed(received);
    expect(session.counters).toMatchObject(counted);
    expect(session.wantsSnapshot).toBe(true);
    session.request(system);
    session.feed(bytes(newLink(eth1, list()), done(list())));
    expect(events).toEqual([{ type: 'snapshot', cause, links: [eth1] }]);
    expect([names(), session.wantsSnapshot, session.failures]).toEqual([['eth1'], false, 0]);
  });

  test('a message of a foreign sender is only counted', () => {
    session.feed({ type: 'foreign' });
    expect([session.counters.foreign, session.wantsSnapshot]).toEqual([1, false]);
  });

  test('unchanged links keep their records in a snapshot', () => {
    const before = session.table.lookUp('eth0');
    session.want('requested');
    session.request(system);
    session.feed(bytes(newLink(eth0, list()), done(list())));
    expect(session.table.lookUp('eth0')).toBe(before);
  });

  test('a snapshot requested during a list is requested after it', () => {
    session.want('requested');
    session.request(system);
    session.want('requested');
    expect(session.wantsSnapshot).toBe(false);
    session.feed(bytes(newLink(eth0, list()), done(list())));
    expect([session.wantsSnapshot, session.failures]).toEqual([true, 0]);
  });

  test('a list with an overrun is used, and another list follows', () => {
    session.want('requested');
    session.request(system);
    session.feed(bytes(newLink(eth1, list())));
    session.feed({ type: 'overrun' });
    session.feed(bytes(done(list())));
    expect(events).toEqual([{ type: 'snapshot', cause: 'requested', links: [eth1] }]);
    expect([session.wantsSnapshot, session.failures]).toEqual([true, 1]);
  });

  test.each([
    ['truncated', { type: 'truncated' }],
    ['bad', { type: 'bytes', bytes: new Uint8Array(16), length: 16 }],
  ] as const)(
    'a part of the list is %s: a link that it may have named is not taken for gone',
    (_, received) => {
      session.want('requested');
      session.request(system);
      session.feed(received);
      session.feed(bytes(newLink(lo, list()), done(list())));
      expect([events, names()]).toEqual([[], ['lo', 'eth0']]);
      expect([session.wantsSnapshot, session.failures]).toEqual([true, 1]);
    },
  );

  test('an interrupted list is requested again with the same cause', () => {
    session.want('periodic');
    session.request(system);
    session.feed(bytes(newLink(lo, { ...list(), interrupted: true }), done(list())));
    expect([events, names(), session.counters.interrupted]).toEqual([[], ['lo', 'eth0'], 1]);
    expect(session.wantsSnapshot).toBe(true);
    session.request(system);
    session.feed(bytes(newLink(lo, list()), done(list())));
    expect(events).toEqual([{ type: 'snapshot', cause: 'periodic', links: [lo] }]);
    expect(session.failures).toBe(0);
  });
});

describe('notifications during a list', () => {
  beforeEach(() => {
    started(lo, eth0);
    session.want('requested');
    session.request(system);
  });

  test('a notification during a list is reported at once', () => {
    session.feed(bytes(newLink(eth0Down)));
    expect(events).toMatchObject([{ type: 'changed' }]);
  });

  test('a notification after its part of the list takes precedence', () => {
    session.feed(bytes(newLink(lo, list()), newLink(eth0, list()), newLink(eth0Down), done(list())));
    expect(session.table.lookUp('eth0')).toEqual(eth0Down);
  });

  test('a notification before its part of the list takes precedence, because it may have overtaken it', () => {
    session.feed(bytes(newLink(eth0Down), newLink(lo, list()), newLink(eth0, list()), done(list())));
    expect(session.table.lookUp('eth0')).toEqual(eth0Down);
  });

  test('a link deleted before or after its part of the list is not in the table', () => {
    session.feed(bytes(newLink(lo, list()), delLink(lo), delLink(eth0), newLink(eth0, list()), done(list())));
    expect(names()).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'snapshot', links: [] });
  });

  test('a link that arrived during a list without it is in the table', () => {
    session.feed(bytes(newLink(lo, list()), newLink(eth0, list()), newLink(eth1), done(list())));
    expect(names().sort()).toEqual(['eth0', 'eth1', 'lo']);
  });

  test('a name that moved during a list belongs to its new link', () => {
    const away = linkRecord({ index: 2, name: 'old0' });
    const taker = linkRecord({ index: 3, name: 'eth0' });
    session.feed(
      bytes(newLink(lo, list()), newLink(eth0, list()), newLink(away), newLink(taker), done(list())),
    );
    expect([...session.table.byName].map(([name, { index }]) => [name, index])).toEqual([
      ['old0', 2],
      ['eth0', 3],
      ['lo', 1],
    ]);
    expect(session.wantsSnapshot).toBe(false);
  });
});

describe('a list that fails', () => {
  test('a list that cannot be requested counts as failed', () => {
    result = -105;
    session.request(system);
    expect([session.listing, session.wantsSnapshot, session.refusal, session.failures]).toEqual([
      false,
      true,
      105,
      1,
    ]);
    expect(session.counters.refused).toBe(1);
  });

  test('a refused list is followed by a later one', () => {
    session.request(system);
    session.feed({ type: 'refused', errno: 1 });
    expect([session.refusal, session.failures, session.wantsSnapshot]).toEqual([1, 1, true]);
    session.request(system);
    session.feed(bytes(done(list())));
    expect([session.refusal, session.failures, session.wantsSnapshot]).toEqual([null, 0, false]);
  });

  test('a list that was given up counts as failed', () => {
    started(lo);
    session.want('requested');
    session.request(system);
    session.giveUpList();
    expect([session.listing, session.wantsSnapshot, session.failures]).toEqual([false, true, 1]);
    session.feed(bytes(done(list())));
    expect(events).toEqual([]);
  });
});

describe('lists without a request (polling)', () => {
  beforeEach(() => started(lo, eth0));

  test('a list without a request is compared with the table', () => {
    session.feed({ type: 'links', links: [lo, eth0Down, eth1] });
    expect(events).toEqual([
      { type: 'changed', link: eth0Down, was: eth0 },
      { type: 'arrived', link: eth1 },
    ]);
    session.feed({ type: 'links', links: [eth0Down, eth1] });
    expect(events.slice(2)).toEqual([{ type: 'departed', link: lo }]);
  });

  test('a list with two swapped names reports both renames', () => {
    started(eth0, eth1);
    const swapped = [
      { ...eth0, name: 'eth1' },
      { ...eth1, name: 'eth0' },
    ];
    session.feed({ type: 'links', links: swapped });
    expect([...session.table.byIndex.values()].map(({ index, name }) => [index, name]).sort()).toEqual([
      [2, 'eth1'],
      [3, 'eth0'],
    ]);
  });

  test('a requested list is a snapshot', () => {
    session.want('requested');
    session.request(system);
    session.feed({ type: 'links', links: [eth1] });
    expect(events).toEqual([{ type: 'snapshot', cause: 'requested', links: [eth1] }]);
  });
});

describe('a session with names of interest', () => {
  beforeEach(() => {
    session = new LinkSession(decoder, (event) => events.push(event), false, ['eth0']);
    started(lo, eth0, eth1);
  });

  test('messages about other links are only counted', () => {
    session.rescope({});
    session.feed(bytes(newLink(linkRecord({ index: 3, name: 'eth1', alias: 'x' })), delLink(lo)));
    expect(events).toEqual([]);
    expect(session.counters).toMatchObject({ messages: 6, skipped: 1 });
    expect(names()).toEqual(['eth0']);
  });

  test('messages about any link count until the system has the scope', () => {
    session.feed(bytes(delLink(eth0)));
    session.rescope({});
    session.feed(bytes(newLink(linkRecord({ index: 4, name: 'eth0' }))));
    // Left out: number 4 was renamed.
    session.feed(bytes(newLink(linkRecord({ index: 5, name: 'eth0' }))));
    expect(session.table.lookUp('eth0')?.index).toBe(5);
    expect(session.counters.skipped).toBe(0);
    session.rescope({});
    session.feed(bytes(newLink(linkRecord({ index: 4, name: 'eth4' }))));
    expect(session.counters.skipped).toBe(1);
  });

  test('messages about any link count while a list is being received', () => {
    session.feed({ type: 'overrun' });
    session.request(system);
    // The lost messages: eth0 was deleted and created again with index 4. The next message: it is renamed.
    session.feed(bytes(newLink(linkRecord({ index: 4, name: 'eth0' }), list())));
    session.feed(bytes(newLink(linkRecord({ index: 4, name: 'away0' }))));
    session.feed(bytes(done(list())));
    expect(events).toEqual([{ type: 'snapshot', cause: 'overrun', links: [] }]);
    expect(session.counters.skipped).toBe(0);
  });

  test('a whole list is requested when the system refuses to read the links of a new scope', () => {
    const scopes: unknown[] = [];
    session.rescope({
      narrow(scope) {
        scopes.push(scope);
        return -12;
      },
    });
    expect(scopes).toEqual([{ names: ['eth0'], loose: [], indices: [2] }]);
    expect([session.wantsScope, session.wantsSnapshot]).toEqual([false, true]);
  });
});
