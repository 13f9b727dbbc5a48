import { random } from '@ifdepd/faults';
import { expect, test } from 'vitest';
import { operations } from '../src/generate.ts';
import { FAULTS } from '../src/operation.ts';
import { play } from '../src/play.ts';

/** The simulated time of each short history: some six operations, and two quiet minutes at its end. */
const SHORT_MS = 120_000;

const HUNDRED = Array.from({ length: 100 }, (_, at) => at + 1);

test('100 short histories: nothing is wrong, and each has the trace that is recorded for its seed', async () => {
  const traces: string[] = [];
  for (const seed of HUNDRED) {
    const { hash, violation } = await play(operations(random(seed)), { forMs: SHORT_MS });
    traces.push(`${seed} ${violation ?? hash}`);
  }
  await expect(`${traces.join('\n')}\n`).toMatchFileSnapshot('fixtures/traces-of-100-seeds.txt');
}, 120_000);

test.each(FAULTS)(
  '%s as the only faults: a history differs from one with pulled cables alone',
  async (fault) => {
    const [one, other] = [
      await play(operations(random(5), [fault]), { forMs: SHORT_MS }),
      await play(operations(random(5), []), { forMs: SHORT_MS }),
    ];
    expect([one.violation, other.violation]).toEqual([null, null]);
    expect(one.hash).not.toBe(other.hash);
  },
);

test('a daemon that hears of no event is found wrong when a cable is pulled', async () => {
  const deaf = { [Symbol.dispose]() {} };
  const { violation } = await play([{ afterMs: 10_000, do: 'cable', name: 'wan0', to: 'down' }], {
    wrap: (libc) => ({ ...libc, readable: () => deaf }),
  });
  expect(violation).toMatch(/^vrrp0 is up for \d+ ms and has to be down$/);
});

test('the daemon goes on when no socket can be opened for a carrier counter', async () => {
  const { violation } = await play([
    { afterMs: 204_042, do: 'fail', call: 'socket', errno: 'EMFILE', times: 1 },
    { afterMs: 66_268, do: 'cable', name: 'wan2', to: 'down' },
    { afterMs: 100, do: 'cable', name: 'wan2', to: 'up' },
  ]);
  expect(violation).toBeNull();
});

test('the daemon goes on when the interfaces cannot be listed while it looks for the links below VLANs', async () => {
  const { violation, failed } = await play([
    { afterMs: 0, do: 'stop' },
    { afterMs: 1000, do: 'fail', call: 'if_nameindex', errno: 'ENOMEM', times: 1, skip: 1 },
    { afterMs: 0, do: 'start' },
    { afterMs: 60_000, do: 'cable', name: 'wan0', to: 'down' },
  ]);
  expect([violation, failed]).toEqual([null, 1]);
});

test('questions to a driver that the system refuses for a moment do not delay the reaction to a later loss', async () => {
  const { violation, failed } = await play([
    { afterMs: 129_523, do: 'fail', call: 'ioctl', errno: 'EBUSY', times: 30 },
    { afterMs: 10_889, do: 'admin', name: 'vlan0', to: 'down' },
    { afterMs: 203_494, do: 'cable', name: 'wan1', to: 'down' },
    { afterMs: 1, do: 'cable', name: 'wan2', to: 'down' },
    { afterMs: 303, do: 'cable', name: 'wan1', to: 'down' },
  ]);
  expect([violation, failed]).toEqual([null, 30]);
});

test('a destination that could not be read at the start is set up again after a loss, with raise: owned', async () => {
  const { violation, failed } = await play([
    { afterMs: 1000, do: 'stop' },
    { afterMs: 1000, do: 'fail', call: 'ioctl', errno: 'ENOMEM', times: 30 },
    { afterMs: 1000, do: 'reload', config: 3 },
    { afterMs: 1000, do: 'cable', name: 'wan0', to: 'down' },
    { afterMs: 3, do: 'start' },
    { afterMs: 102_051, do: 'cable', name: 'wan0', to: 'up' },
  ]);
  expect([violation, failed]).toEqual([null, 30]);
});

test('a socket with nothing to read that cannot be read either is paused once: no timer is left after the end', async () => {
  const { violation } = await play([
    { afterMs: 1_000_000, do: 'fail', call: 'recvfrom', errno: 'EAGAIN', times: 10_000, skip: 1 },
    { afterMs: 365_073, do: 'kill' },
    { afterMs: 615_376, do: 'start' },
    { afterMs: 3581, do: 'crash', calls: 3 },
  ]);
  expect(violation).toBeNull();
});

test('a destination that a reload has released while it was down, and another one names with raise: owned, is set up', async () => {
  const { violation } = await play([
    { afterMs: 10_000, do: 'down', group: 'uplinks', forMs: 30_000 },
    { afterMs: 8168, do: 'reload', config: 1 },
    { afterMs: 85_373, do: 'reload', config: 3 },
  ]);
  expect(violation).toBeNull();
});

test('a destination that a reload names and sets down at once is set up after the repair, with raise: owned', async () => {
  const { violation } = await play([
    { afterMs: 10_000, do: 'reload', config: 1 },
    { afterMs: 1000, do: 'cable', name: 'wan1', to: 'down' },
    { afterMs: 0, do: 'cable', name: 'wan2', to: 'down' },
    { afterMs: 10_000, do: 'reload', config: 3 },
    { afterMs: 10_000, do: 'cable', name: 'wan1', to: 'up' },
  ]);
  expect(violation).toBeNull();
});

test('a group that is paused by a daemon that began on a failing disk is paused in the next one, when the disk is mended before', async () => {
  const { violation } = await play([
    { afterMs: 1000, do: 'stop' },
    { afterMs: 1000, do: 'fail-disk', errno: 'ENOSPC', times: 1000 },
    { afterMs: 1000, do: 'start' },
    { afterMs: 1000, do: 'heal' },
    { afterMs: 10_000, do: 'pause', group: 'uplinks', forMs: null },
    { afterMs: 40_000, do: 'kill' },
    { afterMs: 1000, do: 'start' },
  ]);
  expect(violation).toBeNull();
});

test('a destination that an earlier daemon holds down, is renamed away and back over a repair: it is set up', async () => {
  const lines: string[] = [];
  const { violation } = await play(
    [
      { afterMs: 1000, do: 'cable', name: 'wan0', to: 'down' },
      { afterMs: 1000, do: 'kill' },
      { afterMs: 1000, do: 'start' },
      { afterMs: 10_000, do: 'rename', name: 'vrrp0' },
      { afterMs: 10_000, do: 'cable', name: 'wan0', to: 'up' },
      { afterMs: 10_000, do: 'rename', name: 'vrrp0' },
    ],
    { trace: (line) => void lines.push(line) },
  );
  expect([violation, lines.at(-1)]).toEqual([null, '39000 vrrp0 true, vrrp1 true, vlan0 true\n']);
});

test('an interface that is made anew under the name of one that the daemon held down, and a reload names again with raise: owned: it stays down', async () => {
  const lines: string[] = [];
  await play(
    [
      { afterMs: 1000, do: 'cable', name: 'wan1', to: 'down' },
      { afterMs: 1000, do: 'cable', name: 'wan2', to: 'down' },
      { afterMs: 10_000, do: 'remake', name: 'vlan0' },
      { afterMs: 10_000, do: 'reload', config: 1 },
      { afterMs: 10_000, do: 'cable', name: 'wan1', to: 'up' },
      { afterMs: 10_000, do: 'reload', config: 3 },
    ],
    { trace: (line) => void lines.push(line) },
  );
  expect(lines.filter((line) => line.includes('vlan0: set up'))).toEqual([]);
  expect(lines.filter((line) => line.includes('vlan0 true')).at(-1)).toMatch(/^6000 /);
});

test('an interface that is made anew under the name of one that was held down is not raised by the next daemon with raise: owned', async () => {
  const lines: string[] = [];
  const { violation } = await play(
    [
      { afterMs: 1000, do: 'reload', config: 3 },
      { afterMs: 1000, do: 'cable', name: 'wan0', to: 'down' },
      { afterMs: 10_000, do: 'remake', name: 'vrrp0' },
      { afterMs: 10_000, do: 'kill' },
      { afterMs: 1000, do: 'start' },
      { afterMs: 10_000, do: 'cable', name: 'wan0', to: 'up' },
    ],
    { trace: (line) => void lines.push(line) },
  );
  expect([violation, lines.filter((line) => line.includes('vrrp0: set up'))]).toEqual([null, []]);
});

test('an interface that is made anew right before a kill, which nothing has recorded, counts as the one that was held', async () => {
  const { violation } = await play([
    { afterMs: 1000, do: 'cable', name: 'wan0', to: 'down' },
    { afterMs: 10_000, do: 'crash', calls: 2 },
    { afterMs: 0, do: 'remake', name: 'vrrp0' },
    { afterMs: 0, do: 'reload', config: 5 },
    { afterMs: 1, do: 'start' },
    { afterMs: 10_000, do: 'cable', name: 'wan0', to: 'up' },
  ]);
  expect(violation).toBeNull();
});

test('a daemon that starts from a state from before the disk failed may wait for each delay again', async () => {
  const { violation } = await play([
    { afterMs: 0, do: 'reload', config: 2 },
    { afterMs: 300, do: 'cable', name: 'wan1', to: 'down' },
    { afterMs: 168_921, do: 'unplug', name: 'wan2' },
    { afterMs: 3827, do: 'fail-disk', errno: 'ENOSPC', times: 1000 },
    { afterMs: 43_535, do: 'cable', name: 'wan1', to: 'up' },
    { afterMs: 105_390, do: 'fail-disk', errno: 'ENOSPC', times: 5 },
    { afterMs: 30, do: 'crash', calls: 4 },
    { afterMs: 31, do: 'remake', name: 'vrrp0' },
    { afterMs: 1, do: 'start' },
  ]);
  expect(violation).toBeNull();
});

test('a disk that fails after another program has set a destination down: the next daemon may leave it down', async () => {
  const { violation } = await play([
    { afterMs: 68_905, do: 'admin', name: 'vlan0', to: 'down' },
    { afterMs: 30, do: 'fail-disk', errno: 'ENOSPC', times: 1000 },
    { afterMs: 178_455, do: 'cable', name: 'wan2', to: 'down' },
    { afterMs: 6857, do: 'cable', name: 'wan1', to: 'down' },
    { afterMs: 208_389, do: 'cable', name: 'wan2', to: 'up' },
    { afterMs: 10, do: 'cable', name: 'wan2', to: 'down' },
    { afterMs: 188_807, do: 'stop' },
    { afterMs: 111_856, do: 'cable', name: 'wan2', to: 'up' },
    { afterMs: 592_143, do: 'fail-disk', errno: 'ENOSPC', times: 5 },
    { afterMs: 124_360, do: 'start' },
  ]);
  expect(violation).toBeNull();
});

test('a daemon without raise: owned that is killed in its start has no record: the next one with it may leave destinations down', async () => {
  const { violation } = await play([
    { afterMs: 989_702, do: 'reload', config: 2 },
    { afterMs: 1_514_317, do: 'cut-power', part: 0.9 },
    { afterMs: 9068, do: 'crash', calls: 80 },
    { afterMs: 243_252, do: 'cable', name: 'wan0', to: 'down' },
    { afterMs: 14_032, do: 'start' },
    { afterMs: 172_035, do: 'start' },
    { afterMs: 54_779, do: 'reload', config: 3 },
  ]);
  expect(violation).toBeNull();
});

test('a record of the ledger that a power cut has cut off takes none of the next daemon with it', async () => {
  const { violation } = await play([
    { afterMs: 1_712_849, do: 'cable', name: 'wan2', to: 'down' },
    { afterMs: 224_832, do: 'cable', name: 'wan1', to: 'down' },
    { afterMs: 76_197, do: 'stop' },
    { afterMs: 268_120, do: 'crash', calls: 85 },
    { afterMs: 250_207, do: 'cut-power', part: 0.9 },
    { afterMs: 140_279, do: 'reload', config: 3 },
    { afterMs: 0, do: 'cable', name: 'wan1', to: 'down' },
    { afterMs: 9528, do: 'unplug', name: 'wan2' },
    { afterMs: 30, do: 'start' },
    { afterMs: 3275, do: 'cable', name: 'wan1', to: 'up' },
    { afterMs: 100, do: 'start' },
  ]);
  expect(violation).toBeNull();
});

test('a power cut ends the boot: the next daemon begins anew', async () => {
  const lines: string[] = [];
  const { violation } = await play(
    [
      { afterMs: 1000, do: 'pause', group: 'uplinks', forMs: null },
      { afterMs: 10_000, do: 'cut-power', part: 1 },
      { afterMs: 1000, do: 'start' },
    ],
    { trace: (line) => void lines.push(line) },
  );
  expect([violation, lines.filter((line) => line.includes('of another boot')).length]).toEqual([null, 1]);
});

test('a source that returns and fails again while the daemon sleeps: a down-delay does not set its destination up', async () => {
  const { violation } = await play([
    { afterMs: 1_998_450, do: 'reload', config: 3 },
    { afterMs: 50_900, do: 'cable', name: 'wan0', to: 'down', inMs: 30 },
    { afterMs: 11_430, do: 'cable', name: 'wan0', to: 'up', inMs: 300 },
    { afterMs: 0, do: 'cable', name: 'wan0', to: 'down', inMs: 300 },
    { afterMs: 3, do: 'suspend', ms: 20_000 },
  ]);
  expect(violation).toBeNull();
});

test('no line of a history has the number of the network namespace of this host: a trace is the same on every machine', async () => {
  const lines: string[] = [];
  await play(
    [
      { afterMs: 1000, do: 'stop' },
      { afterMs: 1000, do: 'fail-disk', errno: 'ENOSPC', times: 30 },
      { afterMs: 1000, do: 'start' },
    ],
    { trace: (line) => void lines.push(line) },
  );
  const journal = lines.find((line) => line.includes('the journal is kept in memory only'));
  expect(journal).toMatch(/: \/state\/file-1-[0-9a-f]{8}\.journal: ENOSPC$/m);
});
