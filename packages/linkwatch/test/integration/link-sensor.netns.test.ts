import { type ChildProcess, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { cable, enterNewNamespace, ip, ipBatch, until } from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LinkSensor, openLinkSensor } from '../../src/linux/index.ts';

const libc = loadLibc();
let calls: number;
let sensor: LinkSensor;

/** The number of times that a descriptor was readable. */
let wakes: number;
const counting: Libc = {
  ...libc,
  readable: (fd, callback) =>
    libc.readable(fd, () => {
      wakes += 1;
      callback();
    }),
};

beforeEach(() => {
  enterNewNamespace();
  calls = 0;
  wakes = 0;
});

afterEach(() => {
  sensor[Symbol.dispose]();
});

function open(): void {
  const opened = openLinkSensor({ libc: counting });
  if (opened === null) {
    throw new Error('no sensor');
  }
  sensor = opened;
}

const arm = () =>
  sensor.arm(() => {
    calls += 1;
  });

test('drain returns false when nothing has happened', () => {
  cable('eth0');
  open();
  expect(sensor.drain()).toBe(false);
});

test('a sensor reports the first event of a storm once, then that there were more, then the next event', async () => {
  const eth0 = cable('eth0');
  open();
  arm();
  ip('link', 'set', 'eth0', 'alias', 'first');
  await until('the first', () => calls === 1);
  for (let round = 0; round < 10; round += 1) {
    ipBatch(Array.from({ length: 500 }, (_, at) => `link set eth0 alias n${at}`));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect({ calls, wakes }).toEqual({ calls: 1, wakes: 1 });
  expect(sensor.drain()).toBe(true);
  expect(sensor.drain()).toBe(false);
  arm();
  eth0.cut();
  await until('the cut', () => calls === 2);
});

test('a sensor reports an event before arm at once', async () => {
  cable('eth0');
  open();
  ip('link', 'set', 'eth0', 'alias', 'first');
  arm();
  await until('it', () => calls === 1);
});

test('a sensor with CAP_NET_BROADCAST reports an event in the namespace of a veth peer', async () => {
  cable('eth0');
  // Reads its input until it is closed.
  const other: ChildProcess = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
  try {
    const own = readlinkSync('/proc/thread-self/ns/net');
    const there = `/proc/${other.pid}/ns/net`;
    await until('another namespace', () => readlinkSync(there) !== own);
    ip('link', 'set', 'eth0-x', 'netns', String(other.pid));
    open();
    sensor.drain();
    arm();
    const inside = ['nsenter', `--net=${there}`, 'ip', 'link', 'add', 'inside0', 'type', 'bridge'];
    const [command = '', ...words] = inside;
    spawn(command, words, { stdio: 'inherit' });
    await until('it', () => calls === 1);
  } finally {
    other.stdin?.end();
  }
});
