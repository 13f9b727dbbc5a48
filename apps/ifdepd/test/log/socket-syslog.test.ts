import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc, must, openSocket } from '@ifdepd/libc';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import type { LogEntry } from '../../src/log/index.ts';
import { socketSyslog } from '../../src/log/socket-syslog.ts';
import { unixAddress } from '../../src/system/unix-address.ts';

const libc = loadLibc();
const line = (message: string): LogEntry => ({ event: 'notice', level: 'info', message });

/** A place for a logger's socket. */
function place() {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-log-'));
  const path = join(folder, 'log');
  return {
    path,
    /** A logger that listens there from now on. */
    listen() {
      const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
      const socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, 'log socket');
      must(libc, libc.bind(socket.fd, unixAddress(libc.target, path) ?? new Uint8Array()), 'bind', path);
      const heard: string[] = [];
      const buffer = new Uint8Array(4096);
      const hear = () => {
        for (let size = 1; size > 0; ) {
          size = libc.recvfrom(socket.fd, buffer, 0, null);
          if (size > 0) {
            heard.push(/: (.*)$/.exec(new TextDecoder().decode(buffer.subarray(0, size)))?.[1] ?? '');
          }
        }
        return heard;
      };
      return { hear, [Symbol.dispose]: () => socket.close() };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test('lines wait for a logger that is not there yet, and come in their order with the next one', async () => {
  using at = place();
  const log = socketSyslog(libc, at.path);
  log.write(line('one'));
  log.write(line('two'));
  using logger = at.listen();
  log.write(line('three'));
  expect(logger.hear()).toEqual(['one', 'two', 'three']);
  await log.close();
});

test('a logger that comes gets what waits although nothing more is said', async () => {
  using at = place();
  const log = socketSyslog(libc, at.path);
  log.write(line('one'));
  using logger = at.listen();
  await until('the line', () => logger.hear().includes('one'));
  await log.close();
});

test('lines wait for a stopped logger, and the next one gets them', async () => {
  using at = place();
  const log = socketSyslog(libc, at.path);
  {
    using first = at.listen();
    log.write(line('one'));
    expect(first.hear()).toEqual(['one']);
  }
  log.write(line('two'));
  rmSync(at.path);
  using second = at.listen();
  log.write(line('three'));
  expect(second.hear()).toEqual(['two', 'three']);
  await log.close();
});

test('a line that no logger takes holds up none behind it', async () => {
  using at = place();
  using logger = at.listen();
  const log = socketSyslog(libc, at.path);
  log.write(line('x'.repeat(4 * 1024 * 1024)));
  log.write(line('short'));
  await until('the line behind it', () => logger.hear().includes('short'));
  await log.close();
});
