import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';
import { serviceManager } from '../support/service-manager.ts';

test.each([
  ['a path', (folder: string) => join(folder, 'notify')],
  ['an abstract name', () => `@ifdepd-test-${process.pid}`],
])('the service manager at %s gets every state of the daemon', async (_title, name) => {
  using _lab = host('em0', 'carp0');
  using listener = serviceManager(name);
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
  using listener = serviceManager((folder) => join(folder, 'notify'));
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
