import { type Libc, loadLibc } from '@ifdepd/libc';
import { ip, until } from '@ifdepd/netlab';
import type { PolicyConfig } from '@ifdepd/policy';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Daemon } from '../../src/daemon/daemon.ts';
import type { Decision } from '../../src/engine/policy-loop.ts';
import type { LogEntry } from '../../src/log/index.ts';
import { armed, gateway, hasRing, holdTheLoop, type Lab, lab, start } from '../support/kernel-failover.ts';

beforeEach(({ skip }) => skip(!hasRing(), 'no io_uring here'));

const always: PolicyConfig = {
  groups: {
    cli: { require: { all: ['em0', 'em1'] }, destinations: ['carp0', 'carp1'], enforce: 'always' },
  },
};

/** A daemon, what it has done, and what it has reported. */
async function recorded(options: Parameters<typeof start>[0] = {}) {
  const decisions: Decision[] = [];
  const lines: LogEntry[] = [];
  const log = { write: (entry: LogEntry) => void lines.push(entry), close: () => Promise.resolve() };
  const of = start({ earlyLoss: 'off', ...options, log, observe: (decision) => decisions.push(decision) });
  await armed(of, 2);
  decisions.length = 0;
  return {
    of,
    lines,
    /** Destination, which way, and whether it was changed in our name. */
    done: () =>
      decisions.flatMap(({ outcomes }) =>
        outcomes.map(
          ({ effect, changed }) => `${effect.destination} ${effect.to}${changed ? '' : ' already'}`,
        ),
      ),
    foreignChanges: () =>
      lines.filter(({ event }) => event === 'foreign-change').map(({ message }) => message),
    [Symbol.dispose]: () => of.close(),
  };
}

/** While the event loop stands still: the kernel tells of the loss, and acts on it. */
function lose(net: Lab, source: 'em0' | 'em1'): void {
  net.cables[source].cut();
  holdTheLoop('both to be down', () => !net.isUp('carp0') && !net.isUp('carp1'));
}

/** Until the message of the loss has been read: only that knows why. */
const read = (of: Daemon) =>
  until('the message of the loss', () => JSON.stringify(of.explanation).includes('lower layer down'));

describe('what came before the loss, and is read after the kernel has acted on it', () => {
  test.for([
    ['enforce down', gateway],
    ['enforce always', always],
  ] as const)(
    '%s, events of a destination and of the source before the loss: the destinations are set down once and never raised',
    async ([, policy]) => {
      using net = lab();
      using running = await recorded({ policy });
      ip('link', 'set', 'carp0', 'alias', 'of the office');
      ip('link', 'set', 'em1', 'alias', 'of the provider');
      lose(net, 'em1');
      await read(running.of);
      expect(running.done()).toEqual(['carp0 down', 'carp1 down']);
      expect(running.foreignChanges()).toEqual([]);
    },
  );

  test('an administrator sets one destination down before the loss: the log has that one as theirs, the other as ours', async () => {
    using net = lab();
    using running = await recorded();
    ip('link', 'set', 'carp0', 'down');
    lose(net, 'em1');
    await read(running.of);
    expect(running.done()).toEqual(['carp1 down']);
    expect(running.foreignChanges()).toEqual([
      'carp0: set down by another program; left down (enforce: down)',
    ]);
  });

  test('an administrator sets both destinations down before the loss: the log has none as ours', async () => {
    using net = lab();
    using running = await recorded();
    ip('link', 'set', 'carp1', 'down');
    ip('link', 'set', 'carp0', 'down');
    lose(net, 'em1');
    await read(running.of);
    expect(running.done()).toEqual([]);
    expect(running.foreignChanges().toSorted()).toEqual([
      'carp0: set down by another program; left down (enforce: down)',
      'carp1: set down by another program; left down (enforce: down)',
    ]);
    net.cables.em1.repair();
    await net.allAre('up', ['carp0', 'carp1']);
    await armed(running.of, 2);
  });

  test('enforce always, an administrator sets a destination down before the loss: it is not raised while the source is lost', async () => {
    using net = lab();
    using running = await recorded({ policy: always });
    ip('link', 'set', 'carp0', 'down');
    ip('link', 'set', 'em1', 'alias', 'of the provider');
    lose(net, 'em1');
    await read(running.of);
    expect(running.done().filter((what) => what.includes('up'))).toEqual([]);
    expect([net.isUp('carp0'), net.isUp('carp1')]).toEqual([false, false]);
  });

  test('a destination is deleted before the loss: it is reported as gone, the other as set by the daemon', async () => {
    using net = lab();
    using running = await recorded();
    ip('link', 'del', 'carp0');
    net.cables.em1.cut();
    holdTheLoop('the other to be down', () => !net.isUp('carp1'));
    await read(running.of);
    expect(running.done()).toEqual(['carp1 down']);
    expect(running.foreignChanges()).toEqual(['carp0: is gone']);
  });

  test('an operator pauses the group after a kernel failover: the action is attributed to the daemon', async () => {
    using net = lab();
    using running = await recorded();
    lose(net, 'em1');
    running.of.feed({ type: 'pause', group: 'cli' });
    await read(running.of);
    await until('the events of the destinations', () =>
      running.of.status.destinations.every(({ is }) => is === 'down'),
    );
    expect(running.done()).toEqual(['carp0 down', 'carp1 down']);
    expect(running.foreignChanges()).toEqual([]);
    net.cables.em1.repair();
    await until('the source', () => !JSON.stringify(running.of.explanation).includes('lower layer down'));
    running.of.feed({ type: 'resume', group: 'cli' });
    await net.allAre('up', ['carp0', 'carp1']);
    await armed(running.of, 2);
  });

  test('reload after a kernel failover: the action is attributed to the old rules', async () => {
    using net = lab();
    using running = await recorded();
    lose(net, 'em1');
    running.of.reload({ policy: gateway });
    await read(running.of);
    expect(running.done()).toEqual(['carp0 down', 'carp1 down']);
    expect(running.foreignChanges()).toEqual([]);
  });
});

describe('any two things before the loss, one after another', () => {
  const lower = ['set', 'carp0', 'down'] as const;
  const things = [
    lower,
    ['set', 'carp0', 'up'],
    ['set', 'carp0', 'alias', 'of the office'],
    ['set', 'em1', 'alias', 'of the provider'],
    ['set', 'em0', 'alias', 'of the other provider'],
  ] as const;
  const pairs = things.flatMap((first) => things.map((second) => [first, second] as const));

  function happen(...pair: readonly (readonly string[])[]): void {
    for (const thing of pair) {
      ip('link', ...thing);
    }
  }

  test.each(pairs)('%j, then %j before a loss: the log attributes each', async (first, second) => {
    using net = lab();
    using running = await recorded();
    happen(first, second);
    const theirs = !net.isUp('carp0');
    lose(net, 'em1');
    await read(running.of);
    expect(running.done()).toEqual(theirs ? ['carp1 down'] : ['carp0 down', 'carp1 down']);
    expect(running.foreignChanges()).toEqual(
      theirs ? ['carp0: set down by another program; left down (enforce: down)'] : [],
    );
  });

  test.each(pairs)(
    'enforce always, %j, then %j before a loss: no destination is raised',
    async (first, second) => {
      using net = lab();
      using running = await recorded({ policy: always });
      happen(first, second);
      const theirs = !net.isUp('carp0');
      lose(net, 'em1');
      await read(running.of);
      expect(running.done()).toEqual(['carp0 down', 'carp1 down']);
      expect(running.foreignChanges()).toEqual(
        theirs ? ['carp0: set down by another program; left down'] : [],
      );
    },
  );
});

describe('a list', () => {
  test('a list of links made before the loss raises no destination', async () => {
    using net = lab();
    const real = loadLibc();
    let cut: (() => void) | null = null;
    const cutting: Libc = {
      ...real,
      recvfrom(...values) {
        const result = real.recvfrom(...values);
        // The whole list is in the queue, and its first part was read.
        if (result > 0) {
          cut?.();
        }
        return result;
      },
    };
    using running = await recorded({ libc: cutting });
    cut = () => {
      cut = null;
      lose(net, 'em1');
    };
    running.of.resync();
    await read(running.of);
    expect(cut).toBeNull();
    expect(running.done()).toEqual(['carp0 down', 'carp1 down']);
    expect(running.foreignChanges()).toEqual([]);
  });
});

describe('the message of the loss is lost', () => {
  /**
   * The calls of this system, and a hand on the messages about em1 once they are `held`.
   *
   * @param receive what is received instead; `next` is what comes after it
   */
  function handling(net: Lab, receive: (into: Uint8Array, next: () => number) => number) {
    const real = loadLibc();
    const em1 = net.netif.list().find(({ name }) => name === 'em1')?.index;
    const hand = { held: false, libc: { ...real, recvfrom } };

    function recvfrom(...values: Parameters<Libc['recvfrom']>): number {
      const result = real.recvfrom(...values);
      const [, into] = values;
      // struct nlmsghdr, then struct ifinfomsg: ifi_index.
      const index = result < 24 ? 0 : new DataView(into.buffer, into.byteOffset).getInt32(20, true);
      return hand.held && index === em1 ? receive(into, () => recvfrom(...values)) : result;
    }

    return hand;
  }

  test('the message of a loss is dropped without a notice: every link is read again, once', async () => {
    using net = lab();
    const hand = handling(net, (_into, next) => next());
    using running = await recorded({ libc: hand.libc });
    const { snapshots } = running.of.linkCounters;
    hand.held = true;
    lose(net, 'em1');
    await read(running.of);
    hand.held = false;
    expect(running.of.linkCounters.snapshots - snapshots).toBe(1);
    expect([net.isUp('carp0'), net.isUp('carp1')]).toEqual([false, false]);
    net.cables.em1.repair();
    await net.allAre('up', ['carp0', 'carp1']);
    await armed(running.of, 2);
  });

  test('the message of a loss does not fit: the destinations are not attributed to another program', async () => {
    using net = lab();
    const hand = handling(net, (into) => {
      hand.held = false;
      return into.byteLength + 1;
    });
    using running = await recorded({ libc: hand.libc });
    hand.held = true;
    lose(net, 'em1');
    await read(running.of);
    expect(running.of.linkCounters.truncated).toBe(1);
    expect(running.lines.filter(({ event }) => event === 'resync')).toEqual([
      expect.objectContaining({
        message: 'interfaces read again (a message of the kernel was too large, or could not be decoded)',
        fields: { cause: 'unreadable' },
      }),
    ]);
    expect(running.done()).toEqual(['carp0 down', 'carp1 down']);
    expect(running.foreignChanges()).toEqual([]);
  });
});
