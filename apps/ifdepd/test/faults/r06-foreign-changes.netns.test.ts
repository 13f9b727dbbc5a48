import { askStatus, observe, processFacts } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon, socket } from '../support/program.ts';

// Linux re-opens the VLANs of a parent with it; this kernel may have no VLANs. To the daemon it is all the same who it is.
test('somebody who raises a destination each time it is held down: down again, told, ever more slowly', async () => {
  using lab = host('em0', 'carp0');
  using observer = observe();
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  const downs: number[] = [];
  let raises = 0;
  using _fighter = observer.links.subscribe((event) => {
    if (event.type !== 'changed' || event.link.name !== 'carp0' || event.link.adminUp) {
      return;
    }
    if (event.was.adminUp) {
      downs.push(performance.now());
      if (downs.length <= 3) {
        raises += 1;
        lab.netif.setAdmin('carp0', 'up');
      }
    }
  });
  const cpuMs = () => processFacts(running.pid).cpuMs;
  const before = cpuMs();
  lab.cables.em0.cut();
  await observer.when(
    () => `four times down, not ${downs.length}:\n${running.lines.join('\n')}`,
    () => downs.length === 4,
  );
  expect(lab.isUp('carp0')).toBe(false);

  // The first answer comes at once, the next a second after it, then two seconds: a timer is late, never early.
  const [, first = 0, second = 0, third = 0] = downs;
  expect(second - first).toBeGreaterThan(900);
  expect(third - second).toBeGreaterThan(1900);
  const told = () =>
    running.lines.filter((line) => /carp0: raised by someone else, set down again/.test(line)).length;
  await until('all three to be told', () => told() === 3);
  const { counters } = await askStatus(socket);
  // One that comes before the daemon has read back what it did counts as a set that did not hold.
  expect(counters.foreignChanges).toBeGreaterThanOrEqual(1);
  expect(counters.foreignChanges).toBeLessThanOrEqual(raises);
  expect(counters.actions).toBe(4);
  // It waited, and did not turn.
  expect(cpuMs() - before).toBeLessThan((third - first) / 4);
});

test("an administrator's down is respected while all sources are active", async () => {
  using lab = host('em0', 'carp0', 'carp1');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0:carp1']);
  lab.netif.setAdmin('carp0', 'down');
  await running.line(/carp0: lowered by someone else$/);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp1']);
  expect(lab.isUp('carp0')).toBe(false);
});

test('enforce: never: what somebody raises stays up, and that is told', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['--enforce', 'never', '-S', 'em0', '-D', 'carp0']);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/carp0: set down/);
  lab.netif.setAdmin('carp0', 'up');
  await running.line(/carp0: raised by someone else, left so \(enforce: never\)$/);
  expect(lab.isUp('carp0')).toBe(true);
  expect((await askStatus(socket)).counters.foreignChanges).toBe(1);
});
