import { isDeepStrictEqual } from 'node:util';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { type Cable, enterNewNamespace, ip, ipBatch, until } from '@ifdepd/netlab';
import { linux } from '@ifdepd/netlink';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { health, type LinkEvent, type LinkWatch, watchLinks } from '../../src/index.ts';
import { settledCable } from '../support/settled-cable.ts';
import { stillClock } from '../support/still-clock.ts';

const ENOMEM = 12;

let eth0: Cable;
/** A watch of all links, by another socket. */
let all: LinkWatch;
/** A watch of eth0, behind the filter. */
let watch: LinkWatch;
let events: LinkEvent[];
/** The number of times that the socket of this watch was readable, and was read. */
let wakes: number;
let receives: number;

const libc = loadLibc();
const counting: Libc = {
  ...libc,
  recvfrom(...values) {
    receives += 1;
    return libc.recvfrom(...values);
  },
  readable: (fd, callback) =>
    libc.readable(fd, () => {
      wakes += 1;
      callback();
    }),
};

function start(...interest: readonly string[]): void {
  // A list of hundreds of links is read in one turn: no rest of it counts as a receive later.
  watch = watchLinks({ libc: counting, backend: 'rtnetlink', interest, loop: stillClock });
  watch.subscribe((event) => void events.push(event));
  wakes = 0;
  receives = 0;
}

const reported = () =>
  events.map((event) => (event.type === 'snapshot' ? event.cause : `${event.type} ${event.link.name}`));

/** Waits until what is watched is what another socket, without a filter, says of the same names. */
async function agreement(...interest: readonly string[]): Promise<void> {
  await until(
    () => `agreement: ${reported().join(', ')}`,
    () => interest.every((name) => isDeepStrictEqual(watch.lookUp(name), all.lookUp(name))),
  );
}

beforeEach(async () => {
  enterNewNamespace();
  eth0 = await settledCable('eth0');
  events = [];
  all = watchLinks({ backend: 'rtnetlink' });
});

afterEach(() => {
  watch.close();
  all.close();
});

test('the table and the first snapshot hold the links of interest only', () => {
  start('eth0', 'absent0');
  expect([...watch.links.keys()]).toEqual(['eth0']);
  expect(events).toEqual([{ type: 'snapshot', cause: 'start', links: [all.lookUp('eth0')] }]);
});

describe('names of interest that come, go and move', () => {
  test('a link of interest that is deleted and created a hundred times departs and arrives each time', async () => {
    start('eth0');
    for (let round = 0; round < 100; round += 1) {
      ipBatch([
        'link del eth0',
        `link add other${round} type bridge`,
        'link add eth0 type veth peer name eth0-x',
        `link set other${round} up`,
      ]);
    }
    await agreement('eth0');
    await until('the last one', () => reported().filter((line) => line === 'arrived eth0').length === 100);
    expect(reported().filter((line) => !line.startsWith('changed'))).toEqual([
      'start',
      ...Array.from({ length: 100 }, () => ['departed eth0', 'arrived eth0']).flat(),
    ]);
    ipBatch(['link set eth0 up', 'link set eth0-x up']);
    await until('a signal', () => health(watch.lookUp('eth0')).health === 'active');
    expect([...watch.links.keys()]).toEqual(['eth0']);
    expect(watch.counters).toMatchObject({ snapshots: 1, bad: 0 });
  });

  test('a link of interest that is renamed away, back and away again departs', async () => {
    start('eth0');
    ip('link', 'set', 'eth0', 'name', 'away0');
    await until('it to depart', () => watch.lookUp('eth0') === undefined);
    ip('link', 'set', 'away0', 'name', 'eth0');
    await until('it to return', () => watch.lookUp('eth0') !== undefined);
    ipBatch(['link set eth0 name away0', 'link set away0 name eth0', 'link set eth0 name away0']);
    await until('it to depart', () => watch.lookUp('eth0') === undefined);
    expect(reported().filter((line) => line.startsWith('departed'))).toHaveLength(3);
    expect(watch.links.size).toBe(0);
  });

  test('a name of interest moves to another link', async () => {
    start('eth0');
    ip('link', 'add', 'br0', 'type', 'bridge');
    for (let round = 0; round < 20; round += 1) {
      const [from, to] = round % 2 === 0 ? ['br0', 'tmp0'] : ['tmp0', 'br0'];
      ipBatch([
        `link set eth0 name ${to}`,
        `link set ${from} name eth0`,
        `link set eth0 alias round${round}`,
        `link set ${to} alias other${round}`,
      ]);
      await agreement('eth0');
    }
    ipBatch(['link set eth0 up', 'link set eth0 alias last']);
    await until('the last word', () => watch.lookUp('eth0')?.alias === 'last');
    await agreement('eth0');
  });

  test('a name of interest moves before the filter has the link that had it', async () => {
    start('late0');
    ipBatch([
      'link add late0 type bridge',
      'link set late0 name away0',
      'link add late0 type bridge',
      'link property add dev away0 altname absent0',
      'link set away0 up',
    ]);
    await until('the other link', () => all.lookUp('absent0')?.adminUp === true);
    await agreement('late0');
    expect(watch.lookUp('late0')).toBeDefined();
    expect(watch.counters).toMatchObject({ bad: 0, overruns: 0 });
  });

  test('an alternative name of interest is lost, given to another link and taken back', async () => {
    ip('link', 'property', 'add', 'dev', 'eth0', 'altname', 'uplink-of-the-gateway');
    const eth1 = await settledCable('eth1');
    all.resync();
    start('uplink-of-the-gateway');
    expect(watch.lookUp('uplink-of-the-gateway')?.name).toBe('eth0');
    for (const [from, to] of [
      ['eth0', 'eth1'],
      ['eth1', 'eth0'],
    ] as const) {
      ip('link', 'property', 'del', 'dev', from, 'altname', 'uplink-of-the-gateway');
      await until('the loss of the name', () => watch.lookUp('uplink-of-the-gateway') === undefined);
      ip('link', 'property', 'add', 'dev', to, 'altname', 'uplink-of-the-gateway');
      await until('the other', () => watch.lookUp('uplink-of-the-gateway')?.name === to);
    }
    eth1.cut();
    eth0.cut();
    await until('the cut', () => health(watch.lookUp('uplink-of-the-gateway')).health === 'failed');
    await agreement('uplink-of-the-gateway');
    expect([...watch.links.keys()]).toEqual(['eth0']);
  });

  test('an alternative name that moves while its link is down is reported by its new link', async () => {
    ip('link', 'property', 'add', 'dev', 'eth0', 'altname', 'uplink0');
    await settledCable('eth1');
    start('uplink0');
    ip('link', 'set', 'eth0', 'down');
    await until('down', () => watch.lookUp('uplink0')?.adminUp === false);
    // The kernel sends no message about this.
    ip('link', 'property', 'del', 'dev', 'eth0', 'altname', 'uplink0');
    ip('link', 'property', 'add', 'dev', 'eth1', 'altname', 'uplink0');
    await until('the other', () => watch.lookUp('uplink0')?.name === 'eth1');
  });

  test('setInterest replaces the names', async () => {
    await settledCable('eth1');
    start('eth0');
    watch.setInterest(['eth1', 'late0']);
    expect([...watch.links.keys()]).toEqual(['eth1']);
    expect(reported().at(-1)).toBe('requested');
    ip('link', 'add', 'late0', 'type', 'bridge');
    await until('it', () => watch.lookUp('late0') !== undefined);
    const before = watch.counters.messages;
    eth0.cut();
    await until('the cut', () => all.lookUp('eth0')?.carrier === false);
    expect(watch.counters.messages).toBe(before);
    watch.setInterest(null);
    expect(new Set(watch.links.keys())).toEqual(new Set(all.links.keys()));
    eth0.repair();
    await until('the repair', () => watch.lookUp('eth0')?.operstate === 'up');
  });
});

describe('a storm of other links', () => {
  const OTHERS = 250;
  const ROUNDS = 10;
  let storms = 0;
  const links = Array.from({ length: OTHERS }, (_, at) => `other${at}`);

  /** Two messages a link and round at least; afterwards the other socket has seen the last one. */
  async function storm(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      ipBatch(links.flatMap((name) => [`link set ${name} up`, `link set ${name} down`]));
    }
    storms += 1;
    const mark = `storm ${storms}`;
    ipBatch(['link set other0 up', `link set other0 alias "${mark}"`, 'link set other0 down']);
    await until('the end of the storm', () => all.lookUp('other0')?.alias === mark);
  }

  test('a storm of other links does not wake the process and hides no event', async () => {
    ipBatch(links.map((name) => `link add ${name} type bridge`));
    start('eth0');
    const { messages } = watch.counters;
    await storm();
    expect({ wakes, receives, messages: watch.counters.messages }).toEqual({
      wakes: 0,
      receives: 0,
      messages,
    });
    eth0.cut();
    await until('the cut', () => watch.lookUp('eth0')?.carrier === false);
    await storm();
    eth0.repair();
    await until('the repair', () => watch.lookUp('eth0')?.operstate === 'up');
    expect(watch.counters).toMatchObject({ overruns: 0, snapshots: 1, skipped: 0 });
    const carriers = events.flatMap((event) => (event.type === 'changed' ? [event.link.carrier] : []));
    expect(carriers).toContain(false);
  });

  test('a storm does not wake the process while a name is missing, but the link that takes the name does', async () => {
    ipBatch(links.map((name) => `link add ${name} type bridge`));
    start('eth0', 'late0');
    await storm();
    expect({ wakes, receives }).toEqual({ wakes: 0, receives: 0 });
    ip('link', 'set', 'other7', 'name', 'late0');
    await until('it', () => watch.lookUp('late0') !== undefined);
    await agreement('eth0', 'late0');
  });

  test('without a filter only the index of other links is read', async () => {
    ip('link', 'add', 'other0', 'type', 'bridge');
    const refusing: Libc = {
      ...libc,
      setsockopt: (fd, level, option, value) =>
        option === linux.socket.SO_ATTACH_FILTER
          ? -libc.target.errnoOf.ENOMEM
          : libc.setsockopt(fd, level, option, value),
    };
    watch = watchLinks({ libc: refusing, backend: 'rtnetlink', interest: ['eth0'] });
    watch.subscribe((event) => void events.push(event));
    const { messages } = watch.counters;
    for (let round = 1; round <= 50; round += 1) {
      ipBatch(['link set other0 up', 'link set other0 down']);
      await until('the messages', () => watch.counters.skipped >= 2 * round);
    }
    expect(watch.counters.messages - messages).toBe(watch.counters.skipped);
    expect(reported()).toEqual(['start']);
    eth0.cut();
    await until('the cut', () => watch.lookUp('eth0')?.carrier === false);
  });
});

test('a filter that the kernel refuses to replace for a while: then changes of the new name are reported', async () => {
  ipBatch(['link add eth7 type bridge', 'link set eth7 up']);
  let refused = 4;
  let refusing = false;
  const libc: Libc = {
    ...counting,
    setsockopt(...values) {
      if (!refusing) {
        return counting.setsockopt(...values);
      }
      refused -= 1;
      refusing = refused > 0;
      return -ENOMEM;
    },
  };
  watch = watchLinks({ libc, backend: 'rtnetlink', interest: ['eth0'] });
  refusing = true;
  watch.setInterest(['eth0', 'eth7']);
  await until('the filter to be accepted', () => !refusing);
  await agreement('eth0', 'eth7');
  ipBatch(['link set eth7 down']);
  await until('eth7 to be reported down', () => watch.lookUp('eth7')?.adminUp === false);
});
