import { ip } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon, run, runToEnd } from '../support/program.ts';
import { syslog } from '../support/syslog.ts';

const words = ['-S', 'em0', '-D', 'carp0'];

test('--log-format json: one object a line, with every event, also without -v', async () => {
  using lab = host('em0', 'carp0');
  await using running = run(['--log-format', 'json', ...words]);
  await running.line(/"event":"ready"/);
  lab.cables.em0.cut();
  await running.line(/"event":"action"/);
  running.signal('SIGTERM');
  const { stderr } = await running.ended;
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(lines[0]).toMatchObject({ time, level: 'info', event: 'start', pid: running.pid });
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'source', source: 'em0', from: 'active', to: 'failed' }),
  );
  expect(lines).toContainEqual({
    time,
    level: 'info',
    event: 'transition',
    group: 'cli',
    from: 'up',
    to: 'down',
    blame: ['em0'],
    msg: 'cli: up -> down (em0 failed)',
  });
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'action', destinations: ['carp0'], to: 'down', group: 'cli' }),
  );
  expect(lines.at(-1)).toMatchObject({ event: 'stop', signal: 'SIGTERM' });
});

test('journald: the priority in front, where JOURNAL_STREAM is standard error, and not where it goes elsewhere', async () => {
  using lab = host('em0', 'carp0');
  lab.netif.setAdmin('em0', 'down');
  // No journald of this host: it would take the lines, with fields.
  const script = `[ ! -d /run/systemd ] || mount -t tmpfs tmpfs /run/systemd
JOURNAL_STREAM=$(stat -L -c %d:%i /dev/stderr) exec "$@"`;
  const under = ['unshare', '--mount', 'sh', '-c', script, '-'];
  const inJournal = await runToEnd(['--once', ...words], { under });
  expect(inJournal.stderr).toBe('<4>carp0: set down (cli: em0 failed)\n');
  lab.netif.setAdmin('carp0', 'up');
  const elsewhere = await runToEnd(['--once', ...words], { env: { JOURNAL_STREAM: '8:12345' } });
  expect(elsewhere.stderr).toMatch(/^ifdepd\[\d+\]: carp0: set down \(cli: em0 failed\)\n$/);
});

test('--log-target syslog in the foreground, in JSON', async () => {
  using lab = host('em0', 'carp0');
  using log = syslog();
  lab.netif.setAdmin('em0', 'down');
  const line = ['--once', '--log-target', 'syslog', '--log-format', 'json', ...words];
  expect(await runToEnd(line, { under: log.under })).toMatchObject({ code: 0, stderr: '' });
  await log.message(/^<28>.* ifdepd\[\d+\]: \{"time":".*"event":"action".*\}$/);
});

test('the delays and the requirement of the command line', async () => {
  using lab = host('em0', 'em1', 'carp0');
  await using running = await daemon([
    '-S',
    'em0:em1',
    '-D',
    'carp0',
    '--require',
    'any',
    '--up-delay',
    '50ms',
  ]);
  lab.cables.em0.cut();
  await running.line(/em0: active -> failed/);
  expect(lab.isUp('carp0')).toBe(true);
  lab.cables.em1.cut();
  await lab.allAre('down', ['carp0']);
  lab.cables.em1.repair();
  await running.line(/cli: down -> coming-up/);
  await lab.allAre('up', ['carp0']);
});

test('--enforce always raises a destination that another program lowers', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['--enforce', 'always', ...words]);
  lab.netif.setAdmin('carp0', 'down');
  await running.line(/carp0: another program set it down; set up again/);
  await lab.allAre('up', ['carp0']);
});

test('--netns works in a named network namespace', async () => {
  using lab = host('em0', 'carp0');
  // /run becomes a file system of our own: the names of this host are not touched.
  const script = `mount -t tmpfs tmpfs /run && ip netns add blue && ip -n blue link add em0 type veth peer name carp0 &&
    ip -n blue link set carp0 up && "$@"; code=$?; ip -n blue link show; exit $code`;
  const options = { under: ['unshare', '--mount', 'sh', '-c', script, 'sh'] };
  const ended = await runToEnd(['--once', '--netns', 'blue', '--require', 'any', ...words], options);
  expect(ended).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/carp0: set down \(cli: em0 failed\)\n$/),
  });
  expect(lab.isUp('carp0')).toBe(true);
  expect(ip('link', 'show', 'carp0')).toMatch(/UP/);
  expect(await runToEnd(['--netns', 'red', ...words])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^ifdepd: --netns 'red': there is no \/run\/netns\/red; 'ip netns list' shows/,
    ),
  });
  expect(await runToEnd(['--netns', '../x', ...words])).toMatchObject({ code: 64 });
});
