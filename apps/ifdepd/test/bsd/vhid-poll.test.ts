import { type ScriptedBsd, scriptedBsd } from '@ifdepd/scripted-kernels';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Decision, startDaemon } from '../../src/index.ts';
import { bsdHost } from '../support/bsd-host.ts';
import { passTime } from '../support/stopped-clock.ts';

const POLL_MS = 1000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A second passes. */
const second = () => passTime(POLL_MS);

/** The event loop turns until the poll has been set up. */
const begun = () => new Promise(setImmediate);

describe('a vhid as a source, of whose state no message tells', () => {
  const config = 'groups: {wan: {sources: [6@em0], destinations: [lan0]}}';
  const before = (kernel: ScriptedBsd) => {
    kernel.createCarp('6@em0', 'em0', 6, 0, 'inet6');
    kernel.elect('6@em0', 'master');
  };

  test.each<
    [what: string, lose: (kernel: ScriptedBsd) => void, reason: string, mend: (kernel: ScriptedBsd) => void]
  >([
    [
      'one with IPv6 addresses alone becomes backup',
      (kernel) => kernel.elect('6@em0', 'backup'),
      'carp backup',
      (kernel) => kernel.elect('6@em0', 'master'),
    ],
    [
      'net.inet.carp.allow=0 makes it INIT',
      (kernel) => kernel.allowCarp(false),
      'carp init',
      (kernel) => {
        kernel.allowCarp(true);
        kernel.elect('6@em0', 'master');
      },
    ],
  ])('%s: found within a second', async (_what, lose, reason, mend) => {
    const { kernel, settle, isUp, daemon } = await bsdHost('freebsd', { config, before });
    await begun();
    expect(isUp('lan0')).toBe(true);
    lose(kernel);
    settle();
    expect(isUp('lan0')).toBe(true);
    second();
    expect(isUp('lan0')).toBe(false);
    expect(daemon.status.groups[0]?.sources[0]?.reason).toBe(reason);
    mend(kernel);
    second();
    expect(isUp('lan0')).toBe(true);
  });

  test('one whose interface is in another routing table becomes backup: found within a second', async () => {
    const { kernel, settle, isUp } = await bsdHost('freebsd', {
      config,
      before(kernel) {
        kernel.setFib('em0', 1);
        kernel.createCarp('6@em0', 'em0', 6);
        kernel.elect('6@em0', 'master');
      },
    });
    await begun();
    kernel.elect('6@em0', 'backup');
    settle();
    expect(isUp('lan0')).toBe(true);
    second();
    expect(isUp('lan0')).toBe(false);
  });

  test('a loss that a message tells, and a recovery that none tells, within one second: both are found', async () => {
    const { kernel, settle, isUp } = await bsdHost('freebsd', { config, before });
    await begun();
    second();
    kernel.carrier('em0', 'down');
    settle();
    expect(isUp('lan0')).toBe(false);
    kernel.carrier('em0', 'up');
    settle();
    kernel.elect('6@em0', 'master');
    settle();
    expect(isUp('lan0')).toBe(false);
    second();
    expect(isUp('lan0')).toBe(true);
  });

  test('one that stays master decides nothing', async () => {
    const { daemon } = await bsdHost('freebsd', { config, before });
    await begun();
    const { counters } = daemon.status;
    for (let seconds = 10; seconds > 0; seconds -= 1) {
      second();
    }
    expect(daemon.status.counters).toEqual(counters);
  });
});

describe('a vhid as a destination', () => {
  const config = 'groups: {g: {sources: [em0], destinations: [9@bge0]}}';
  const vhid = (kernel: ScriptedBsd) => kernel.createCarp('9@bge0', 'bge0', 9, 20);
  const skew = (kernel: ScriptedBsd) => kernel.carp('9@bge0').advskew;

  test('an advskew that another program resets while it is held is set down again, and restored in the end', async () => {
    const { kernel, settle, daemon, log } = await bsdHost('freebsd', { config, before: vhid });
    await begun();
    kernel.carrier('em0', 'down');
    settle();
    expect(skew(kernel)).toBe(240);
    second();
    kernel.setAdvskew('9@bge0', 50);
    second();
    expect(skew(kernel)).toBe(240);
    expect(daemon.status.destinations[0]).toMatchObject({ is: 'down', foreignChanges: 1 });
    await begun();
    expect(log.map(({ message }) => message).join('\n')).toMatch(/9@bge0: .*(again|somebody|someone)/);
    kernel.carrier('em0', 'up');
    settle();
    expect(skew(kernel)).toBe(50);
  });

  test('an advskew that another program resets with enforce: never is reported and left so', async () => {
    const { kernel, settle, daemon, log } = await bsdHost('freebsd', {
      config: config.replace('}}', ', enforce: never}}'),
      before: vhid,
    });
    await begun();
    kernel.carrier('em0', 'down');
    settle();
    kernel.setAdvskew('9@bge0', 50);
    second();
    expect(skew(kernel)).toBe(50);
    expect(daemon.status.destinations[0]?.is).toBe('up');
    await begun();
    expect(log.some(({ event }) => event === 'foreign-change')).toBe(true);
  });

  test('one that is made while its group is down is lowered by its first address, before it is master', async () => {
    const { kernel, settle } = await bsdHost('freebsd', { config });
    await begun();
    kernel.carrier('em0', 'down');
    settle();
    vhid(kernel);
    kernel.giveAddress('9@bge0');
    settle();
    expect(kernel.carp('9@bge0')).toMatchObject({ advskew: 240, state: 'backup' });
  });

  test('one that is made while its group is down, and without a message, is lowered within a second', async () => {
    const { kernel, settle } = await bsdHost('freebsd', {
      config,
      // The system reports the first vhid of a card, because the card becomes promiscuous.
      before: (kernel) => kernel.createCarp('1@bge0', 'bge0', 1),
    });
    await begun();
    kernel.carrier('em0', 'down');
    settle();
    vhid(kernel);
    settle();
    expect(skew(kernel)).toBe(20);
    second();
    expect(skew(kernel)).toBe(240);
    kernel.carrier('em0', 'up');
    settle();
    expect(skew(kernel)).toBe(20);
  });

  test('a daemon that is closed sets nothing any more', async () => {
    const { kernel, settle, daemon } = await bsdHost('freebsd', { config, before: vhid });
    await begun();
    daemon.close();
    kernel.carrier('em0', 'down');
    settle();
    second();
    expect(skew(kernel)).toBe(20);
  });

  test('a dry run decides once, although the system never reports what nothing has set', async () => {
    const kernel = scriptedBsd('freebsd');
    for (const name of ['em0', 'bge0']) {
      kernel.attach(name);
      kernel.setAdmin(name, 'up');
    }
    vhid(kernel);
    const decisions: Decision[] = [];
    using daemon = startDaemon({
      policy: { groups: { g: { require: 'em0', destinations: ['9@bge0'] } } },
      libc: kernel.libc,
      log: { write: () => undefined, close: () => Promise.resolve() },
      dryRun: true,
      observe: (decision) => decisions.push(decision),
    });
    await begun();
    kernel.carrier('em0', 'down');
    kernel.turn();
    second();
    second();
    expect(decisions.filter(({ outcomes }) => outcomes.length > 0)).toHaveLength(1);
    expect(daemon.status.destinations[0]?.is).toBe('down');
    expect(skew(kernel)).toBe(20);
  });
});
