import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

const words = ['-S', 'em0', '-D', 'carp0'];
const parsed = (lines: string): { event: string; time: string }[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('events when no daemon runs', () => {
  test('events when no daemon runs come from the journal, and a message says so', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    using file = configFile('');
    const env = { RUNTIME_DIRECTORY: file.folder, STATE_DIRECTORY: file.folder };
    await using first = await daemon(words, { env });
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    first.signal('SIGTERM');
    await first.ended;
    const { code, stdout, stderr } = await runToEnd(['events', '--json'], { env });
    expect({ code, events: parsed(stdout).map(({ event }) => event) }).toEqual({
      code: 0,
      events: ['start', 'source', 'transition', 'ready', 'source', 'transition', 'action', 'stop'],
    });
    expect(stderr).toMatch(/^ifdepd: no daemon answers; this is what was kept in \S+\.journal\n$/);
    expect((await runToEnd(['events'], { env })).stdout).toMatch(/carp0: set down \(cli: em0 failed\)/);
    expect((await runToEnd(['events', '--since', '0'], { env })).stdout).toBe('');

    // Another daemon has a journal of its own: its events come in between, by their time.
    await using second = await daemon(['-S', 'em0', '-D', 'carp1'], { env });
    second.signal('SIGTERM');
    await second.ended;
    const both = parsed((await runToEnd(['events', '--json'], { env })).stdout);
    expect(both.filter(({ event }) => event === 'stop')).toHaveLength(2);
    expect(both.map(({ time }) => time)).toEqual(both.map(({ time }) => time).sort());
  });

  test('events with no daemon running and no journal: exit 69', async () => {
    using _lab = host('em0');
    using file = configFile('');
    const env = { RUNTIME_DIRECTORY: file.folder, STATE_DIRECTORY: file.folder };
    expect(await runToEnd(['events'], { env })).toMatchObject({
      code: 69,
      stdout: '',
      stderr: expect.stringMatching(
        /^ifdepd: no daemon answers at .*, and there is no readable journal for this network namespace in .*\n$/,
      ),
    });
  });
});

describe('check and plan without a configuration', () => {
  test.each(['check', 'plan'])('%s: that of the daemon that runs', async (command) => {
    using _lab = host('em0', 'carp0');
    using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
    const socket = join(file.folder, 's');
    const ask = (...more: string[]) => runToEnd([command, '-s', socket, ...more]);
    expect(await ask()).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/^ifdepd: nothing to look at: .*\n$/),
    });
    await using running = await daemon(['-s', socket, '-f', file.path]);
    expect(JSON.parse((await ask('--json')).stdout)).toMatchObject({ config: file.path });
    // What a reload would say.
    file.write('groups: {g: {sources: [em0], destinations: [carp0], up-dealy: 1}}');
    expect(await ask()).toMatchObject({ code: 65, stderr: expect.stringMatching(/did you mean 'up-delay'/) });
    running.signal('SIGTERM');
    await running.ended;
    await using _other = await daemon(['-s', socket, ...words]);
    expect(await ask()).toMatchObject({ code: 64, stderr: expect.stringMatching(/has no file/) });
  });
});

describe('a configuration from standard input', () => {
  test.each([
    ['check -f -', 0, /^standard input: fine/m],
    ['-n -f -', 0, /^standard input: fine/m],
    ['plan -f -', 0, /^carp0 /m],
    ['graph -f -', 0, /^g → carp0$/m],
    ['-f -', 64, /^ifdepd: -f -: a daemon reads its file again at a reload/],
    ['simulate -f - -', 64, /^ifdepd: standard input is either the configuration or the timeline, not both/],
  ])('%s: exit %i', async (line, code, words) => {
    using _lab = host('em0', 'carp0');
    using file = configFile('groups: {g: {sources: [em0], destinations: carp0}}');
    const under = ['sh', '-c', `cat '${file.path}' | "$@"`, 'sh'];
    const ended = await runToEnd(line.split(' '), { under });
    expect({ ...ended, said: ended.stdout + ended.stderr }).toMatchObject({
      code,
      said: expect.stringMatching(words),
    });
  });

  test('a mistake names its line, and standard input', async () => {
    using file = configFile('groups:\n  g: {sources: [em0], destinatoins: [carp0]}');
    const under = ['sh', '-c', `cat '${file.path}' | "$@"`, 'sh'];
    expect(await runToEnd(['check', '-f', '-'], { under })).toMatchObject({
      code: 65,
      stderr: expect.stringMatching(/^ifdepd: standard input:2:/),
    });
  });
});

describe('--netns', () => {
  test.each([
    ['check', words],
    ['plan', words],
    ['interfaces', []],
    ['events', []],
  ])('%s: one that is not there', async (command, more) => {
    expect(await runToEnd([command, ...more, '--netns', 'no-such-one'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ifdepd: --netns 'no-such-one': there is no \/run\/netns\/no-such-one/),
    });
  });

  test('check, plan and interfaces look there', async () => {
    using _here = host('em9');
    const script = `mount -t tmpfs tmpfs /run; mkdir /run/netns; ip netns add blue
ip -n blue link add em0 type veth peer name carp0; exec "$@"`;
    const under = ['unshare', '--mount', 'sh', '-ec', script, 'sh'];
    const names = async (...line: string[]) => runToEnd([...line, '--netns', 'blue'], { under });
    expect(JSON.parse((await names('interfaces', '--json')).stdout)).toContainEqual(
      expect.objectContaining({ name: 'carp0' }),
    );
    expect(await names('plan', ...words)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^carp0 +stays down\n/),
    });
    expect(await names('check', ...words)).toMatchObject({ code: 0 });
    expect(await names('check', '-S', 'em9', '-D', 'carp0')).toMatchObject({ code: 1 });
  });
});

describe('a server that cannot be opened ends the start before anything is set', () => {
  test.each([
    ['a socket whose path is too long', ['-s', `/tmp/${'x'.repeat(120)}`], 64, /at most 103/],
    ['a socket in a folder that is not there', ['-s', '/no/such/s'], 71, /there is no directory \/no\/such/],
    [
      'an address of metrics that is not ours',
      ['--metrics', '192.0.2.1:1'],
      71,
      /cannot listen on 192\.0\.2\.1:1 for metrics: this host has no such address/,
    ],
  ])('%s', async (_title, more, code, message) => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    const ended = await runToEnd([...more, ...words]);
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toMatch(/set down/);
    expect(lab.isUp('carp0')).toBe(true);
  });

  test.each(['check', 'plan'])('%s says so before the start', async (verb) => {
    using _lab = host('em0', 'carp0');
    const ended = await runToEnd([verb, '--metrics', '192.0.2.1:1', ...words]);
    expect(ended).toMatchObject({
      code: 71,
      stdout: expect.stringMatching(/metrics on 192\.0\.2\.1.*this host has no such address/),
    });
  });

  test('a socket that another process has, also in the background', async () => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    using file = configFile('');
    const socket = join(file.folder, 's');
    const server = createServer().listen(socket);
    await until('the socket', () => existsSync(socket));
    const ended = await runToEnd(['-d', '-p', join(file.folder, 'pid'), '-s', socket, ...words]);
    server.close();
    expect(ended).toMatchObject({ code: 75, stderr: expect.stringMatching(/another process listens on it/) });
    expect(lab.isUp('carp0')).toBe(true);
  });
});

describe('reload', () => {
  test('a name that is new and means no interface: refused, all of them named', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
    const socket = join(file.folder, 's');
    await using running = await daemon(['-s', socket, '-f', file.path]);
    file.write('groups: {g: {sources: [em0, emO], destinations: [carp0, carp9]}}');
    expect(await runToEnd(['reload', '-s', socket])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^ifdepd: no such interface: emO \(source\), carp9 \(destination\)\..*\n$/,
      ),
    });
    await running.line(/not reloaded, going on as before: no such interface: emO/);
    expect(lab.isUp('carp0')).toBe(true);
  });

  test('is taken with --wait, and one that was there before may be missing', async () => {
    using lab = host('em0', 'em1', 'carp0');
    using file = configFile('groups: {g: {sources: [em0, em1], destinations: [carp0]}}');
    await using running = await daemon(['-f', file.path]);
    spawnSync('ip', ['link', 'delete', 'em1']);
    await lab.allAre('down', ['carp0']);
    file.write('groups: {g: {require: {any: [em0, em1]}, destinations: [carp0]}}');
    running.signal('SIGHUP');
    await running.line(/reloaded: 1 group of/);
    await lab.allAre('up', ['carp0']);
    running.signal('SIGTERM');
    await running.ended;
    await using waiting = await daemon(['--wait', '-f', file.path]);
    file.write('groups: {g: {sources: [em0, em2], destinations: [carp0]}}');
    waiting.signal('SIGHUP');
    await waiting.line(/reloaded: 1 group of/);
    await lab.allAre('down', ['carp0']);
  });

  test('says what takes a restart', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
    await using running = await daemon(['-f', file.path]);
    file.write('groups: {g: {sources: [em0], destinations: [carp0]}}\nlog: {format: json}\n');
    running.signal('SIGHUP');
    await running.line(/: log takes effect at the next start/);
  });
});

test('a log target that nobody would see is refused with -d, on the command line and in a file', async () => {
  using lab = host('em0', 'carp0');
  lab.netif.setAdmin('em0', 'down');
  using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}\nlog: {target: stderr}\n');
  expect(await runToEnd(['-d', '-f', file.path])).toMatchObject({
    code: 64,
    stderr: `ifdepd: -d cannot be combined with {target: stderr} in ${file.path}; in the background nobody would see the log\n`,
  });
  expect(readdirSync(file.folder)).toEqual(['ifdepd.conf']);
  expect(lab.isUp('carp0')).toBe(true);
});
