import { SystemError } from '@ifdepd/libc';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { health, type LinkEvent, watchLinks } from '../../src/index.ts';
import { type System, watchBsd } from '../support/bsd-watch.ts';

const systems: readonly System[] = ['freebsd', 'openbsd', 'netbsd', 'netbsd7', 'dragonfly', 'darwin'];
/** The reported events of each link, in order. */
function words(events: readonly LinkEvent[]): string[] {
  return events.map((event) =>
    event.type === 'snapshot' ? `snapshot: ${event.cause}` : `${event.type} ${event.link.name}`,
  );
}

describe.each(systems)('%s', (system) => {
  test('the first snapshot has all interfaces', () => {
    const { watch } = watchBsd(system);
    expect(watch.backend).toBe('route-socket');
    expect([...watch.links.keys()]).toEqual(['lo0', 'em0']);
    expect(watch.lookUp('em0')).toMatchObject({
      index: 2,
      adminUp: true,
      operstate: 'up',
      type: 6,
      running: system === 'freebsd' ? true : null,
    });
    expect(watch.counters).toMatchObject({ snapshots: 1, bad: 0, overruns: 0, refused: 0 });
  });

  test('an interface set down by another program is a change of flags, and the link state stays', () => {
    const { kernel, watch, reported } = watchBsd(system);
    kernel.setAdmin('em0', 'down');
    expect(words(reported())).toEqual(['changed em0']);
    expect(watch.lookUp('em0')).toMatchObject({ adminUp: false, operstate: 'up' });
    // The stale IFF_RUNNING of that message causes no later event.
    watch.resync();
    expect(words(reported())).toEqual(['snapshot: requested']);
    expect(watch.lookUp('em0')?.flags).toBe(kernel.flags('em0'));
  });

  test('an interface set up again is a change of flags', () => {
    const { kernel, watch, reported } = watchBsd(system);
    kernel.setAdmin('em0', 'down');
    reported();
    kernel.setAdmin('em0', 'up');
    expect(words(reported())).toContain('changed em0');
    expect(watch.lookUp('em0')).toMatchObject({ adminUp: true, operstate: 'up' });
  });

  test('an added address sets an interface up', () => {
    const { kernel, watch, reported } = watchBsd(system, {
      before: (kernel) => kernel.setAdmin('em0', 'down'),
    });
    expect(watch.lookUp('em0')?.adminUp).toBe(false);
    kernel.addAddress('em0');
    expect(words(reported())).toContain('changed em0');
    expect(watch.lookUp('em0')?.adminUp).toBe(true);
  });

  test('a list that is longer than its memory is read again', () => {
    const names = Array.from({ length: 200 }, (_, at) => `tap${at}`);
    const { watch } = watchBsd(system, {
      before: (kernel) => {
        for (const name of names) {
          kernel.attach(name, null);
        }
      },
    });
    expect(new Set(watch.links.keys())).toEqual(new Set(['lo0', 'em0', ...names]));
  });

  test('an interrupted read is repeated', () => {
    let interrupts = 3;
    const { kernel, watch, reported } = watchBsd(system, {
      calls: (libc) => ({
        recvfrom: (...call) => (interrupts-- > 0 ? -libc.target.errnoOf.EINTR : libc.recvfrom(...call)),
      }),
    });
    kernel.setAdmin('em0', 'down');
    reported();
    expect(watch.lookUp('em0')?.adminUp).toBe(false);
    expect(interrupts).toBeLessThan(0);
  });
});

describe.each(systems)('%s', (system) => {
  test('a carrier that is lost and comes back is two changes', () => {
    const { kernel, watch, reported } = watchBsd(system);
    kernel.carrier('em0', 'down');
    expect(reported()).toMatchObject([
      {
        type: 'changed',
        link: { operstate: 'down', carrier: false },
        was: { operstate: 'up', carrier: true },
      },
    ]);
    kernel.carrier('em0', 'up');
    expect(words(reported())).toEqual(['changed em0']);
    expect(watch.lookUp('em0')).toMatchObject({ operstate: 'up', carrier: true, adminUp: true });
  });

  test('a carrier that is lost and comes back within one wake-up is two changes', () => {
    const { kernel, reported } = watchBsd(system);
    kernel.carrier('em0', 'down');
    kernel.carrier('em0', 'up');
    expect(reported()).toMatchObject([{ link: { operstate: 'down' } }, { link: { operstate: 'up' } }]);
  });
});

describe.each(systems)('%s', (system) => {
  test('an interface arrives and departs', () => {
    const { kernel, watch, reported } = watchBsd(system);
    kernel.attach('em1', 'down');
    expect(words(reported())).toEqual(['arrived em1']);
    expect(watch.lookUp('em1')).toMatchObject({ index: 3, adminUp: false });
    kernel.detach('em1');
    expect(words(reported()).at(-1)).toBe('departed em1');
    expect(watch.lookUp('em1')).toBeUndefined();
  });

  test('an index that another interface reuses before a read departs and arrives', () => {
    const { kernel, watch, reported } = watchBsd(system);
    kernel.detach('em0');
    kernel.attach('em1');
    kernel.setAdmin('em1', 'up');
    expect(words(reported()).slice(-2)).toEqual(['departed em0', 'arrived em1']);
    expect([...watch.links.keys()]).toEqual(['lo0', 'em1']);
    expect(watch.lookUp('em1')).toMatchObject({ index: 2, adminUp: true });
  });

  test('a name with another index departs and arrives', () => {
    const { kernel, watch, reported } = watchBsd(system, { before: (kernel) => kernel.attach('em1') });
    kernel.detach('em0');
    kernel.detach('em1');
    kernel.attach('em1');
    expect(words(reported()).filter((word) => !word.startsWith('changed'))).toEqual([
      'departed em0',
      'departed em1',
      'arrived em1',
    ]);
    expect(watch.lookUp('em1')?.index).toBe(2);
  });
});

describe.each(['freebsd', 'dragonfly'] as const)('%s', (system) => {
  test('a rename is a departure and an arrival of the same index', () => {
    const { kernel, watch, reported } = watchBsd(system);
    kernel.rename('em0', 'wan0');
    expect(words(reported())).toEqual(['departed em0', 'arrived wan0']);
    expect(watch.lookUp('wan0')).toMatchObject({ index: 2, adminUp: true, operstate: 'up' });
    kernel.carrier('wan0', 'down');
    expect(words(reported())).toEqual(['changed wan0']);
  });
});

describe.each(['freebsd', 'dragonfly'] as const)('%s with a rename whose messages were lost', (system) => {
  test('a list reports a rename as a departure and an arrival', () => {
    let deaf = false;
    const { kernel, reported } = watchBsd(system, {
      calls: (libc) => ({
        recvfrom(...call) {
          let result = libc.recvfrom(...call);
          // Announcements are lost; the address that follows them makes the list be read.
          while (deaf && result > 0 && call[1][3] === 17) {
            result = libc.recvfrom(...call);
          }
          return result;
        },
      }),
    });
    deaf = true;
    kernel.rename('em0', 'wan0');
    kernel.addAddress('wan0');
    // `touched em0`: what the number stood for as far as anybody knew.
    expect([...new Set(words(reported()))]).toEqual(['touched em0', 'departed em0', 'arrived wan0']);
  });
});

test('a burst that fills one read is followed by its list without delay', () => {
  const { kernel, watch } = watchBsd('freebsd', { receiveBufferBytes: 1024 * 1024 });
  // The last of them is about an address that has raised an interface without a word.
  kernel.attach('em1');
  kernel.turn();
  for (let left = 4095; left > 0; left -= 1) {
    kernel.setAdmin('em0', left % 2 === 0 ? 'up' : 'down');
  }
  kernel.addAddress('em1');
  expect(watch.lookUp('em1')?.adminUp).toBe(false);
  kernel.turn();
  expect(watch.lookUp('em1')?.adminUp).toBe(true);
});

describe('carp', () => {
  test.each(['openbsd', 'netbsd', 'netbsd7', 'dragonfly'] as const)('%s', (system) => {
    const { kernel, watch, reported } = watchBsd(system, {
      before: (kernel) => kernel.createCarp('carp0', 'em0', 7),
    });
    expect(watch.lookUp('carp0')).toMatchObject({ kind: 'carp', operstate: 'down', carrier: false });
    kernel.elect('carp0', 'master');
    expect(words(reported())).toEqual(['changed carp0']);
    expect(watch.lookUp('carp0')).toMatchObject({ operstate: 'up', carrier: true });
    kernel.setAdmin('em0', 'down');
    reported();
    expect(watch.lookUp('carp0')).toMatchObject({ carrier: null, adminUp: true });
  });
});

test.each(systems)('%s: an added address is a touched event', (system) => {
  const { kernel, reported } = watchBsd(system);
  kernel.addAddress('em0');
  // FreeBSD reports its multicast address as well.
  const times = system === 'freebsd' ? 2 : 1;
  expect(words(reported())).toEqual(new Array(times).fill('touched em0'));
});

test('a vhid of FreeBSD that becomes and ceases to be master touches its parent', () => {
  const { kernel, reported } = watchBsd('freebsd', {
    before: (kernel) => kernel.createCarp('1@em0', 'em0', 1),
  });
  kernel.elect('1@em0', 'master');
  expect(words(reported())).toEqual(['touched em0']);
  kernel.elect('1@em0', 'backup');
  expect(words(reported())).toEqual(['touched em0']);
});

describe('a system that refuses', () => {
  test('a refused list throws at once and closes the socket', () => {
    let closed = 0;
    const watching = () =>
      watchBsd('openbsd', {
        calls: (libc) => ({
          sysctl: () => -1,
          close: (fd) => {
            closed++;
            return libc.close(fd);
          },
        }),
      });
    expect(watching).toThrow(SystemError);
    expect(watching).toThrow(/operation not permitted/);
    expect(closed).toBe(2);
  });

  test('a list that always outgrows its memory throws', () => {
    let calls = 0;
    const watching = () =>
      watchBsd('freebsd', {
        calls: (libc) => ({
          sysctl: (_mib, into) => {
            calls++;
            return into === null ? 1_000_000 : -libc.target.errnoOf.ENOMEM;
          },
        }),
      });
    expect(watching).toThrow(/list of links: ENOMEM/);
    expect(calls).toBeLessThan(40);
  });

  test('a refused socket throws without another attempt', () => {
    const watching = () =>
      watchBsd('netbsd', { calls: (libc) => ({ socket: () => -libc.target.errnoOf.ENOBUFS }) });
    expect(watching).toThrow(/routing socket: .*socket: ENOBUFS/);
  });

  test.each([9, 5, 4, 12])(
    'read, with errno %i, is listed again when it can be, after pauses',
    async (errno) => {
      let failing = false;
      let failed = 0;
      const { kernel, watch } = watchBsd('freebsd', {
        calls: (libc) => ({
          recvfrom(...call) {
            failed += failing ? 1 : 0;
            return failing ? -errno : libc.recvfrom(...call);
          },
        }),
      });
      failing = true;
      kernel.setAdmin('em0', 'down');
      expect(() => kernel.turn()).not.toThrow();
      const before = failed;
      kernel.turn();
      expect(failed).toBe(before);
      expect(before).toBeLessThan(200);
      failing = false;
      await vi.waitFor(() => expect(watch.lookUp('em0')?.adminUp).toBe(false), 20_000);
    },
  );
});

test('a socket that stays readable without a message is read 101 times, then once after each pause of 100 ms', () => {
  const EAGAIN = 35;
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let empty = false;
  let wakes = 0;
  const { kernel, watch } = watchBsd('freebsd', {
    calls: (libc) => ({
      readable: (fd, callback) =>
        libc.readable(fd, () => {
          wakes += 1;
          callback();
        }),
      recvfrom: (...call) => (empty ? -EAGAIN : libc.recvfrom(...call)),
    }),
  });
  const wakesInSpin = () => {
    const before = wakes;
    for (let turn = 0; turn < 1000; turn++) {
      kernel.turn();
    }
    return wakes - before;
  };
  empty = true;
  kernel.setAdmin('em0', 'down');
  expect(wakesInSpin()).toBe(101);
  for (const _pause of [1, 2, 3]) {
    vi.advanceTimersByTime(99);
    expect(wakesInSpin()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(wakesInSpin()).toBe(1);
  }
  empty = false;
  vi.advanceTimersByTime(100);
  kernel.turn();
  expect(watch.lookUp('em0')?.adminUp).toBe(false);
});

test('a list that cannot be decoded is requested again, and no link departs', () => {
  let broken = false;
  const { watch, reported } = watchBsd('freebsd', {
    calls: (libc) => ({
      sysctl: (mib, into, from) => {
        const length = libc.sysctl(mib, into, from);
        into?.set(broken ? [3] : [], 2);
        return length;
      },
    }),
  });
  broken = true;
  watch.resync();
  expect(reported()).toEqual([]);
  expect(watch.counters.bad).toBeGreaterThan(0);
  expect([...watch.links.keys()]).toEqual(['lo0', 'em0']);
  broken = false;
  watch.resync();
  expect(words(reported())).toEqual(['snapshot: unreadable']);
});

test('backend route-socket throws on Linux', async () => {
  const { scriptedLibc } = await import('@ifdepd/libc/testing');
  expect(() => watchLinks({ backend: 'route-socket', libc: scriptedLibc({}) })).toThrow(
    new RangeError('there is no routing socket for links on linux'),
  );
});

describe('FreeBSD', () => {
  test('an address in another routing table that sets an interface up is noticed by its multicast address', () => {
    const { kernel, watch, reported } = watchBsd('freebsd', {
      before: (kernel) => {
        kernel.attach('em9');
        kernel.setFib('em9', 1);
      },
    });
    expect(watch.lookUp('em9')?.adminUp).toBe(false);
    kernel.addAddress('em9');
    expect(words(reported())).toEqual(['touched em9', 'changed em9']);
    expect(watch.lookUp('em9')?.adminUp).toBe(true);
  });

  test('a vlan whose parent is destroyed stops running', () => {
    const { kernel, watch, reported } = watchBsd('freebsd', {
      before: (kernel) => {
        kernel.attachOver('vlan1', 'vlan', ['em0']);
        kernel.setAdmin('vlan1', 'up');
      },
    });
    const reason = () => health(watch.lookUp('vlan1')).reason;
    expect(reason()).toBe('up');
    kernel.carrier('em0', 'down');
    reported();
    expect(reason()).toBe('no carrier');
    kernel.carrier('em0', 'up');
    reported();
    expect(reason()).toBe('up');
    kernel.detach('em0');
    expect(words(reported())).toContain('changed vlan1');
    expect(reason()).toBe('not running');
  });

  test('setting the lower interface down does not change a layered interface', () => {
    const { kernel, watch, reported } = watchBsd('freebsd', {
      before: (kernel) => {
        kernel.attachOver('vlan1', 'vlan', ['em0']);
        kernel.setAdmin('vlan1', 'up');
      },
    });
    kernel.setAdmin('em0', 'down');
    expect(words(reported())).toEqual(['changed em0']);
    expect(health(watch.lookUp('vlan1')).reason).toBe('up');
  });
});
