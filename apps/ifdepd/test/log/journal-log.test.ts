import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc, must, openSocket } from '@ifdepd/libc';
import { expect, test } from 'vitest';
import { journalLog, MESSAGE_IDS } from '../../src/log/journal-log.ts';
import type { LogEntry } from '../../src/log/log.ts';
import { unixAddress } from '../../src/system/unix-address.ts';

const libc = loadLibc();

/** The datagrams that a journald gets of these entries. */
async function heard(...entries: readonly LogEntry[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-journal-'));
  const path = join(folder, 'socket');
  const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  using socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, path);
  must(libc, libc.bind(socket.fd, unixAddress(libc.target, path) ?? new Uint8Array()), 'bind', path);
  const log = journalLog(libc, undefined, path);
  const buffer = new Uint8Array(65_536);
  const datagrams = entries.map((entry) => {
    log.write(entry);
    const size = libc.recvfrom(socket.fd, buffer, 0, null);
    return new TextDecoder().decode(buffer.subarray(0, Math.max(0, size)));
  });
  await log.close();
  rmSync(folder, { recursive: true });
  return datagrams;
}

test('an action goes to the journal with its group, its destinations and the sources to blame', async () => {
  const [datagram] = await heard({
    event: 'action',
    level: 'warning',
    message: 'carp0 carp1: set down (gateway: em0 failed)',
    fields: { destinations: ['carp0', 'carp1'], to: 'down', group: 'gateway', blame: ['em0'] },
  });
  expect(datagram?.split('\n')).toEqual([
    'MESSAGE=carp0 carp1: set down (gateway: em0 failed)',
    'PRIORITY=4',
    'SYSLOG_FACILITY=3',
    'SYSLOG_IDENTIFIER=ifdepd',
    'MESSAGE_ID=fa7ef481ff704cee8d5f8071ac258074',
    'IFDEPD_EVENT=action',
    'IFDEPD_GROUP=gateway',
    'IFDEPD_INTERFACE=carp0',
    'IFDEPD_INTERFACE=carp1',
    'IFDEPD_INTERFACE=em0',
    '',
  ]);
});

test('interfaces that match a pattern from now on go to the journal as its interfaces', async () => {
  const [datagram] = await heard({
    event: 'notice',
    level: 'notice',
    message: 'eth3, eth4 match eth*: now sources of uplinks',
    fields: { pattern: 'match:eth*', sources: ['eth3', 'eth4'], groups: ['uplinks'] },
  });
  expect(datagram).toContain('IFDEPD_INTERFACE=eth3\nIFDEPD_INTERFACE=eth4\n');
});

test('a name with a line end adds no field, and thousands of destinations make no large datagram', async () => {
  const many = Array.from({ length: 5000 }, (_, at) => `carp${at}`);
  const [hostile, large] = await heard(
    {
      event: 'source',
      level: 'info',
      message: 'x\nPRIORITY=0',
      fields: { source: 'em0\nIFDEPD_GROUP=other' },
    },
    { event: 'action', level: 'notice', message: many.join(' '), fields: { destinations: many } },
  );
  expect(hostile).not.toMatch(/^IFDEPD_GROUP|^PRIORITY=0/m);
  expect(large?.match(/^IFDEPD_INTERFACE=/gm)).toHaveLength(64);
  expect(large?.length).toBeLessThan(4096);
});

test('each MESSAGE_ID is of its own, and has the form of one', () => {
  const ids = Object.values(MESSAGE_IDS);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[0-9a-f]{32}$/.test(id))).toEqual([]);
});
