import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ip, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { run, runToEnd } from '../support/program.ts';

test('hooks are run, and have ended when it ends', async () => {
  using lab = host('em0', 'carp0');
  lab.netif.setAdmin('em0', 'down');
  using file = configFile('');
  const noted = join(file.folder, 'noted');
  file.write(`groups: {g: {sources: [em0], destinations: [carp0]}}
hooks: [{exec: [/bin/sh, -c, "echo $IFDEPD_FROM $IFDEPD_TO > ${noted}"]}]
`);
  expect(await runToEnd(['--once', '-f', file.path])).toMatchObject({ code: 0 });
  expect(readFileSync(noted, 'utf8')).toBe('starting down\n');
});

test('checks are asked once: the first answer decides, whatever rise and fall are', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  using file = configFile('');
  const flag = join(file.folder, 'flag');
  file.write(`groups:
  f: {require: {check: flag}, destinations: [carp0]}
  e: {require: {check: program}, destinations: [carp1]}
checks:
  flag: {file: ${flag}}
  program: {exec: [/bin/sh, -c, "test -e ${flag}"], rise: 9, fall: 9}
`);
  expect(await runToEnd(['--once', '-f', file.path])).toMatchObject({ code: 0 });
  expect([lab.isUp('carp0'), lab.isUp('carp1')]).toEqual([false, false]);
  writeFileSync(flag, '');
  expect(await runToEnd(['--once', '-f', file.path])).toMatchObject({ code: 0 });
  expect([lab.isUp('carp0'), lab.isUp('carp1')]).toEqual([true, true]);
});

test('a signal ends it while a check or a hook takes its time', async () => {
  using _lab = host('em0', 'carp0');
  using file = configFile('');
  const begun = join(file.folder, 'begun');
  file.write(`groups: {g: {require: {all: [em0, {check: c}]}, destinations: [carp0]}}
checks: {c: {exec: [/bin/sh, -c, "echo > ${begun}; sleep 1000"], every: 20m, timeout: 20m}}
`);
  await using running = run(['--once', '-f', file.path]);
  await until('the check to run', () => existsSync(begun));
  running.signal('SIGTERM');
  expect(await running.ended).toMatchObject({ signal: null });
});

test('a destination that is missing could not be set: exit 1', async () => {
  using _lab = host('em0', 'carp0');
  expect(await runToEnd(['--once', '--wait', '-S', 'em0', '-D', 'carp0:no0'])).toMatchObject({ code: 1 });
  expect(await runToEnd(['--once', '--wait', '-S', 'no0', '-D', 'carp0'])).toMatchObject({ code: 0 });
});

test('a destination that cannot be set: exit 1', async () => {
  using _lab = host('em0');
  // Two macvlans with one hardware address: the kernel sets up one of them alone.
  for (const name of ['mv0', 'mv1']) {
    ip('link', 'add', name, 'link', 'em0', 'address', '02:00:00:00:00:01', 'type', 'macvlan');
  }
  ip('link', 'set', 'mv0', 'up');
  const ended = await runToEnd(['--once', '-S', 'em0', '-D', 'mv1']);
  expect(ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/mv1: cannot be set up .*EADDRINUSE/),
  });
});
