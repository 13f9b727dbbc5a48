import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { expect, test } from 'vitest';
import type { Log } from '../../src/log/index.ts';
import { socketSyslog } from '../../src/log/socket-syslog.ts';
import { streamLog } from '../../src/log/stream-log.ts';
import { failingFiles, MOMENTS } from '../support/failing-files.ts';
import { Faults } from '../support/faults.ts';

const real = loadLibc();
const numberOf = new Map(Object.entries(real.target.errno).map(([number, [name]]) => [name, Number(number)]));
const say = (log: Log, message: string) => log.write({ event: 'notice', level: 'notice', message });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Longer than two attempts. */
const FAULT_MS = 75;
const MOST_ATTEMPTS = 40;

test.each(['EIO', 'ENOSPC', 'EPIPE', 'EBADF', 'EAGAIN', 'EINTR', 'EFBIG'])(
  'write gives %s to a log on a descriptor: nothing is thrown, nothing spins, and later lines are there',
  async (errno) => {
    const folder = mkdtempSync(join(tmpdir(), 'ifdepd-log-'));
    for (const [moment, fails] of MOMENTS) {
      const path = join(folder, moment);
      const fd = openSync(path, 'a');
      const log = streamLog(fd);
      {
        using fault = failingFiles('write', errno, fails);
        for (const line of ['one', 'two', 'three']) {
          say(log, line);
          await pause(FAULT_MS / 3);
        }
        expect(fault.failed).toBeLessThan(MOST_ATTEMPTS);
      }
      say(log, 'after');
      await log.close();
      closeSync(fd);
      expect(readFileSync(path, 'utf8')).toMatch(/after\n$/);
    }
    rmSync(folder, { recursive: true });
  },
);

test.each([
  'ENOENT',
  'ECONNREFUSED',
  'EACCES',
  'EAGAIN',
  'ENOBUFS',
  'ENOMEM',
  'EPERM',
  'EMSGSIZE',
  'EINTR',
  'ENOTDIR',
])(
  'sendto gives %s to the system log: nothing is thrown, nothing spins, and later lines are sent',
  async (errno) => {
    for (const [, passed, left] of [
      ['first', 0, 1],
      ['second', 1, 1],
      ['all', 0, Number.POSITIVE_INFINITY],
    ] as const) {
      const faults = new Faults(passed);
      const sent: string[] = [];
      const libc: Libc = {
        ...real,
        sendto(_, bytes) {
          if (faults.strikes()) {
            return -(numberOf.get(errno) ?? 0);
          }
          sent.push(new TextDecoder().decode(bytes));
          return bytes.byteLength;
        },
      };
      const log = socketSyslog(libc, '/dev/log');
      faults.left = left;
      for (const line of ['one', 'two', 'three']) {
        say(log, line);
        await pause(FAULT_MS / 3);
      }
      expect(faults.failed).toBeLessThan(MOST_ATTEMPTS);
      faults.left = 0;
      say(log, 'after');
      await log.close();
      expect(sent.at(-1)).toMatch(/after$/);
    }
  },
);
