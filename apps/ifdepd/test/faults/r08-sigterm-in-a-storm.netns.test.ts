import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, socket } from '../support/program.ts';

/** Commands without end, some at a time. */
function* aliases(): Iterable<string> {
  for (;;) {
    yield 'link set em0 alias a\nlink set em0 alias b\n'.repeat(500);
  }
}

// How long it takes is measured by `npm run chaos -- --fault R8`: here the machine may be busy with other tests.
test.each([
  ['leave', false],
  ['restore', true],
  ['down', false],
])('SIGTERM in the middle of a storm: an ordered end, on-exit %s', async (onExit, up) => {
  using lab = host('em0', 'em1', 'carp0');
  using place = configFile('');
  const pidfile = join(place.folder, 'pid');
  await using running = await daemon(['-p', pidfile, '--on-exit', onExit, '-S', 'em0:em1', '-D', 'carp0']);
  lab.cables.em1.cut();
  await lab.allAre('down', ['carp0']);
  const storm = spawn('ip', ['-batch', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const over = once(storm, 'close');
  // It goes on until it is killed.
  const commands = Readable.from(aliases());
  storm.stdin.on('error', () => commands.destroy());
  commands.pipe(storm.stdin);
  await running.line(/carp0: set down/);
  running.signal('SIGTERM');
  const ended = await running.ended;
  expect(storm.exitCode).toBeNull();
  storm.kill('SIGKILL');
  await over;
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.stderr).toMatch(/: stopped by SIGTERM.*\n$/);
  expect(lab.isUp('carp0')).toBe(up);
  expect([existsSync(socket), existsSync(pidfile)]).toEqual([false, false]);
});
