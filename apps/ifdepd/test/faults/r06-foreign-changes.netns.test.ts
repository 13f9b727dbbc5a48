import { askStatus, observe, processFacts } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { EMULATED } from '@ifdepd/vitest-preset/patience';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon, socket } from '../support/program.ts';

/** How often the other one tries. */
const RAISES = 3;

// Linux re-opens the VLANs of a parent with it; this kernel may have no VLANs. To the daemon it is all the same who it is.
test.each([
  { when: 'after the report that it is down', atOnce: false },
  // By the kernel failover it is down before the daemon knows, which would not see the first of them: that is the next test.
  { when: 'at once', atOnce: true, words: ['--kernel-failover', 'off'] },
])(
  'another program that sets a destination up $when: set down again and reported, each time more slowly',
  async ({ when, atOnce, words = [] }) => {
    using lab = host('em0', 'carp0');
    using observer = observe();
    await using running = await daemon([...words, '-S', 'em0', '-D', 'carp0']);
    const downs: number[] = [];
    const raises: number[] = [];
    const raise = () => {
      raises.push(performance.now());
      lab.netif.setAdmin('carp0', 'up');
    };
    using _fighter = observer.links.subscribe((event) => {
      if (
        event.type === 'changed' &&
        event.link.name === 'carp0' &&
        event.was.adminUp &&
        !event.link.adminUp
      ) {
        downs.push(performance.now());
        if (atOnce && raises.length < RAISES) {
          raise();
        }
      }
    });
    const count = (pattern: RegExp) => running.lines.filter((line) => pattern.test(line)).length;
    const cpuMs = () => processFacts(running.pid).cpuMs;
    const before = cpuMs();
    lab.cables.em0.cut();
    while (!atOnce && raises.length < RAISES) {
      await until(when, () => count(/carp0:.* set down/) > raises.length);
      raise();
    }
    await observer.when(
      () => `four times down, not ${downs.length}:\n${running.lines.join('\n')}`,
      () => downs.length === RAISES + 1,
    );
    expect(lab.isUp('carp0')).toBe(false);

    // The first answer comes at once, the next a second after it, then two seconds: a timer is late, never early.
    const [first = 0, second = 0] = raises;
    expect(downs[2]).toBeGreaterThanOrEqual(first + 1000);
    expect(downs[3]).toBeGreaterThanOrEqual(Math.max(first + 1000, second) + 2000);
    await until(
      'all to be reported',
      () => count(/carp0: another program set it up; set down again/) === RAISES,
    );
    const { counters } = await askStatus(socket);
    // Before the daemon has read back what it set, it is a set that did not hold: nothing shows who undid it.
    expect(counters.foreignChanges).toBeGreaterThanOrEqual(atOnce ? 0 : RAISES);
    expect(counters.foreignChanges).toBeLessThanOrEqual(RAISES);
    expect(counters.actions).toBe(RAISES + 1);
    // It waited, and did not turn.
    expect(cpuMs() - before).toBeLessThan(((performance.now() - first) / 4) * EMULATED);
  },
);

test('another program that sets a destination up before the daemon has to hold it down: set down again', async () => {
  using lab = host('em0', 'carp0');
  using observer = observe();
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  let downs = 0;
  using _fighter = observer.links.subscribe((event) => {
    if (event.type === 'changed' && event.link.name === 'carp0' && event.was.adminUp && !event.link.adminUp) {
      downs += 1;
      if (downs === 1) {
        lab.netif.setAdmin('carp0', 'up');
      }
    }
  });
  lab.cables.em0.cut();
  await observer.when(
    () => `down twice, not ${downs} times:\n${running.lines.join('\n')}`,
    () => downs === 2,
  );
  await running.line(/carp0:.* set down/);
  expect(lab.isUp('carp0')).toBe(false);
});

test("an administrator's down is respected while all sources are active", async () => {
  using lab = host('em0', 'carp0', 'carp1');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0:carp1']);
  lab.netif.setAdmin('carp0', 'down');
  await running.line(/carp0: set down by another program; left down \(enforce: down\)$/);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp1']);
  expect(lab.isUp('carp0')).toBe(false);
});

test('enforce: never: a destination that another program sets up stays up, and the log says so', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['--enforce', 'never', '-S', 'em0', '-D', 'carp0']);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/carp0: set down/);
  lab.netif.setAdmin('carp0', 'up');
  await running.line(/carp0: set up by another program; left up \(enforce: never\)$/);
  expect(lab.isUp('carp0')).toBe(true);
  expect((await askStatus(socket)).counters.foreignChanges).toBe(1);
});
