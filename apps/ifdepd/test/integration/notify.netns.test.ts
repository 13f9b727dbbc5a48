import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc, must, openSocket } from '@ifdepd/libc';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

/** A service manager's end: a real datagram socket. */
function manager(name: (folder: string) => string) {
  const libc = loadLibc();
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-notify-'));
  const path = name(folder);
  const { SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  const socket = openSocket(libc, 1, SOCK_DGRAM | SOCK_NONBLOCK, 0, 'notify socket');
  const bytes = new TextEncoder().encode(path);
  const address = new Uint8Array(2 + bytes.byteLength);
  new DataView(address.buffer).setUint16(0, 1, true);
  address.set(bytes, 2);
  if (path.startsWith('@')) {
    address[2] = 0;
  }
  must(libc, libc.bind(socket.fd, address), 'bind', path);
  const messages: string[] = [];
  const buffer = new Uint8Array(4096);
  return {
    path,
    async message(pattern: RegExp): Promise<string> {
      return until(
        () => `${pattern} in ${messages.join(' | ')}`,
        () => {
          for (let length = 1; length > 0; ) {
            length = libc.recvfrom(socket.fd, buffer, 0, null);
            if (length > 0) {
              messages.push(new TextDecoder().decode(buffer.subarray(0, length)));
            }
          }
          return messages.find((one) => pattern.test(one));
        },
      );
    },
    [Symbol.dispose]() {
      socket.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test.each([
  ['a path', (folder: string) => join(folder, 'notify')],
  ['an abstract name', () => `@ifdepd-test-${process.pid}`],
])('the service manager at %s gets every state of the daemon', async (_title, name) => {
  using _lab = host('em0', 'carp0');
  using listener = manager(name);
  using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
  const env = { NOTIFY_SOCKET: listener.path, WATCHDOG_USEC: '100000' };
  await using running = await daemon(['-f', file.path], { env });
  await listener.message(/^READY=1\nSTATUS=1 group from /);
  await listener.message(/^WATCHDOG=1$/);
  file.write('groups: {}');
  running.signal('SIGHUP');
  await listener.message(/^RELOADING=1\nMONOTONIC_USEC=\d+$/);
  await listener.message(/^READY=1\nSTATUS=not reloaded/);
  running.signal('SIGTERM');
  await listener.message(/^STOPPING=1$/);
  expect(await running.ended).toMatchObject({ code: 0 });
});

test('names in a STATUS are no assignments, and nothing that a terminal obeys', async () => {
  using _lab = host('em0', 'carp0');
  using listener = manager((folder) => join(folder, 'notify'));
  using place = configFile('');
  const folder = join(place.folder, 'a\nREADY=0\u001b[2J\u009b1m');
  mkdirSync(folder);
  const path = join(folder, 'ifdepd.conf');
  writeFileSync(path, 'groups: {g: {sources: [em0], destinations: [carp0]}}');
  await using running = await daemon(['-f', path], { env: { NOTIFY_SOCKET: listener.path } });
  const started = await listener.message(/^READY=1\n/);
  writeFileSync(path, 'groups: {}');
  running.signal('SIGHUP');
  const refused = await listener.message(/STATUS=not reloaded/);
  for (const message of [started, refused]) {
    expect(message.split('\n')).toEqual(['READY=1', expect.stringMatching(/^STATUS=[^\p{Cc}\p{Cf}]+$/u)]);
  }
  expect(started).toContain('a\\x0aREADY=0\\x1b[2J\\x9b1m');
});
