import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Observation } from '../src/agent/messages.ts';
import type { Lab } from '../src/lab/lab.ts';
import { tryScenario } from '../src/try-scenario.ts';
import { agreeingGuest, logged, PID } from './support.ts';

let failures: string;
let observations: Observation[];

beforeEach(() => {
  failures = mkdtempSync(join(tmpdir(), 'failure-'));
  observations = [];
});
afterEach(() => rmSync(failures, { recursive: true }));

function link(flags: number, bytes = ''): void {
  observations.push({ see: 'link', at: 1234.5, gone: false, name: 'e1000', flags, bytes });
}

function line(text: string, pid = PID): void {
  observations.push({ see: 'line', pid, text });
}

function log(msg: string): void {
  observations.push(logged({ msg }));
}

const failing = (run: (lab: Lab) => Promise<unknown>) =>
  tryScenario(
    { architecture: 'amd64', id: '6.1' },
    { name: 'card e1000', run },
    agreeingGuest(observations),
    1,
    failures,
  );

test('a failed scenario leaves its error, the console, and the netlink datagrams and log lines since it began', async () => {
  link(0x1003, '00');
  line('{"msg":"before"}');
  const { outcome, reason } = await failing(async () => {
    link(0x1003, '2a2b');
    line('{"msg":"e1000 failed"}');
    throw new Error('dst was up');
  });
  const folder = join(failures, 'amd64-6.1-card-e1000');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  expect([outcome, reason]).toEqual(['failed', `dst was up\nleft in ${folder}`]);
  expect(read('error.txt')).toMatch(/^Error: dst was up\n/);
  expect(read('console.txt')).toBe('[ 1.0] e1000: NIC Link is Down\n');
  expect(read('netlink.txt')).toBe('e1000 1003 2a2b\n');
  expect(read('daemon.jsonl')).toBe('{"msg":"e1000 failed"}\n');
});

test('the reason of a failed scenario has what the daemon logged last and what the kernel reported meanwhile, in order', async () => {
  const { reason } = await failing(async (lab) => {
    await lab.daemon('-S', 'e1000', '-D', 'dst');
    for (const carrier of [0x10000, 0x10000, 0]) {
      link(0x1003 | carrier);
    }
    log('e1000: active -> failed (no carrier)');
    line('a line of another program', PID + 1);
    line('node: out of memory');
    throw new Error('2 losses are logged instead of 1');
  });
  expect(reason.split('\n').slice(0, -1)).toEqual([
    '2 losses are logged instead of 1',
    'The log of the daemon, and the messages of the kernel meanwhile, end:',
    '  ifdepd 2026-11-30T10:00:00.000Z: ready: watching e1000 -> dst',
    '  kernel 1235 ms: e1000 up, carrier',
    '  kernel 1235 ms: e1000 up, no carrier',
    '  ifdepd 2026-11-30T10:00:00.000Z: e1000: active -> failed (no carrier)',
    '  ifdepd : node: out of memory',
  ]);
});

test('the reason of a failed scenario repeats the last 30 lines of the log, and none before', async () => {
  const { reason } = await failing(async (lab) => {
    await lab.daemon('-S', 'e1000', '-D', 'dst');
    for (let number = 1; number <= 31; number += 1) {
      link(0x1003 | (number % 2 === 0 ? 0 : 0x10000));
      log(`line ${number}`);
    }
    throw new Error('dst was up');
  });
  const lines = reason.split('\n');
  expect(lines.filter((text) => text.startsWith('  ifdepd'))).toHaveLength(30);
  expect(lines.filter((text) => text.startsWith('  kernel'))).toHaveLength(29);
  expect(lines[2]).toMatch(/: line 2$/);
});
