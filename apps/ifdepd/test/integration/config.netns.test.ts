import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cable, ip } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

const two = (more = ''): string => `groups:
  one: {sources: [em0], destinations: [carp0]}
  two: {sources: [em1], destinations: [carp1]${more}}
`;

test('several groups, each by its own sources', async () => {
  using lab = host('em0', 'em1', 'carp0', 'carp1');
  using file = configFile(two());
  await using running = await daemon(['-f', file.path]);
  await running.line(/ready: watching 2 groups from .*ifdepd\.conf \(rtnetlink\)$/);
  lab.cables.em1.cut();
  await lab.allAre('down', ['carp1']);
  expect(lab.isUp('carp0')).toBe(true);
  await running.line(/carp1: set down \(two: em1 failed\)$/);
});

describe('bad input', () => {
  test('a file with several mistakes: each is reported, exit 65, and no interface is touched', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('groups:\n  g:\n    sources: [em0]\n    destinations: 7\n    up-dealy: 1\n');
    lab.netif.setAdmin('em0', 'down');
    const ended = await runToEnd(['-f', file.path]);
    expect(ended.code).toBe(65);
    expect(ended.stderr.split('\n').slice(0, -1)).toEqual([
      expect.stringMatching(/^ifdepd: \S+ifdepd\.conf:4:19: groups\.g\.destinations: must be a list/),
      expect.stringMatching(
        /^ifdepd: \S+ifdepd\.conf:5:5: groups\.g\.up-dealy: unknown key; did you mean 'up-delay'\?/,
      ),
    ]);
    expect(lab.isUp('carp0')).toBe(true);
  });

  test('an unreadable file', async () => {
    using file = configFile(two(), 0o000);
    const ended = await runToEnd(['-n', '-f', file.path], {
      under: ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs', '--'],
    });
    expect(ended).toMatchObject({
      code: 65,
      stderr: `ifdepd: ${file.path}: cannot be read: permission denied\n`,
    });
  });

  test('interfaces that are missing', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile(two());
    const ended = await runToEnd(['-f', file.path]);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no such interface: em1 \(source\), carp1 \(destination\)/),
    });
  });
});

describe('SIGHUP', () => {
  test('keeps what did not change, and takes in what did', async () => {
    using lab = host('em0', 'em1', 'carp0', 'carp1');
    using file = configFile(two());
    await using running = await daemon(['-f', file.path]);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    await running.line(/carp0: set down/);
    file.write(`groups:
  one: {sources: [em0], destinations: [carp0]}
  three: {require: {any: [em0, em1]}, destinations: [carp1]}
`);
    running.signal('SIGHUP');
    await running.line(/reloaded: 2 groups/);
    expect(lab.isUp('carp0')).toBe(false);
    lab.cables.em1.cut();
    await lab.allAre('down', ['carp1']);
    await running.line(/carp1: set down \(three: em/);
    expect(running.lines.filter((line) => /carp0: set/.test(line))).toHaveLength(1);
  });
});

test.each([
  ['leave', false],
  ['restore', true],
  ['up', true],
])('SIGTERM with on-exit %s', async (onExit, up) => {
  using lab = host('em0', 'em1', 'carp0', 'carp1');
  using file = configFile(two(`, on-exit: ${onExit}`));
  await using running = await daemon(['-f', file.path]);
  lab.cables.em1.cut();
  await lab.allAre('down', ['carp1']);
  running.signal('SIGTERM');
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(lab.isUp('carp1')).toBe(up);
});

test('SIGUSR1 tells the state to the log', async () => {
  using lab = host('em0', 'em1', 'carp0', 'carp1');
  using file = configFile(two());
  await using running = await daemon(['-f', file.path]);
  lab.cables.em1.cut();
  await lab.allAre('down', ['carp1']);
  running.signal('SIGUSR1');
  await running.line(/: one has been up for /);
  await running.line(/: two has been down for .*em1 failed/);
  await running.line(/: carp1 is down because em1 failed \(.*\)\. It comes up when em1 is active again/);
});

describe('other destinations', () => {
  test('a file says up and down, for keepalived', async () => {
    using lab = host('em0');
    using file = configFile('');
    const track = join(file.folder, 'track');
    file.write(`groups: {g: {sources: [em0], destinations: [{file: ${track}, up: "0", down: "1"}]}}`);
    await using running = await daemon(['-f', file.path]);
    expect(readFileSync(track, 'utf8')).toBe('0\n');
    lab.cables.em0.cut();
    await running.line(/track: set down \(g: em0 failed\)/);
    expect(readFileSync(track, 'utf8')).toBe('1\n');
    lab.cables.em0.repair();
    await running.line(/track: set up \(g: em0 active\)/);
    expect(readFileSync(track, 'utf8')).toBe('0\n');
  });

  test('protodown takes the carrier of a macvlan and leaves it up', async () => {
    using lab = host('em0', 'em1');
    ip('link', 'add', 'vrrp.1', 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
    ip('link', 'set', 'vrrp.1', 'up');
    using file = configFile(
      'groups: {g: {sources: [em0], destinations: [{interface: vrrp.1, action: protodown}]}}',
    );
    await using running = await daemon(['-f', file.path]);
    lab.cables.em0.cut();
    await running.line(/vrrp\.1: set down/);
    expect(ip('link', 'show', 'vrrp.1')).toMatch(/UP.*\n?.*protodown on/s);
    expect(lab.isUp('vrrp.1')).toBe(true);
    lab.cables.em0.repair();
    await running.line(/vrrp\.1: set up/);
    expect(ip('link', 'show', 'vrrp.1')).not.toMatch(/protodown on/);
  });

  test('protodown on an interface that appears later, whose driver has none, is reported', async () => {
    using lab = host('em0');
    using file = configFile(
      'groups: {g: {sources: [em0], destinations: [{interface: em1, action: protodown}]}}',
    );
    // What is there at the start is refused then.
    await using running = await daemon(['--wait', '-f', file.path]);
    cable('em1');
    lab.cables.em0.cut();
    await running.line(/em1: cannot be set down .*, ifdepd tries again: .*EOPNOTSUPP/);
  });
});
