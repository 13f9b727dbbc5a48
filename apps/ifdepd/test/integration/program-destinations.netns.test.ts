import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, askStatus } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd, socket } from '../support/program.ts';
import { textOf } from '../support/workers.ts';

const sh = (script: string, ...words: readonly string[]) => ['/bin/sh', '-c', script, 'sh', ...words];

/** A configuration with one group of em0 and these programs. */
function written(
  exec: Readonly<Record<string, readonly string[]>>,
  others: object = {},
  group: object = {},
  more: readonly string[] = [],
): string {
  const destinations = [{ exec, name: 'web', ...others }, ...more];
  return JSON.stringify({ groups: { g: { sources: ['em0'], destinations, ...group } } });
}

const web = async () => (await askStatus(socket)).destinations.find(({ id }) => id === 'exec:web');

/** Whether a process is there and no zombie. */
const runs = (pid: string): boolean => /^State:\s[^Z]/m.test(textOf(`/proc/${pid}/status`));

test('a rule of nftables follows a group: set, read, changed by another program, and undone at the end', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const nft = (...words: readonly string[]) => execFileSync('nft', words, { encoding: 'utf8' });
  nft('add table inet t; add set inet t closed { type inet_service; }');
  const isClosed = () => /elements = \{ 443 \}/.test(nft('list', 'set', 'inet', 't', 'closed'));
  const read = 'if nft get element inet t closed { 443 } >/dev/null 2>&1; then echo down; else echo up; fi';
  file.write(
    written(
      {
        up: ['nft', 'delete element inet t closed { 443 }'],
        down: ['nft', 'add element inet t closed { 443 }'],
        read: sh(read),
      },
      {},
      { 'on-exit': 'restore' },
      ['carp0'],
    ),
  );
  const planned = await runToEnd(['plan', '-f', file.path]);
  expect(planned.stdout).toMatch(/exec:web +stays up/);
  const checked = await runToEnd(['check', '-f', file.path]);
  expect(checked.stdout).not.toMatch(/exec:web|nft/);
  await using running = await daemon(['-f', file.path]);
  lab.cables.em0.cut();
  await running.line(/exec:web: set down \(g: em0 failed\)/);
  expect(isClosed()).toBe(true);
  expect(await web()).toMatchObject({ is: 'down', want: 'down', heldBy: ['g'], error: null });
  const dry = await runToEnd(['--dry-run', '--force', '-v', '-f', file.path]);
  expect(dry.stderr).not.toMatch(/exec:web.*would be set/);
  const explained = await runToEnd(['explain', 'exec:web']);
  expect(explained.stdout).toMatch(/exec:web is down because em0 failed/);
  const events = await runToEnd(['events', '--json']);
  expect(events.stdout).toMatch(/"destinations":\["exec:web"\].*"to":"down"/);
  nft('delete element inet t closed { 443 }');
  running.signal('SIGHUP');
  await running.line(/exec:web: another program set it up; set down again because em0 has failed/);
  expect(isClosed()).toBe(true);
  running.signal('SIGTERM');
  const { stderr } = await running.ended;
  expect(isClosed()).toBe(false);
  expect(stderr).toMatch(/exec:web: set up \(on-exit: restore\)/);
});

test('a program that fails three times and then succeeds sets its destination at the fourth run', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const count = join(file.folder, 'count');
  const script = 'echo >> $1; test $(wc -l < $1) -gt 3 || { echo "not yet" >&2; exit 3; }';
  file.write(written({ up: ['true'], down: sh(script, count) }, {}, {}, ['carp0']));
  await using running = await daemon(['-f', file.path]);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/exec:web: cannot be set down .*, ifdepd tries again: sh exited 3: "not yet"/);
  await running.line(/exec:web: set down/);
  expect(running.lines.filter((line) => /exec:web: cannot be set/.test(line))).toHaveLength(3);
  expect(readFileSync(count, 'utf8')).toBe('\n'.repeat(4));
  const status = await runToEnd(['status', '--json']);
  expect(JSON.parse(status.stdout).counters.failures).toBe(3);
  const scraped = await ask(socket, '/metrics');
  for (const line of [
    'ifdepd_action_failures_total{destination="exec:web"} 3',
    'ifdepd_destination_want{destination="exec:web"} 0',
    'ifdepd_destination_up{destination="exec:web"} 0',
  ]) {
    expect(scraped).toContain(`${line}\n`);
  }
});

test('a program that hangs is killed at its timeout with all that it has started, and interfaces are set meanwhile', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const pids = join(file.folder, 'pids');
  const hang = `sleep 1000 & setsid sleep 1001 & echo $$ $! > ${pids}.new && mv ${pids}.new ${pids}; wait`;
  file.write(written({ up: ['true'], down: sh(hang) }, { timeout: '1s' }, {}, ['carp0']));
  await using running = await daemon(['-f', file.path]);
  lab.cables.em0.cut();
  await until('the program to run', () => existsSync(pids));
  await lab.allAre('down', ['carp0']);
  expect(await web()).toMatchObject({ is: 'up', want: 'down', note: 'sh runs' });
  await running.line(/exec:web: cannot be set down .* sh timed out after 1 s/);
  const started = readFileSync(pids, 'utf8').trim().split(' ');
  await until('all of them to be gone', () => !started.some(runs));
});

test('a program that prints a gigabyte is bounded by its timeout, and takes no memory of the daemon', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const much = 'yes 0123456789abcdef | head -c 1000000000';
  file.write(
    written({ up: ['true'], down: sh(`${much} >&2`), read: sh(much) }, { timeout: '1s' }, {}, ['carp0']),
  );
  await using running = await daemon(['-f', file.path]);
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(textOf(`/proc/${running.pid}/status`))?.[1]);
  const before = memory();
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/exec:web: cannot be set down .* sh timed out after 1 s: "0/);
  expect(memory() - before).toBeLessThan(50_000);
});

test('the daemon is killed while a program runs: the program ends with it, and the next daemon goes on', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const [pid, slow, done] = ['pid', 'slow', 'done'].map((name) => join(file.folder, name));
  writeFileSync(slow ?? '', '');
  const down = 'echo $$ > $1.new && mv $1.new $1; while test -e $2; do sleep 0.05; done; echo down > $3';
  const words = [pid ?? '', slow ?? '', done ?? ''];
  file.write(written({ up: sh('echo up > $3', ...words), down: sh(down, ...words) }, { timeout: '60s' }));
  {
    await using running = await daemon(['-f', file.path]);
    lab.cables.em0.cut();
    await until('the program to run', () => existsSync(pid ?? ''));
    running.signal('SIGKILL');
    await running.exited;
  }
  const killed = readFileSync(pid ?? '', 'utf8').trim();
  await until('the program to end', () => !runs(killed));
  expect(existsSync(done ?? '')).toBe(false);
  lab.cables.em0.repair();
  await until('a carrier', () => lab.netif.flags('em0').running);
  rmSync(slow ?? '');
  await using again = await daemon(['-f', file.path]);
  await again.line(/exec:web: set up/);
  expect(readFileSync(done ?? '', 'utf8')).toBe('up\n');
});

test.each([
  ['succeeds', 'true', 0],
  ['fails', 'false', 1],
] as const)('--once with a program that %s: waits for it', async (_what, word, code) => {
  using lab = host('em0');
  using file = configFile('');
  lab.cables.em0.cut();
  const made = join(file.folder, 'made');
  file.write(written({ up: ['true'], down: sh(`sleep 0.3; touch ${made}; ${word}`) }));
  const ended = await runToEnd(['--once', '-v', '-f', file.path]);
  expect([ended.code, existsSync(made)], ended.stderr).toEqual([code, true]);
});

test('a stop waits for the program that runs, and for the one of on-exit', async () => {
  using lab = host('em0');
  using file = configFile('');
  const [begun, done] = ['begun', 'done'].map((name) => join(file.folder, name));
  const say = (word: string) => sh(`touch ${begun}; sleep 0.5; echo ${word} >> ${done}`);
  file.write(written({ up: say('up'), down: say('down') }, {}, { 'on-exit': 'up' }));
  await using running = await daemon(['-f', file.path]);
  lab.cables.em0.cut();
  await until('the program to run', () => existsSync(begun ?? ''));
  running.signal('SIGTERM');
  const { code, stderr } = await running.ended;
  expect(readFileSync(done ?? '', 'utf8'), stderr).toBe('down\nup\n');
  expect(code).toBe(0);
  expect(stderr).toMatch(/exec:web: set up \(on-exit: up\)/);
});
