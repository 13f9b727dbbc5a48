import { join } from 'node:path';
import { ip, slowSets, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { configFile } from '../support/config-file.ts';
import { type Host, host } from '../support/host.ts';
import { daemon, type Running, run, runToEnd } from '../support/program.ts';

const OURS = 2 ** 5;
const THEIRS = 2 ** 3;

/** A macvlan that follows em0. */
async function follower(): Promise<
  AsyncDisposable & { lab: Host<'em0' | 'em1'>; running: Running; socket: string }
> {
  const lab = host('em0', 'em1');
  ip('link', 'add', 'vrrp.1', 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
  ip('link', 'set', 'vrrp.1', 'up');
  const file = configFile(
    'groups: {g: {sources: [em0], destinations: [{interface: vrrp.1, action: protodown}]}}',
  );
  const socket = `${file.folder}/s`;
  const running = await daemon(['-s', socket, '-f', file.path]);
  return {
    lab,
    running,
    socket,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      file[Symbol.dispose]();
      lab[Symbol.dispose]();
    },
  };
}

async function destination(socket: string): Promise<StatusReport['destinations'][number] | undefined> {
  const { stdout } = await runToEnd(['status', '--json', '-s', socket]);
  return (JSON.parse(stdout) as StatusReport).destinations[0];
}

test('protodown is set with a reason of ifdepd, and cleared with it', async () => {
  await using it = await follower();
  it.lab.cables.em0.cut();
  await it.running.line(/vrrp\.1: set down/);
  expect(it.lab.netif.protoDown('vrrp.1')).toEqual({ on: true, reasons: OURS, carrier: false });
  expect(await destination(it.socket)).not.toHaveProperty('note');
  it.lab.cables.em0.repair();
  await it.running.line(/vrrp\.1: set up/);
  expect(it.lab.netif.protoDown('vrrp.1')).toMatchObject({ on: false, reasons: 0 });
});

test('what others hold is theirs: ours goes, theirs stays and is named', async () => {
  await using it = await follower();
  ip('link', 'set', 'vrrp.1', 'protodown', 'on', 'protodown_reason', '3', 'on');
  it.lab.cables.em0.cut();
  await it.running.line(/vrrp\.1: set down/);
  expect(it.lab.netif.protoDown('vrrp.1')?.reasons).toBe(OURS + THEIRS);
  it.lab.cables.em0.repair();
  await it.running.line(/vrrp\.1: set up/);
  expect(it.lab.netif.protoDown('vrrp.1')).toEqual({ on: true, reasons: THEIRS, carrier: false });
  expect(await destination(it.socket)).toMatchObject({
    is: 'up',
    error: null,
    note: 'protodown set by another program, for reason 3',
  });
  const { stdout } = await runToEnd(['explain', '-s', it.socket, 'vrrp.1']);
  // The lines are broken at 80 columns.
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('protodown set by another program, for reason 3');
  expect((await runToEnd(['status', '-s', it.socket])).stdout).toMatch(/vrrp\.1 .*for reason 3/);
});

test.each([
  ['admin', 'protodown'],
  ['protodown', 'admin'],
])('held down by %s, and a reload says %s: nothing of the former action is left', async (before, after) => {
  using lab = host('em0', 'em1');
  ip('link', 'add', 'vrrp.1', 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
  ip('link', 'set', 'vrrp.1', 'up');
  const rule = (action: string) =>
    `groups: {g: {sources: [em0], destinations: [{interface: vrrp.1, action: ${action}}]}}`;
  using file = configFile(rule(before));
  await using running = await daemon(['-f', file.path]);
  const held = () => [lab.isUp('vrrp.1'), lab.netif.protoDown('vrrp.1')?.on];
  const as = { admin: [false, false], protodown: [true, true] };
  lab.cables.em0.cut();
  await running.line(/vrrp\.1: set down/);
  expect(held()).toEqual(as[before as keyof typeof as]);
  file.write(rule(after));
  running.signal('SIGHUP');
  await running.line(/reloaded: 1 group of/);
  expect(held()).toEqual(as[after as keyof typeof as]);
  lab.cables.em0.repair();
  await running.line(/vrrp\.1: set up/);
  expect(held()).toEqual([true, false]);
});

test.each([
  ['admin', 'protodown', 'SIGTERM'],
  ['protodown', 'admin', 'SIGTERM'],
  ['admin', 'protodown', 'SIGKILL'],
  ['protodown', 'admin', 'SIGKILL'],
] as const)(
  'an interface that was held down by %s, and a start with %s after %s: nothing of the former action is left',
  async (before, after, signal) => {
    using lab = host('em0', 'em1');
    ip('link', 'add', 'vrrp.1', 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
    ip('link', 'set', 'vrrp.1', 'up');
    const rule = (action: string) =>
      `groups: {g: {sources: [em0], destinations: [{interface: vrrp.1, action: ${action}}]}}`;
    using file = configFile(rule(before));
    const held = () => [lab.isUp('vrrp.1'), lab.netif.protoDown('vrrp.1')?.on];
    const as = { admin: [false, false], protodown: [true, true] };
    {
      await using running = await daemon(['-f', file.path]);
      lab.cables.em0.cut();
      await running.line(/vrrp\.1: set down/);
      running.signal(signal);
      await running.ended;
    }
    expect(held()).toEqual(as[before]);
    file.write(rule(after));
    {
      await using running = await daemon(['-f', file.path]);
      expect(held()).toEqual(as[after]);
      lab.cables.em0.repair();
      await running.line(/vrrp\.1: set up/);
      expect(held()).toEqual([true, false]);
      // What another program sets down is not undone by the next start.
      running.signal('SIGTERM');
      await running.ended;
    }
    lab.netif.setAdmin('vrrp.1', 'down');
    file.write(rule(before).replace('{sources', '{raise: owned, sources'));
    await using _running = await daemon(['-f', file.path]);
    expect(lab.isUp('vrrp.1')).toBe(false);
  },
);

test.each([
  ['admin', 'protodown', 'always'],
  ['protodown', 'admin', 'always'],
  ['admin', 'protodown', 'owned'],
  ['protodown', 'admin', 'owned'],
] as const)(
  'a daemon that is killed between setting an interface down by its new action and undoing the former one (%s to %s, raise: %s): the next one undoes it',
  async (before, after, raise) => {
    using lab = host('em0', 'em1');
    ip('link', 'add', 'vrrp.1', 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
    ip('link', 'set', 'vrrp.1', 'up');
    const rule = (action: string) =>
      `groups: {g: {sources: [em0], destinations: [{interface: vrrp.1, action: ${action}}], raise: ${raise}}}`;
    using file = configFile(rule(before));
    const held = () => [lab.isUp('vrrp.1'), lab.netif.protoDown('vrrp.1')?.on];
    const as = { admin: [false, false], protodown: [true, true] };
    {
      await using running = await daemon(['-f', file.path]);
      lab.cables.em0.cut();
      await running.line(/vrrp\.1: set down/);
      running.signal('SIGTERM');
      await running.ended;
    }
    file.write(rule(after));
    const sets = slowSets(join(file.folder, 'sets'));
    const killed: unknown[] = [];
    for (let calls = 0; killed.length === calls; calls += 1) {
      sets.killAt('before', calls);
      await using running = run(['-v', '-f', file.path], { nodeOptions: sets.options, env: sets.env });
      const ready = running.line(/: ready: /).then(() => ({ signal: null }));
      if ((await Promise.race([running.exited, ready])).signal === 'SIGKILL') {
        killed.push(held());
      }
    }
    // By both: the new action comes first.
    expect(killed).toContainEqual([false, true]);
    await using running = await daemon(['-f', file.path]);
    expect(held()).toEqual(as[after]);
    lab.cables.em0.repair();
    await running.line(/vrrp\.1: set up/);
    expect(held()).toEqual([true, false]);
  },
);

test('slow interfaces that were held down by admin, and a start with protodown: nothing of the former action is left', async () => {
  using lab = host('em0', 'em1');
  const names = ['vrrp.1', 'vrrp.2', 'vrrp.3'];
  for (const name of names) {
    ip('link', 'add', name, 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
    ip('link', 'set', name, 'up');
  }
  const rule = (action: string) =>
    `groups: {g: {sources: [em0], destinations: [${names.map((name) => `{interface: ${name}, action: ${action}}`)}]}}`;
  using file = configFile(rule('admin'));
  {
    await using running = await daemon(['-f', file.path]);
    lab.cables.em0.cut();
    await lab.allAre('down', names);
    running.signal('SIGTERM');
    await running.ended;
  }
  file.write(rule('protodown'));
  const sets = slowSets(join(file.folder, 'sets'));
  // Longer than the daemon sets destinations in one go.
  sets.take({ leastMs: 20, mostMs: 20 });
  await using _running = await daemon(['-f', file.path], { nodeOptions: sets.options, env: sets.env });
  await lab.allAre('up', names);
  expect(names.map((name) => lab.netif.protoDown(name)?.on)).toEqual([true, true, true]);
});

test.each(['before', 'after'] as const)(
  'a daemon that is killed right %s it sets or clears protodown: the next one raises only what ifdepd lowered',
  async (when) => {
    using lab = host('em0', 'em1');
    ip('link', 'add', 'vrrp.1', 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
    ip('link', 'set', 'vrrp.1', 'up');
    using file = configFile(
      'groups: {g: {sources: [em0], destinations: [{interface: vrrp.1, action: protodown}], raise: owned}}',
    );
    const sets = slowSets(join(file.folder, 'sets'));
    // Its own calls are the ones that it is killed at.
    const words = ['--kernel-failover', 'off', '-f', file.path];
    const start = () => daemon(words, { nodeOptions: sets.options, env: sets.env });
    const isHeld = () => lab.netif.protoDown('vrrp.1')?.on;
    {
      await using running = await start();
      sets.killAt(when);
      lab.cables.em0.cut();
      expect(await running.exited).toMatchObject({ signal: 'SIGKILL' });
      expect(isHeld()).toBe(when === 'after');
    }
    sets.killAt(null);
    {
      await using running = await start();
      expect(isHeld()).toBe(true);
      sets.killAt(when);
      lab.cables.em0.repair();
      expect(await running.exited).toMatchObject({ signal: 'SIGKILL' });
      expect(isHeld()).toBe(when === 'before');
    }
    sets.killAt(null);
    await using _running = await start();
    await until('protodown to be off', () => isHeld() === false);
    expect(lab.netif.protoDown('vrrp.1')).toMatchObject({ reasons: 0 });
  },
);

test('protodown is set again after another program cleared the reason of ifdepd', async () => {
  await using it = await follower();
  it.lab.cables.em0.cut();
  await it.running.line(/vrrp\.1: set down/);
  ip('link', 'set', 'vrrp.1', 'protodown_reason', '5', 'off');
  await it.running.line(/vrrp\.1: another program set it up; set down again/);
  await until('our reason', () => it.lab.netif.protoDown('vrrp.1')?.reasons === OURS);
});

test('is set down again at once, each time that the interface below gets its carrier back, and no program is fought', async () => {
  await using it = await follower();
  it.lab.cables.em0.cut();
  await it.running.line(/vrrp\.1: set down/);
  const slips = () => it.running.lines.filter((line) => /vrrp\.1: the kernel itself set it up/.test(line));
  // More often than a fight would be answered within a minute.
  for (let times = 1; times <= 8; times += 1) {
    it.lab.cables.em1.cut();
    await until('the loss below', () => it.lab.netif.media('em1')?.active === false);
    it.lab.cables.em1.repair();
    await until('it to be set down again', () => slips().length === times);
    expect(it.lab.netif.protoDown('vrrp.1')).toEqual({ on: true, reasons: OURS, carrier: false });
  }
  expect(await destination(it.socket)).toMatchObject({ is: 'down' });
  expect(it.running.lines.filter((line) => line.includes('another program'))).toEqual([]);
});

test('protodown of a crashed daemon is attributed to ifdepd by the next one', async () => {
  await using it = await follower();
  it.lab.cables.em0.cut();
  await it.running.line(/vrrp\.1: set down/);
  it.running.signal('SIGKILL');
  await it.running.ended;
  it.lab.cables.em0.repair();
  using file = configFile(
    'groups: {g: {sources: [em0], destinations: [{interface: vrrp.1, action: protodown}]}}',
  );
  const ended = await runToEnd(['-v', '--once', '-f', file.path]);
  expect(ended.stderr).toMatch(/vrrp\.1: set up \(g: em0 active\)/);
  expect(it.lab.netif.protoDown('vrrp.1')).toMatchObject({ on: false, reasons: 0 });
});
