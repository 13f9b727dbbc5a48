import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Observation } from '../src/agent/messages.ts';
import { leaveFailure } from '../src/failure.ts';

test('a failed scenario leaves its error, the console, and the netlink datagrams and log lines since it began', () => {
  const folder = mkdtempSync(join(tmpdir(), 'failure-'));
  const link = (bytes: string): Observation => ({
    ...{ see: 'link', at: 1, gone: false, name: 'eth0', flags: 0x1003 },
    bytes,
  });
  const line = (text: string): Observation => ({ see: 'line', pid: 7, text });
  const observations = [link('00'), line('{"msg":"before"}'), link('2a2b'), line('{"msg":"eth0 failed"}')];
  const guest = { observations, machine: { console: () => '[ 1.0] eth0: NIC Link is Down\n' } };
  try {
    const left = leaveFailure('amd64 6.1 card e1000', new Error('dst was up'), guest, 2, folder);
    const read = (name: string): string => readFileSync(join(left, name), 'utf8');
    expect(left).toBe(join(folder, 'amd64-6.1-card-e1000'));
    expect(read('error.txt')).toMatch(/^Error: dst was up\n/);
    expect(read('console.txt')).toBe('[ 1.0] eth0: NIC Link is Down\n');
    expect(read('netlink.txt')).toBe('eth0 1003 2a2b\n');
    expect(read('daemon.jsonl')).toBe('{"msg":"eth0 failed"}\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
