import type { ScriptedBsd } from '@ifdepd/scripted-kernels';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bsdHost, type System, systems } from '../support/bsd-host.ts';
import { passTime } from '../support/stopped-clock.ts';

const POLL_MS = 1000;
const telling = systems.filter((system) => system !== 'darwin');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An old card: its link state is unknown for ever, and only SIOCGIFMEDIA knows of its carrier. */
const oldCard = (kernel: ScriptedBsd) => {
  kernel.attachSilent('old0');
  kernel.setAdmin('old0', 'up');
};

const config = 'groups: {g: {sources: [old0], destinations: [lan0]}}';

test.each(systems)('%s: a link of unknown state is what its driver says', async (system) => {
  const unplugged = (kernel: ScriptedBsd) => {
    oldCard(kernel);
    kernel.carrier('old0', 'down');
  };
  const { isUp, daemon } = await bsdHost(system, { config, before: unplugged });
  expect(isUp('lan0')).toBe(false);
  expect(daemon.status.groups[0]?.sources[0]).toMatchObject({ health: 'failed', reason: 'no carrier' });
});

test.each(telling)('%s: and is asked for it once a second, as no message tells', async (system) => {
  const { kernel, settle, isUp } = await bsdHost(system, { config, before: oldCard });
  expect(isUp('lan0')).toBe(true);
  settle();
  await new Promise(setImmediate);
  kernel.carrier('old0', 'down');
  settle();
  expect(isUp('lan0')).toBe(true);
  passTime(POLL_MS);
  expect(isUp('lan0')).toBe(false);
  kernel.carrier('old0', 'up');
  passTime(POLL_MS);
  expect(isUp('lan0')).toBe(true);
});

test.each(telling)('%s: no driver is asked where every source reports its link', async (system) => {
  let asked = 0;
  const { kernel, settle, up } = await bsdHost(system, {
    calls: (libc) => ({
      ioctl(fd, request, argument) {
        // _IOWR('i', 56 or 54, struct ifmediareq)
        asked += [0x6938, 0x6936].includes(request & 0xffff) ? 1 : 0;
        return libc.ioctl(fd, request, argument);
      },
    }),
  });
  kernel.carrier('em0', 'down');
  settle();
  await new Promise(setImmediate);
  passTime(10 * POLL_MS);
  expect(up()).toEqual([]);
  expect(asked).toBe(0);
});

test.each<[System, string]>([
  ['freebsd', 'EINVAL'],
  ['openbsd', 'ENOTTY'],
  ['netbsd', 'ENOTTY'],
  ['netbsd7', 'ENOTTY'],
  ['dragonfly', 'EINVAL'],
  ['darwin', 'EOPNOTSUPP'],
])('%s: an interface without media (%s) is as good as it is up', async (system) => {
  const { kernel, settle, isUp } = await bsdHost(system, {
    config: 'groups: {g: {sources: [tun0], destinations: [lan0]}}',
    before(kernel) {
      kernel.attach('tun0', null);
      kernel.setAdmin('tun0', 'up');
    },
  });
  expect(isUp('lan0')).toBe(true);
  kernel.setAdmin('tun0', 'down');
  settle();
  expect(isUp('lan0')).toBe(false);
});
