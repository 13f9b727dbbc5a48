import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ask, askStatus } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, run, runToEnd, socket } from '../support/program.ts';

const words = ['-S', 'em0', '-D', 'carp0'];

describe('status', () => {
  test('--json is the object of the manual', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('');
    const socket = join(file.folder, 's');
    await using running = await daemon(['-s', socket, ...words]);
    expect(statSync(socket).mode & 0o777).toBe(0o660);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    const { code, stdout } = await runToEnd(['status', '--json', '-s', socket]);
    expect(code).toBe(0);
    const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(JSON.parse(stdout)).toEqual({
      version: expect.any(String),
      pid: running.pid,
      platform: 'linux',
      backend: 'rtnetlink',
      startedAt: iso,
      config: null,
      groups: [
        {
          name: 'cli',
          phase: 'down',
          since: iso,
          until: null,
          blame: ['em0'],
          hidden: 0,
          penalty: 0,
          sources: [
            {
              id: 'em0',
              health: 'failed',
              reason: expect.stringMatching(/no carrier|lower layer/),
              since: iso,
            },
          ],
          destinations: ['carp0'],
        },
      ],
      destinations: [{ id: 'carp0', want: 'down', is: 'down', heldBy: ['cli'], owned: true, error: null }],
      counters: {
        events: expect.any(Number),
        transitions: 2,
        actions: 1,
        failures: 0,
        resyncs: 0,
        overruns: 0,
        foreignChanges: 0,
      },
    });
  });

  test('curl can ask, too', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile('');
    const socket = join(file.folder, 's');
    await using _running = await daemon(['-s', socket, ...words]);
    const curl = (...more: string[]) =>
      spawnSync('curl', ['-s', '--unix-socket', socket, ...more], { encoding: 'utf8' });
    expect(curl('http://x/healthz').stdout).toBe('ok\n');
    expect((JSON.parse(curl('http://x/v1/status').stdout) as StatusReport).groups[0]?.phase).toBe('up');
    const interfaces: unknown = JSON.parse(curl('http://x/v1/interfaces').stdout);
    // Of no interest to the rules, and shown all the same.
    expect(interfaces).toContainEqual(expect.objectContaining({ name: 'em0-x', health: 'active' }));
    expect(interfaces).toContainEqual(expect.objectContaining({ name: 'em0', health: 'active' }));
    expect(curl('http://x/metrics').stdout).toMatch(/^ifdepd_group_up\{group="cli"\} 1$/m);
    for (const [body, already] of [
      ['for=10m', ''],
      ['{"for": "10m"}', ',"already":true'],
    ] as const) {
      const paused = `{"group":"cli","paused":true${already}}\n`;
      expect(curl('-d', body, 'http://x/v1/groups/cli/pause').stdout).toBe(paused);
      const { groups } = JSON.parse(curl('http://x/v1/status').stdout) as StatusReport;
      expect(groups[0]).toMatchObject({ phase: 'paused', until: expect.any(String) });
    }
    for (const body of ['for=ever', '{"for": [1, 2]}', '{"for":']) {
      expect(curl('-i', '-d', body, 'http://x/v1/groups/cli/pause').stdout).toMatch(/^HTTP\/1\.1 400 /);
    }
    for (const resumed of [true, false]) {
      const answer = `{"group":"cli","resumed":${resumed}}\n`;
      expect(curl('-X', 'POST', 'http://x/v1/groups/cli/resume').stdout).toBe(answer);
    }
    expect(curl('-i', 'http://x/v1/nothing').stdout).toMatch(
      /^HTTP\/1\.1 404 [\s\S]*"no route for GET \/v1\/nothing"/,
    );
    expect(curl('-i', '-X', 'POST', 'http://x/v1/status').stdout).toMatch(
      /^HTTP\/1\.1 405 [\s\S]*allow: GET/,
    );
    expect(curl('-i', 'http://x/v1/explain/%E0%A4%A').stdout).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test('status and explain of a destination that another program set down say so, and why it is left so', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const socket = join(file.folder, 's');
  await using running = await daemon(['-s', socket, ...words]);
  lab.netif.setAdmin('carp0', 'down');
  await running.line(/carp0: set down by another program; left down/);
  const status = (await runToEnd(['status', '--json', '-s', socket])).stdout;
  expect((JSON.parse(status) as StatusReport).destinations[0]).toMatchObject({
    is: 'down',
    want: 'up',
    differs: { reason: 'changed', left: true, retryAt: null, since: expect.any(String) },
  });
  expect((await runToEnd(['status', '-s', socket])).stdout).toMatch(
    /^carp0 +down +up +another program set it down .+ ago; left so$/m,
  );
  expect((await runToEnd(['explain', '-s', socket, 'carp0'])).stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /^carp0 is down, but cli wants it up\. Another program set it down .* ago; ifdepd leaves it so \(enforce: down\)\./,
  );
});

test('status begins with a verdict, and status --check ends with the code of that verdict', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const socket = join(file.folder, 's');
  const check = () => runToEnd(['status', '--check', '-s', socket]);
  expect(await check()).toEqual({
    code: 69,
    signal: null,
    stdout: expect.stringMatching(/^no daemon answers at \S+ .*\n$/),
    stderr: '',
  });
  await using running = await daemon(['-s', socket, ...words]);
  expect(await check()).toMatchObject({ code: 0, stdout: '1 group up\n', stderr: '' });
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  expect(await check()).toMatchObject({
    code: 1,
    stdout: '1 of 1 group down (cli), 1 destination held down (carp0)\n',
  });
  const { stdout } = await runToEnd(['status', '-s', socket]);
  expect(stdout.split('\n')[1]).toBe('1 of 1 group down, 1 destination held down');
  lab.cables.em0.repair();
  // Until the daemon has seen it up, it would set it up again.
  await running.line(/carp0: set up /);
  lab.netif.setAdmin('carp0', 'down');
  await running.line(/carp0: set down by another program; left down/);
  expect(await check()).toMatchObject({ code: 2, stdout: '1 group up, 1 is not as wanted (carp0)\n' });
  const json = await runToEnd(['status', '--check', '--json', '-s', socket]);
  expect(json.code).toBe(2);
  expect(JSON.parse(json.stdout)).toEqual({ text: '1 group up, 1 is not as wanted (carp0)', exitCode: 2 });
});

test('a drain and a latch by command, with what status, explain, metrics and the socket say of them', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('groups: {g: {sources: [em0], destinations: [carp0], restore: manual}}');
  const socket = join(file.folder, 's');
  await using running = await daemon(['-s', socket, '-f', file.path]);
  const say = async (command: string, ...rest: string[]) =>
    (await runToEnd([command, '-s', socket, ...rest])).stdout;
  const held = async () => /^ifdepd_group_held\{group="g"\} (\d)$/m.exec(await ask(socket, '/metrics'))?.[1];

  expect(await say('up', 'g')).toBe('g: was not drained\n');
  expect(await say('down', 'g', '--for', '30m')).toBe('g: drained for 30m\n');
  await lab.allAre('down', ['carp0']);
  await running.line(/carp0: set down \(g: drained by an operator\)/);
  expect(await say('status')).toMatch(/^g +drained .*for \d+ min more/m);
  expect((await askStatus(socket)).groups).toMatchObject([
    { phase: 'drained', blame: ['g'], until: expect.any(String) },
  ]);
  expect(await say('down', 'g')).toBe('g: was drained already; now drained; ifdepd up g\n');
  expect(await say('explain', 'carp0')).toMatch(
    /^carp0 is down because g is drained\. `ifdepd up g` brings it up\.$/m,
  );
  expect(await held()).toBe('1');
  expect(await say('resume', 'g')).toBe('g: was not paused\n');
  expect(await say('up', 'g')).toBe('g: drain ended\n');
  await lab.allAre('up', ['carp0']);
  expect(await held()).toBe('0');

  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  expect(await runToEnd(['restore', '-s', socket, 'g'])).toMatchObject({
    code: 1,
    stderr: 'ifdepd: g cannot be restored yet: em0 failed\n',
  });
  lab.cables.em0.repair();
  await running.line(/em0: failed -> active/);
  expect(await say('status')).toMatch(/^g +down .*until ifdepd restore g/m);
  expect((await askStatus(socket)).groups).toMatchObject([{ phase: 'down', latched: true }]);
  expect(await say('explain', 'g')).toMatch(/all sources are active\. `ifdepd restore g` brings it up\.\n/);
  expect(lab.isUp('carp0')).toBe(false);
  expect(await ask(socket, '/v1/groups/g/restore', 'POST')).toBe('{"group":"g","restored":true}\n');
  await lab.allAre('up', ['carp0']);
  expect(await say('restore', 'g')).toBe('g: was not latched\n');
});

test('a group without destinations is watched, and shown as up or down', async () => {
  using lab = host('em0');
  using file = configFile('groups: {steady: {sources: [em0]}}');
  const socket = join(file.folder, 's');
  await using running = await daemon(['-s', socket, '-f', file.path]);
  lab.cables.em0.cut();
  await running.line(/steady: up -> down \(em0 failed\)/);
  const { groups, destinations } = await askStatus(socket);
  expect([groups, destinations]).toMatchObject([[{ name: 'steady', phase: 'down', destinations: [] }], []]);
});

test('the commands of an operator', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
  const socket = join(file.folder, 's');
  await using running = await daemon(['-s', socket, '-f', file.path]);
  const say = async (...line: string[]) => {
    const [command = '', ...rest] = line;
    return await runToEnd([command, '-s', socket, ...rest]);
  };
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);

  expect((await say('status')).stdout).toMatch(/^g +down .* em0 failed \(.+\)$/m);
  expect((await say('explain', 'carp0')).stdout).toMatch(/^carp0 is down because em0 failed/);
  expect(await say('explain', 'no')).toMatchObject({
    code: 1,
    stderr: "ifdepd: there is no group, source or destination 'no'\n",
  });
  expect((await say('events')).stdout).toMatch(/carp0: set down \(g: em0 failed\)/);
  expect((await say('graph')).stdout).toBe('g → carp0\n  └─ em0\n');
  expect((await say('graph', '--format', 'mermaid')).stdout).toMatch(/^flowchart LR\n/);

  expect(await say('pause', 'g', '--for', '10m')).toMatchObject({ code: 0, stdout: 'g: paused for 10m\n' });
  lab.cables.em0.repair();
  await running.line(/em0: failed -> active/);
  expect((await say('status')).stdout).toMatch(/^g +paused .*for \d+ min more/m);
  expect(lab.isUp('carp0')).toBe(false);
  const again = await say('pause', 'g', '--for', '20m');
  expect(again).toMatchObject({ code: 0, stdout: 'g: was paused already; now paused for 20m\n' });
  expect(await say('resume', 'g')).toMatchObject({ code: 0, stdout: 'g: resumed\n' });
  expect(await say('resume', 'g')).toMatchObject({ code: 0, stdout: 'g: was not paused\n' });
  expect((await say('events')).stdout.match(/resumed by an operator/g)).toHaveLength(1);
  await lab.allAre('up', ['carp0']);
  expect(await say('pause', 'no')).toMatchObject({ code: 1, stderr: "ifdepd: there is no group 'no'\n" });

  file.write('groups: {g: {sources: [em0], destinations: [carp0], up-dealy: 1}}');
  const bad = await say('reload');
  expect(bad).toMatchObject({
    code: 65,
    stderr: expect.stringMatching(/^ifdepd: \S+:1:\d+: groups\.g\.up-dealy: unknown key/),
  });
  file.write('groups: {h: {sources: [em0], destinations: [carp0]}}');
  expect(await say('reload')).toMatchObject({
    code: 0,
    stdout: 'reloaded\nadded: group h\nremoved: group g\n',
  });
  await running.line(/reloaded: 1 group of \S+: added group h; removed group g$/);
  expect((await say('status')).stdout).toMatch(/^h +up /m);

  const later = 'groups: {h: {sources: [em0], destinations: [carp0]}}\nmetrics: {listen: "127.0.0.1:0"}\n';
  for (const [text, answer] of [
    [later, 'reloaded; metrics takes effect at the next start\n'],
    // It is still not so.
    [later, 'reloaded; metrics takes effect at the next start\n'],
    [`${later}log: {format: json}`, 'reloaded; log and metrics take effect at the next start\n'],
    ['groups: {h: {sources: [em0], destinations: [carp0]}}', 'reloaded\n'],
  ] as const) {
    file.write(text);
    expect(await say('reload')).toMatchObject({ code: 0, stdout: answer });
  }
  file.write('groups: {h: {sources: [em0], destinations: [carp0], up-delay: 1}}');
  expect(JSON.parse((await say('reload', '--json')).stdout)).toEqual({
    reloaded: true,
    added: [],
    removed: [],
    changed: ['group h (up-delay)'],
  });
});

test('the metrics of the control socket and those over TCP are the same families', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['--metrics', '0', ...words]);
  const port = /:(\d+)$/.exec(await running.line(/metrics on 127\.0\.0\.1:\d+$/))?.[1];
  const families = (...options: string[]) => {
    const { stdout } = spawnSync('curl', ['-s', ...options], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => /^# (?:TYPE|HELP) /.test(line));
  };
  const bySocket = families('--unix-socket', socket, 'http://x/metrics');
  expect(bySocket).toContain('# TYPE ifdepd_destination_up gauge');
  expect(families(`http://127.0.0.1:${port}/metrics`)).toEqual(bySocket);

  const number = (name: string) => {
    const { stdout } = spawnSync('curl', ['-s', '--unix-socket', socket, 'http://x/metrics'], {
      encoding: 'utf8',
    });
    return stdout
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.slice(name.length + 1);
  };
  expect(number('ifdepd_destination_up{destination="carp0"}')).toBe('1');
  lab.netif.setAdmin('carp0', 'down');
  await until('it to be seen', () => number('ifdepd_destination_up{destination="carp0"}') === '0');
  expect(number('ifdepd_foreign_changes_total{destination="carp0"}')).toBe('1');
});

test('events with --lines, --group and --interface shows those alone, also while it follows', async () => {
  using lab = host('em0', 'em1', 'carp0', 'carp1');
  using file = configFile(
    'groups: {g: {sources: [em0], destinations: [carp0]}, h: {sources: [em1], destinations: [carp1]}}',
  );
  const socket = join(file.folder, 's');
  await using running = await daemon(['-s', socket, '-f', file.path]);
  await using following = run(['events', '-s', socket, '--follow', '--group', 'h', '-n', '1']);
  await until('the last event of h', () => following.output.includes('h: '));
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  lab.cables.em1.cut();
  await lab.allAre('down', ['carp1']);
  await until('the events of h', () => following.output.includes('carp1: set down'));
  expect(following.output).not.toMatch(/carp0|em0/);
  const shown = async (...options: string[]) =>
    (await runToEnd(['events', '-s', socket, ...options])).stdout.split('\n').slice(0, -1);
  expect((await shown('--group', 'g')).filter((line) => /carp1|em1|h:/.test(line))).toEqual([]);
  expect(await shown('--interface', 'carp0')).toEqual([expect.stringMatching(/carp0: set down/)]);
  expect(await shown('--lines', '1')).toHaveLength(1);
  expect(await runToEnd(['events', '-s', socket, '-n', 'few'])).toMatchObject({
    code: 64,
    stderr: 'ifdepd: --lines few: must be a number of events\n',
  });
  running.signal('SIGTERM');
});

test('events on a terminal shows the last 50, and all of them with --since', async ({ skip }) => {
  skip(spawnSync('script', ['--version']).error !== undefined, 'script(1) is not installed');
  using _lab = host('em0', 'carp0');
  using file = configFile('');
  const env = { RUNTIME_DIRECTORY: file.folder, STATE_DIRECTORY: file.folder };
  const socket = join(file.folder, 's');
  await using _running = await daemon(['-s', socket, ...words], { env });
  for (let count = 0; count < 15; count += 1) {
    for (const verb of ['pause', 'resume']) {
      await runToEnd([verb, '-s', socket, 'cli']);
    }
  }
  const under = ['sh', '-c', 'exec script -qefc "$*" /dev/null', 'sh'];
  const lines = async (...options: string[]) =>
    (await runToEnd(['events', '-s', socket, ...options], { under })).stdout.split('\n').length - 1;
  expect(await lines()).toBe(50);
  expect(await lines('--since', '1h')).toBeGreaterThan(60);
});

test('events --follow goes on, and --since leaves out what was before', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const socket = join(file.folder, 's');
  await using running = await daemon(['-s', socket, ...words]);
  await using following = run(['events', '-s', socket, '--follow', '--json']);
  await until('what was before', () => following.output.includes('"event":"ready"'));
  const later = await runToEnd(['events', '-s', socket, '--json', '--since', '0']);
  expect(later).toMatchObject({ code: 0, stdout: '' });
  lab.cables.em0.cut();
  await running.line(/carp0: set down/);
  running.signal('SIGTERM');
  const { stdout } = await following.ended;
  expect(
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).event),
  ).toEqual(expect.arrayContaining(['source', 'transition', 'action', 'stop']));
});

describe('no daemon', () => {
  test.each([['status'], ['explain'], ['events'], ['reload']])('%s: exit 69', async (command) => {
    const ended = await runToEnd([command, '-s', '/no/such/socket']);
    expect(ended).toMatchObject({
      code: 69,
      stdout: '',
      stderr: expect.stringMatching(/^ifdepd: no daemon answers at \/no\/such\/socket \(ENOENT\): start one/),
    });
  });

  test('a dead one', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile('');
    const socket = join(file.folder, 's');
    await using running = await daemon(['-s', socket, ...words]);
    running.signal('SIGKILL');
    await running.ended;
    expect(await runToEnd(['status', '-s', socket])).toMatchObject({ code: 69 });
    // Its socket is taken over.
    await using _next = await daemon(['-s', socket, ...words]);
    expect(await runToEnd(['status', '-s', socket])).toMatchObject({ code: 0 });
  });
});

describe('the socket', () => {
  test('the control socket is removed when the daemon ends', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile('');
    const socket = join(file.folder, 's');
    await using running = await daemon(['-s', socket, ...words]);
    running.signal('SIGTERM');
    await running.ended;
    expect(existsSync(socket)).toBe(false);
  });

  test('a control socket whose path is too long is refused', async () => {
    using _lab = host('em0', 'carp0');
    const ended = await runToEnd(['-s', `/tmp/${'x'.repeat(120)}`, ...words]);
    expect(ended).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/the path has 125 bytes; that of a socket has at most 103/),
    });
  });

  test('a control socket of another process is left alone', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile('');
    const socket = join(file.folder, 's');
    const server = createServer().listen(socket);
    await until('the socket', () => existsSync(socket));
    const ended = await runToEnd(['-s', socket, ...words]);
    expect(ended).toMatchObject({ code: 75, stderr: expect.stringMatching(/another process listens on it/) });
    expect(existsSync(socket)).toBe(true);
    server.close();
  });

  test('a control socket whose path is a file: the file is left alone', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile('precious');
    const ended = await runToEnd(['-s', file.path, ...words]);
    expect(ended).toMatchObject({ code: 71, stderr: expect.stringMatching(/exists and is not a socket/) });
    expect(readFileSync(file.path, 'utf8')).toBe('precious');
  });

  test('a control socket in a folder that does not exist is refused', async () => {
    using _lab = host('em0', 'carp0');
    expect(await runToEnd(['-s', '/no/such/folder/s', ...words])).toMatchObject({ code: 71 });
  });

  test('a second daemon with the default control socket runs without one', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    await using _first = await daemon(words);
    await using second = await daemon(['-S', 'em0', '-D', 'carp1']);
    expect(second.lines).toContainEqual(
      expect.stringMatching(/no control socket: .*another process listens/),
    );
    expect(JSON.parse((await runToEnd(['status', '--json'])).stdout)).toMatchObject({ pid: _first.pid });
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0', 'carp1']);
  });

  test('a daemon without a place for the default control socket runs without one', async () => {
    using lab = host('em0', 'carp0');
    const env = { RUNTIME_DIRECTORY: '/proc/no', STATE_DIRECTORY: '/proc/no' };
    await using running = await daemon(words, { env });
    expect(running.lines).toContainEqual(expect.stringMatching(/no control socket/));
    expect(running.lines).toContainEqual(expect.stringMatching(/destinations are not locked/));
    expect(running.lines).toContainEqual(expect.stringMatching(/the journal is kept in memory only/));
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
  });
});

test('the port of the metrics over TCP answers reads, and nothing that changes the daemon', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['--metrics', '0', ...words]);
  const port = /:(\d+)$/.exec(await running.line(/metrics on 127\.0\.0\.1:\d+$/))?.[1];
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  const curl = (...more: string[]) => spawnSync('curl', ['-s', ...more], { encoding: 'utf8' }).stdout;
  const text = curl(`http://127.0.0.1:${port}/metrics`);
  for (const line of [
    /^# TYPE ifdepd_reaction_seconds histogram$/m,
    /^ifdepd_reaction_seconds_bucket\{le="\+Inf"\} 1$/m,
    /^ifdepd_group_up\{group="cli"\} 0$/m,
    /^ifdepd_source_active\{source="em0"\} 0$/m,
    /^ifdepd_destination_want\{destination="carp0"\} 0$/m,
    /^ifdepd_transitions_total\{group="cli",to="down"\} 1$/m,
    /^ifdepd_action_failures_total\{destination="carp0"\} 0$/m,
    /^ifdepd_resyncs_total 0$/m,
    /^ifdepd_build_info\{version="[^"]+",node="v[^"]+",platform="linux"\} 1$/m,
  ]) {
    expect(text).toMatch(line);
  }
  expect(curl('-i', `http://127.0.0.1:${port}/v1/status`)).toMatch(/^HTTP\/1\.1 200/);
  expect(curl('-i', `http://127.0.0.1:${port}/v1/policy`)).toMatch(/^HTTP\/1\.1 404/);
  expect(curl('-i', '-X', 'POST', `http://127.0.0.1:${port}/metrics`)).toMatch(/^HTTP\/1\.1 405/);
});

test('metrics on loopback are for this host: no page in a browser reads them by a name of its own', async () => {
  using _lab = host('em0', 'carp0');
  await using running = await daemon(['--metrics', '0', ...words]);
  const port = /:(\d+)$/.exec(await running.line(/metrics on 127\.0\.0\.1:\d+$/))?.[1];
  const status = (...more: string[]) =>
    spawnSync('curl', ['-s', '-o', '-', '-w', '%{http_code}', ...more], { encoding: 'utf8' }).stdout;
  const url = `http://127.0.0.1:${port}/metrics`;
  expect(status('-H', `Host: rebound.example:${port}`, url)).toBe(
    `{"error":"this is for localhost only, by that name or by its number, not for 'rebound.example:${port}'"}\n421`,
  );
  expect(status('--request-target', 'http://rebound.example/metrics', url)).toMatch(/421$/);
  expect(status('-H', 'Host: localhost', url)).toMatch(/200$/);
  running.signal('SIGTERM');
  await running.ended;

  // Who opens them to a network is asked by whatever name it has there.
  await using open = await daemon(['--metrics', '0.0.0.0:0', ...words]);
  const other = /:(\d+)$/.exec(await open.line(/metrics on 0\.0\.0\.0:\d+$/))?.[1];
  expect(status('-H', 'Host: gateway.example', `http://127.0.0.1:${other}/healthz`)).toBe('ok\n200');
});

describe('locks', () => {
  test('a second daemon with the same destination is refused: exit 75, with the process id of the first', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    await using first = await daemon(words);
    const ended = await runToEnd(['-S', 'em0', '-D', 'carp1:carp0']);
    expect(ended.code).toBe(75);
    expect(ended.stderr).toMatch(
      new RegExp(`^ifdepd: carp0: held by the ifdepd with process id ${first.pid}\\. .*--force\\n$`),
    );
    await using _forced = await daemon(['--force', ...words]);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
  });

  test('end with the process, however it ends', async () => {
    using _lab = host('em0', 'carp0');
    await using first = await daemon(words);
    first.signal('SIGKILL');
    await first.ended;
    await using second = await daemon(words);
    second.signal('SIGTERM');
    await second.ended;
    await using _third = await daemon(words);
  });

  test('another network namespace has a carp0 of its own', async () => {
    using _lab = host('em0', 'carp0');
    await using _first = await daemon(words);
    using _other = host('em0', 'carp0');
    await using _second = await daemon(words);
  });

  test('a reload that names a destination of another daemon is refused', async () => {
    using _lab = host('em0', 'carp0', 'carp1');
    using file = configFile('groups: {g: {sources: [em0], destinations: [carp1]}}');
    await using first = await daemon(words);
    await using second = await daemon(['-f', file.path]);
    file.write('groups: {g: {sources: [em0], destinations: [carp1, carp0]}}');
    second.signal('SIGHUP');
    await second.line(new RegExp(`not reloaded, going on as before: carp0: held by .* ${first.pid}`));
  });
});

describe('the journal', () => {
  test('after a crash: what was lowered is still ours, also with a torn last line', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('');
    const env = { STATE_DIRECTORY: file.folder };
    const restoring = ['--on-exit', 'restore', ...words];
    await using first = await daemon(restoring, { env });
    lab.cables.em0.cut();
    await first.line(/carp0: set down/);
    const journal = spawnSync('sh', ['-c', `ls ${file.folder}/*.journal`], {
      encoding: 'utf8',
    }).stdout.trim();
    await until('the journal', () => readFileSync(journal, 'utf8').includes('set down'));
    first.signal('SIGKILL');
    await first.ended;
    writeFileSync(journal, `${readFileSync(journal, 'utf8')}{"time":"2026-`);
    await using second = await daemon(restoring, { env });
    expect(JSON.parse((await runToEnd(['status', '--json'])).stdout).destinations[0]).toMatchObject({
      owned: true,
    });
    expect((await runToEnd(['events'])).stdout).toMatch(/carp0: set down/);
    second.signal('SIGTERM');
    await second.ended;
    expect(lab.isUp('carp0')).toBe(true);
  });

  test('raise: owned raises what we lowered, and nothing else', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    lab.netif.setAdmin('carp1', 'down');
    await using running = await daemon(['--raise', 'owned', '-S', 'em0', '-D', 'carp0:carp1']);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
    await running.line(/carp0: set up/);
    expect(lab.isUp('carp1')).toBe(false);
  });
});
