import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { realLoop } from '../../src/system/loop.ts';
import { type BsdHost, bsdHost } from '../support/bsd-host.ts';

const rule = (more: string, sources = 'em0') =>
  `groups: {gateway: {sources: [${sources}], destinations: [lan0, lan1]${more}}}`;

/** A host whose daemon's clock can be moved on. */
async function timed(config: string): Promise<BsdHost & { wait(ms: number): void }> {
  let waited = 0;
  const host = await bsdHost('freebsd', { config, later: () => waited });
  return Object.assign(host, {
    wait(ms: number) {
      waited += ms;
    },
  });
}

const phaseOf = ({ daemon }: BsdHost) => daemon.status.groups[0]?.phase;
const stateFile = ({ state }: BsdHost) =>
  join(state, readdirSync(state).find((name) => name.endsWith('.state')) ?? '');
const noticed = ({ log }: BsdHost) =>
  log.filter(({ event }) => event === 'notice').map(({ message }) => message);

/** Ends the daemon as a crash does, or in order, after what it knows is saved. */
async function end(host: BsdHost, how: 'crash' | 'stop'): Promise<void> {
  await host.saved();
  await host[how]();
}

describe.each(['crash', 'stop'] as const)('%s and start', (how) => {
  test('within a down-delay: it goes on, and ends when it would have ended', async () => {
    const host = await timed(rule(', down-delay: 60s'));
    host.kernel.carrier('em0', 'down');
    host.settle();
    host.wait(20_000);
    await end(host, how);
    host.wait(20_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['going-down', ['lan0', 'lan1']]);
    await end(host, how);
    host.wait(20_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['down', []]);
  });

  test('within an up-delay: the destinations come up when they would have come up', async () => {
    const host = await timed(rule(', up-delay: 60s'));
    host.kernel.carrier('em0', 'down');
    host.settle();
    host.kernel.carrier('em0', 'up');
    host.settle();
    host.wait(20_000);
    await end(host, how);
    host.wait(20_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['coming-up', []]);
    await new Promise(setImmediate);
    expect(noticed(host)).toContain('going on where the last ifdepd ended; gateway is coming-up');
    await end(host, how);
    host.wait(20_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['up', ['lan0', 'lan1']]);
  });

  test('within a start-hold of a first start, after which nothing happened: it ends when it would have ended', async () => {
    const host = await timed(rule(', start-hold: 60s'));
    host.wait(20_000);
    await end(host, how);
    host.wait(20_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['coming-up', []]);
    await end(host, how);
    host.wait(20_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['up', ['lan0', 'lan1']]);
  });

  test('a restart while dampening suppresses: it still does, and the penalty decays', async () => {
    const host = await timed(rule(', dampening: {}'));
    for (let loss = 0; loss < 3; loss += 1) {
      host.kernel.carrier('em0', 'down');
      host.settle();
      host.kernel.carrier('em0', 'up');
      host.settle();
    }
    const penalty = host.daemon.status.groups[0]?.penalty ?? 0;
    expect(penalty).toBeGreaterThan(2000);
    await end(host, how);
    host.wait(15_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['coming-up', []]);
    const later = host.daemon.status.groups[0]?.penalty ?? 0;
    expect(later).toBeGreaterThan(penalty * 0.4);
    expect(later).toBeLessThan(penalty * 0.51);
    await end(host, how);
    host.wait(60_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['up', ['lan0', 'lan1']]);
  });

  test('a restart while paused: the group stays paused, and a pause with an end ends', async () => {
    const host = await timed(rule(''));
    host.daemon.feed({ type: 'pause', group: 'gateway' });
    host.kernel.carrier('em0', 'down');
    host.settle();
    await end(host, how);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['paused', ['lan0', 'lan1']]);
    host.daemon.feed({ type: 'resume', group: 'gateway' });
    expect(host.up()).toEqual([]);
    await end(host, how);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['down', []]);
  });

  test('a restart while drained: the destinations stay down, and a drain with an end ends', async () => {
    const host = await timed(rule(''));
    host.daemon.feed({ type: 'drain', group: 'gateway', until: realLoop.now() + 60_000 });
    await end(host, how);
    host.wait(20_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['drained', []]);
    await new Promise(setImmediate);
    expect(noticed(host)).toContain('going on where the last ifdepd ended; gateway is drained');
    await end(host, how);
    host.wait(40_000);
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['up', ['lan0', 'lan1']]);
  });

  test('a restart of a latched group: it stays down until it is restored', async () => {
    const host = await timed(rule(', restore: manual'));
    host.kernel.carrier('em0', 'down');
    host.settle();
    await end(host, how);
    host.kernel.carrier('em0', 'up');
    await host.start();
    expect([phaseOf(host), host.up()]).toEqual(['down', []]);
    await new Promise(setImmediate);
    expect(noticed(host)).toContain('going on where the last ifdepd ended; gateway is down (latched)');
    host.daemon.feed({ type: 'restore', group: 'gateway' });
    expect(host.up()).toEqual(['lan0', 'lan1']);
  });

  test('what an administrator has set down while the group is up stays down', async () => {
    const host = await timed(rule(''));
    host.kernel.setAdmin('lan0', 'down');
    host.settle();
    await end(host, how);
    await host.start();
    expect(host.up()).toEqual(['lan1']);
    host.kernel.carrier('em0', 'down');
    host.settle();
    host.kernel.carrier('em0', 'up');
    host.settle();
    expect(host.up()).toEqual(['lan0', 'lan1']);
  });

  test('what was set down while no daemon ran is set up, as at a first start', async () => {
    const host = await timed(rule(''));
    await end(host, how);
    host.kernel.setAdmin('lan0', 'down');
    await host.start();
    expect(host.up()).toEqual(['lan0', 'lan1']);
  });
});

test('a destination that another program sets up with enforce: never: reported after a restart, too', async () => {
  const host = await timed(rule(', enforce: never'));
  host.kernel.carrier('em0', 'down');
  host.settle();
  await end(host, 'crash');
  await host.start();
  host.kernel.setAdmin('lan0', 'up');
  host.settle();
  await new Promise(setImmediate);
  expect(host.log.filter(({ event }) => event === 'foreign-change')).toHaveLength(1);
});

test.each([
  ['', 'warning', 'stopped by its owner; lan0 and lan1 remain DOWN'],
  [', on-exit: down', 'notice', 'stopped by its owner'],
  [', on-exit: up', 'notice', 'stopped by its owner'],
])('stopped while a source has failed%s: a %s: %s', async (knobs, level, message) => {
  const host = await timed(rule(knobs));
  host.kernel.carrier('em0', 'down');
  host.settle();
  await host.stop();
  expect(host.log.at(-1)).toMatchObject({ event: 'stop', level, message });
});

test('stopped while its sources are active: what an administrator has lowered is no warning', async () => {
  const host = await timed(rule(''));
  host.kernel.setAdmin('lan0', 'down');
  host.settle();
  await host.stop();
  expect(host.log.at(-1)).toMatchObject({ event: 'stop', level: 'notice', message: 'stopped by its owner' });
});

describe('begins anew, with one line that says so', () => {
  async function comingUp(): Promise<BsdHost & { wait(ms: number): void }> {
    const host = await timed(rule(', up-delay: 60s'));
    host.kernel.carrier('em0', 'down');
    host.settle();
    host.kernel.carrier('em0', 'up');
    host.settle();
    await end(host, 'crash');
    return host;
  }

  test.each([
    ['another boot', /"boot":"[^"]*"/, '"boot":"another"', /^the saved state is of another boot/],
    ['a clock of its own', /"clock":"[^"]*"/, '"clock":"time:[1]"', /^the saved state is of another boot/],
    [
      'another format',
      /"format":1/,
      '"format":2',
      /^the saved state is of another format: .*; starting without it$/,
    ],
    [
      'another version of the state',
      /"version":1,/,
      '"version":2,',
      /cannot be used, starting without it: .* version 2\.$/,
    ],
    ['half a file', /.{200}\s$/, '', /cannot be used, starting without it: .* not JSON\.$/],
    ['no text', /^.*\n.*\n$/, 'nothing', /^the saved state is of another format/],
  ])('%s', async (_, part, instead, line) => {
    const host = await comingUp();
    const path = stateFile(host);
    writeFileSync(path, readFileSync(path, 'utf8').replace(part, instead));
    await host.start();
    expect(phaseOf(host)).toBe('up');
    await new Promise(setImmediate);
    expect(noticed(host).filter((message) => line.test(message))).toHaveLength(1);
  });

  test('a clock that is behind: what was saved later than now says nothing', async () => {
    const host = await comingUp();
    host.wait(-3_600_000);
    await host.start();
    expect(phaseOf(host)).toBe('up');
  });

  test('a group with other sources', async () => {
    const host = await comingUp();
    await host.start(rule(', up-delay: 60s', 'em0, bge0'));
    expect(phaseOf(host)).toBe('up');
    await new Promise(setImmediate);
    expect(noticed(host)).toContain(
      'going on where the last ifdepd ended; new, or with another requirement, and starting anew: gateway',
    );
  });
});

describe('the file', () => {
  test('the state file is readable for its owner alone, and replaces a symbolic link without following it', async () => {
    const host = await timed(rule(''));
    await host.saved();
    const path = stateFile(host);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const elsewhere = join(host.state, 'elsewhere');
    writeFileSync(elsewhere, 'theirs');
    await end(host, 'stop');
    symlinkSync(elsewhere, `${path}.new`);
    await host.start();
    await host.saved();
    expect(readFileSync(elsewhere, 'utf8')).toBe('theirs');
  });

  test('where it cannot be written, that is said once, and decisions go on', async () => {
    const host = await timed(rule(''));
    await end(host, 'stop');
    const path = stateFile(host);
    rmSync(path);
    // A directory cannot be replaced by a file, by root neither.
    mkdirSync(path);
    await host.start();
    const said = () => noticed(host).filter((message) => message.startsWith('the state cannot be saved: '));
    await until('it to be said', () => said().length > 0);
    host.kernel.carrier('em0', 'down');
    host.settle();
    expect(host.up()).toEqual([]);
    await host.stop();
    expect(said()).toEqual([
      `the state cannot be saved: ${path}: EISDIR; after a restart, delays and pauses begin anew`,
    ]);
    await host.start();
    expect(host.up()).toEqual([]);
  });
});
