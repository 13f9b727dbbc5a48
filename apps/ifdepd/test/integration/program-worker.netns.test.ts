import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { processesWith } from '../support/processes.ts';
import { daemon } from '../support/program.ts';

const checked = (exec: readonly string[], more: object = {}): string =>
  JSON.stringify({
    groups: { g: { require: { all: ['em0', { check: 'c' }] }, destinations: ['carp0'] } },
    checks: { c: { exec, every: '100ms', ...more } },
  });

/** The process of ours that runs the programs of a daemon; undefined where there is none. */
function workerOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').map(Number);
  return children.find((child) => commandLine(child).includes('\0worker\0programs\0'));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** How often a program has run that writes a byte into this file each time. */
const runsIn = (file: string): number => (existsSync(file) ? readFileSync(file).length : 0);

test('the programs of checks are children of a worker, not of the daemon', async () => {
  using _lab = host('em0', 'carp0');
  using file = configFile('');
  const parents = join(file.folder, 'parents');
  file.write(checked(['/bin/sh', '-c', `echo $PPID >> ${parents}`]));
  await using running = await daemon(['-f', file.path]);
  await until('a run', () => runsIn(parents) > 0);
  expect(Number(readFileSync(parents, 'latin1').split('\n')[0])).toBe(workerOf(running.pid));
});

test('a daemon with a check of a file alone starts no worker', async () => {
  using _lab = host('em0', 'carp0');
  using file = configFile('');
  file.write(
    JSON.stringify({
      groups: { g: { require: { all: ['em0', { check: 'c' }] }, destinations: ['carp0'] } },
      checks: { c: { file: join(file.folder, 'absent'), 'active-when': 'missing' } },
    }),
  );
  await using running = await daemon(['-v', '-f', file.path]);
  await running.line(/ready: /);
  expect(workerOf(running.pid)).toBeUndefined();
});

test('a worker that is killed takes no check with it: the check goes on, and its group stays up', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const count = join(file.folder, 'count');
  // By default a program has no longer than the interval, which a busy machine may take to start it.
  file.write(checked(['/bin/sh', '-c', `printf x >> ${count}; sleep 0.05`], { timeout: '10s' }));
  await using running = await daemon(['-v', '-f', file.path]);
  await lab.allAre('up', ['carp0']);
  for (let kills = 0; kills < 2; kills += 1) {
    const before = runsIn(count);
    await until('two runs', () => runsIn(count) >= before + 2);
    const worker = workerOf(running.pid);
    expect(worker).toBeDefined();
    process.kill(worker ?? 0, 'SIGKILL');
    await until(
      'another worker',
      () => workerOf(running.pid) !== undefined && workerOf(running.pid) !== worker,
    );
  }
  expect(running.lines.filter((line) => line.includes('check c failed'))).toEqual([]);
});

test.each([
  ['ends at once', 'process.exit(1)'],
  ['is of another version', "process.argv[4] = '0.0.0-other'"],
])('a worker that %s leaves its programs to the daemon', async (_, fault) => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  using preload = configFile('');
  const count = join(file.folder, 'count');
  preload.write(`if (process.argv.includes('programs')) ${fault};`);
  file.write(checked(['/bin/sh', '-c', `printf x >> ${count}`]));
  await using running = await daemon(['-v', '-f', file.path], {
    env: { NODE_OPTIONS: `--require ${preload.path}` },
  });
  await until('ten runs', () => runsIn(count) >= 10);
  await lab.allAre('up', ['carp0']);
  expect(workerOf(running.pid)).toBeUndefined();
  expect(running.lines.filter((line) => line.includes('check c failed'))).toEqual([]);
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  '%s ends a daemon: neither its worker nor a program of a check stays',
  async (signal) => {
    using _lab = host('em0', 'carp0');
    using file = configFile('');
    const word = `ifdepd-worker-${process.pid}-${performance.now()}`;
    file.write(checked(['/bin/sh', '-c', 'sleep 1000; : $0', word], { timeout: '900s', every: '1000s' }));
    await using running = await daemon(['-f', file.path]);
    await until('the program to run', () => processesWith(word).length > 0);
    const worker = workerOf(running.pid) ?? 0;
    expect(worker).toBeGreaterThan(0);
    process.kill(running.pid, signal);
    await running.ended;
    await until('all of it to be gone', () => processesWith(word).length === 0 && commandLine(worker) === '');
  },
);

test('signals that a terminal sends to all of its processes do not end a worker', async () => {
  using _lab = host('em0', 'carp0');
  using file = configFile('');
  const count = join(file.folder, 'count');
  file.write(checked(['/bin/sh', '-c', `printf x >> ${count}`]));
  await using running = await daemon(['-f', file.path]);
  await until('a run', () => runsIn(count) > 0);
  const worker = workerOf(running.pid);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) {
    process.kill(worker ?? 0, signal);
  }
  const before = runsIn(count);
  await until('five more runs', () => runsIn(count) >= before + 5);
  expect(workerOf(running.pid)).toBe(worker);
});

test('a program of a worker that is killed is killed as well, and runs again', async () => {
  using _lab = host('em0', 'carp0');
  using file = configFile('');
  const word = `ifdepd-orphan-${process.pid}-${performance.now()}`;
  file.write(checked(['/bin/sh', '-c', 'sleep 1000; : $0', word], { timeout: '900s', every: '1000s' }));
  await using running = await daemon(['-f', file.path]);
  await until('the program to run', () => processesWith(word).length > 0);
  const before = processesWith(word);
  process.kill(workerOf(running.pid) ?? 0, 'SIGKILL');
  await until('another run alone', () => {
    const now = processesWith(word);
    return now.length > 0 && now.every((pid) => !before.includes(pid));
  });
});

test('a worker that hangs is killed, and its check goes on', async () => {
  using _lab = host('em0', 'carp0');
  using file = configFile('');
  const count = join(file.folder, 'count');
  file.write(checked(['/bin/sh', '-c', `printf x >> ${count}`], { timeout: '50ms' }));
  await using running = await daemon(['-f', file.path]);
  await until('a run', () => runsIn(count) > 0);
  const worker = workerOf(running.pid) ?? 0;
  process.kill(worker, 'SIGSTOP');
  await until('it to be gone', () => commandLine(worker) === '');
  const before = runsIn(count);
  await until('more runs', () => runsIn(count) >= before + 2);
});

test('a worker that prints what is no answer ends no daemon, and its check goes on', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  using preload = configFile('');
  const count = join(file.folder, 'count');
  preload.write("if (process.argv.includes('programs')) console.log('hello');");
  file.write(checked(['/bin/sh', '-c', `printf x >> ${count}`]));
  await using running = await daemon(['-f', file.path], {
    env: { NODE_OPTIONS: `--require ${preload.path}` },
  });
  await until('ten runs', () => runsIn(count) >= 10);
  await lab.allAre('up', ['carp0']);
  expect(running.lines.filter((line) => line.includes('check c failed'))).toEqual([]);
});
