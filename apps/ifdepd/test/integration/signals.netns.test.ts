import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, run, runToEnd } from '../support/program.ts';
import { serviceManager } from '../support/service-manager.ts';

/**
 * A file for Node's --require, by which a process sends itself a signal right after the first instructions of the
 * program have caught the last of theirs.
 */
function signalledAtOnce(signal: NodeJS.Signals) {
  return configFile(`const { on } = process;
process.on = function (name, listener) {
  on.call(this, name, listener);
  if (name === 'SIGUSR2') {
    process.on = on;
    process.kill(process.pid, '${signal}');
  }
  return this;
};`);
}

test('SIGHUP before anything is loaded ends nothing: it is heeded after the first decision', async () => {
  using lab = host('em0', 'carp0');
  using file = signalledAtOnce('SIGHUP');
  const env = { NODE_OPTIONS: `--require ${file.path}` };
  await using running = await daemon(['-S', 'em0', '-D', 'carp0'], { env });
  await running.line(/: interfaces read again \(requested\)$/);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
});

test('SIGUSR1 before anything is loaded: the status follows the first decision, and no inspector opens', async () => {
  using _lab = host('em0', 'carp0');
  using file = signalledAtOnce('SIGUSR1');
  const env = { NODE_OPTIONS: `--require ${file.path}` };
  await using running = await daemon(['-S', 'em0', '-D', 'carp0'], { env });
  await running.line(/: carp0 is up/);
  expect(running.lines.join('\n')).not.toContain('Debugger');
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s before anything is loaded: it stops in order after the first decision, without a pid file',
  async (signal) => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    using file = signalledAtOnce(signal);
    const env = { NODE_OPTIONS: `--require ${file.path}` };
    const pidfile = join(file.folder, 'ifdepd.pid');
    const ended = await runToEnd(['-p', pidfile, '-S', 'em0', '-D', 'carp0'], { env });
    expect(ended).toMatchObject({
      code: 0,
      signal: null,
      stderr: expect.stringContaining(`stopped by ${signal}`),
    });
    expect(ended.stderr).not.toContain(': ready: ');
    expect(existsSync(pidfile)).toBe(false);
    expect(lab.isUp('carp0')).toBe(false);
  },
);

test('a client is ended by SIGTERM that came before it was loaded, as any program is', async () => {
  using file = signalledAtOnce('SIGTERM');
  const env = { NODE_OPTIONS: `--require ${file.path}` };
  expect(await runToEnd(['events', '--follow'], { env })).toMatchObject({ code: null, signal: 'SIGTERM' });
});

test('as process 1 of a container, a client is ended by SIGTERM and the daemon stops in order', async () => {
  using _lab = host('em0', 'carp0');
  using file = signalledAtOnce('SIGTERM');
  const env = { NODE_OPTIONS: `--require ${file.path}` };
  const under = ['unshare', '--pid', '--fork', '--mount-proc'];
  // The kernel keeps a signal from it that it does not catch.
  expect(await runToEnd(['events', '--follow'], { env, under })).toMatchObject({ code: 128 + 15 });
  expect(await runToEnd(['-S', 'em0', '-D', 'carp0'], { env, under })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('stopped by SIGTERM'),
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s: exit 0, destinations as they are', async (signal) => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  running.signal(signal);
  const ended = await running.ended;
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.stderr).toMatch(new RegExp(`stopped by ${signal}; carp0 remains DOWN\\n$`));
  expect(lab.isUp('carp0')).toBe(false);
});

test('SIGUSR2 asks for nothing, and ends nothing', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  running.signal('SIGUSR2');
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/carp0: set down/);
});

test('SIGHUP reads every interface again and goes on', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  running.signal('SIGHUP');
  await running.line(/: interfaces read again \(requested\)$/);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/carp0: set down/);
  expect(running.lines.filter((line) => /carp0: set/.test(line))).toHaveLength(1);
});

test('SIGTERM in the middle of a reload, under a service manager: the reload ends there, with no line after the last and exit 0', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
  using manager = serviceManager();
  const running = await daemon(['-f', file.path], { env: { NOTIFY_SOCKET: manager.path } });
  running.signal('SIGHUP');
  running.signal('SIGTERM');
  expect((await running.ended).code).toBe(0);
  expect(running.lines.at(-1)).toMatch(/: stopped by SIGTERM$/);
  expect(lab.isUp('carp0')).toBe(true);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends a check of a configuration that is a named pipe without a writer',
  async (signal) => {
    using file = configFile('');
    const pipe = join(file.folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    await using running = run(['-n', '-f', pipe]);
    // Opening the pipe waits in the kernel, where nothing of the program runs.
    await until('it to wait for a writer', () =>
      readFileSync(`/proc/${running.pid}/wchan`, 'latin1').includes('wait_for_partner'),
    );
    running.signal(signal);
    expect(await running.ended).toMatchObject({ signal });
  },
);
