import { watchLinks } from '@ifdepd/linkwatch';
import { scriptedBackend } from '@ifdepd/linkwatch/testing';
import { scriptedNetIf } from '@ifdepd/netif/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { MembersOf } from '../../src/identity/pattern-members.ts';
import type { LogEntry } from '../../src/log/index.ts';
import { patternWatch } from '../../src/service/pattern-watch.ts';
import { reportMembers } from '../../src/service/report-members.ts';
import { realLoop } from '../../src/system/loop.ts';

const groups = (sources: string) =>
  parseSettings(`groups: {uplinks: {sources: [${sources}], require: any, destinations: [d0]}}`, 'x');
const WITH = groups('{match: "eth*"}');
const WITHOUT = groups('eth0');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A system with eth0, and what looks at it. */
function watched(now: () => number = () => 0) {
  const system = scriptedBackend([{ index: 2, name: 'eth0' }]);
  const look = vi.fn();
  const opened = vi.fn((_interest?: readonly string[], _waitForList?: boolean) =>
    watchLinks({ backend: system }),
  );
  const watch = patternWatch({ watchLinks: opened, netif: scriptedNetIf({ eth0: 'up' }) }, look, {
    ...realLoop,
    now,
  });
  const names = () => watch.candidates(WITH).map(({ name }) => name);
  return { system, look, opened, watch, names };
}

test('without a pattern, no other interface is watched', () => {
  const { watch, opened } = watched();
  expect(watch.candidates(WITHOUT)).toEqual([]);
  watch.adopt(WITHOUT);
  expect(opened).not.toHaveBeenCalled();
});

test('settings with a pattern: the interfaces are listed once, while the event loop goes on', async () => {
  const { watch, opened, names } = watched();
  await watch.listed(WITHOUT);
  expect(opened).not.toHaveBeenCalled();
  await watch.listed(WITH);
  expect(opened.mock.calls).toEqual([[undefined, false]]);
  expect(names()).toEqual(['eth0']);
  expect(opened).toHaveBeenCalledTimes(1);
});

test('a burst of 1,000 interfaces leads to one look, when all are there', () => {
  const { system, look, names } = watched();
  expect(names()).toEqual(['eth0']);
  for (let index = 3; index < 1003; index += 1) {
    system.set({ index, name: `eth${index}` });
  }
  expect(look).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(look).toHaveBeenCalledTimes(1);
  expect(names()).toHaveLength(1001);
});

test.each([
  ['is renamed', { index: 2, name: 'lan0' }, 1],
  ['gets an alternative name', { index: 2, name: 'eth0', altNames: ['wwan0'] }, 1],
  [
    'is set down, as it has to be for another hardware address',
    { index: 2, name: 'eth0', adminUp: false },
    1,
  ],
  ['loses its carrier', { index: 2, name: 'eth0', carrier: false }, 0],
])('an interface that %s: looks %#', (_what, record, looks) => {
  const { system, look, names } = watched();
  names();
  system.set(record);
  vi.runAllTimers();
  expect(look).toHaveBeenCalledTimes(looks);
});

test('after a look that took 500 ms, the next one is 5 s after its event', () => {
  let clock = 0;
  const { system, look, names } = watched(() => clock);
  look.mockImplementation(() => {
    clock += 500;
  });
  names();
  system.set({ index: 3, name: 'eth1' });
  vi.advanceTimersByTime(100);
  system.set({ index: 4, name: 'eth2' });
  vi.advanceTimersByTime(4999);
  expect(look).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(look).toHaveBeenCalledTimes(2);
});

test('other settings lead to a look, and those without patterns end the watch', () => {
  const { system, look, names, watch } = watched();
  names();
  watch.adopt(WITH);
  vi.runAllTimers();
  expect(look).toHaveBeenCalledTimes(1);
  watch.adopt(WITHOUT);
  expect(system.disposed).toBe(true);
});

describe('what the log says of sources that come and go', () => {
  const members = (sources: readonly string[], leftOut: readonly string[] = []): MembersOf =>
    new Map([
      [
        'match:eth*',
        {
          interfaces: sources.map((name, index) => ({
            index,
            name,
            altNames: [],
            loopback: false,
            hardware: () => null,
          })),
          leftOut: leftOut.map((name) => ({ name, why: 'it is a destination of this configuration' })),
        },
      ],
    ]);
  const lines = (next: MembersOf, before: MembersOf) => {
    const written: LogEntry[] = [];
    reportMembers({ write: (entry) => written.push(entry), close: async () => {} }, WITH, next, before);
    return written.map(({ level, message, fields }) => [level, message, fields?.['sources']]);
  };

  test('one that comes, and two that go', () => {
    expect(lines(members(['eth0', 'eth3']), members(['eth0', 'eth1', 'eth2']))).toEqual([
      ['notice', 'eth3 matches eth*: now a source of uplinks', ['eth3']],
      ['notice', 'eth1, eth2 no longer match eth*: no longer sources of uplinks', ['eth1', 'eth2']],
    ]);
  });

  test('none where nothing changed', () => {
    expect(lines(members(['eth0'], ['eth9']), members(['eth0'], ['eth9']))).toEqual([]);
  });

  test('a warning for others that match', () => {
    expect(lines(members(['eth0'], ['eth9']), members(['eth0']))).toEqual([
      [
        'warning',
        'eth* matches more, which are no sources: eth9 (it is a destination of this configuration)',
        undefined,
      ],
    ]);
  });

  test('of 1,000 that come, the names of 20', () => {
    const many = Array.from({ length: 1000 }, (_, at) => `eth${at}`);
    expect(lines(members(many), members([]))[0]?.[1]).toMatch(
      /^eth0, .*, eth19 and 980 more match eth\*: now sources of uplinks$/,
    );
  });
});
