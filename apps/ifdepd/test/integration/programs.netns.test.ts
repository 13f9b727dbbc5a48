import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { askStatus } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, socket } from '../support/program.ts';
import { head, rawClient } from '../support/raw-client.ts';
import { textOf } from '../support/workers.ts';

/** What of a daemon's own environment is nobody else's business, and would change what a program does. */
const PRIVATE = {
  NODE_OPTIONS: '--no-warnings',
  LD_LIBRARY_PATH: '/nonexistent',
  NOTIFY_SOCKET: '@ifdepd-test-nobody',
  WATCHDOG_USEC: '60000000',
  CREDENTIALS_DIRECTORY: '/nonexistent',
  LISTEN_FDS: '0',
  API_TOKEN: 'secret',
  PATH: process.env['PATH'],
};

/**
 * A shell that writes down what it was given, one file for each thing, and last of all that it is done. Its own status it
 * reads itself: while it starts a program for that, it has its signals blocked. Its descriptors another shell lists, as it
 * holds some open itself for a pipe, or while something is redirected.
 */
const LOOK =
  'cat > $0/stdin; cat /proc/$$/environ > $0/environ; while IFS= read -r line; do echo "$line"; done < /proc/$$/status > $0/status; cat /proc/$$/stat > $0/stat; ' +
  `readlink /proc/$$/cwd > $0/cwd; /bin/sh -c 'ls -l /proc/$0/fd > $1/fd' $$ $0; : > $0/done`;

const look = (folder: string): string => JSON.stringify(['/bin/sh', '-c', LOOK, folder]);

/** What {@link LOOK} has found. */
async function found(folder: string) {
  const text = (name: string) => readFileSync(join(folder, name), 'latin1');
  await until(`a program to look around; there is ${readdirSync(folder).join(', ')}`, () =>
    existsSync(join(folder, 'done')),
  );
  const [pid, ...stat] = text('stat')
    .replace(/ \(.*\) /, ' ')
    .split(' ')
    .map(Number);
  return {
    stdin: text('stdin'),
    cwd: text('cwd'),
    environment: Object.fromEntries(
      text('environ')
        .split('\0')
        .filter((entry) => entry !== '')
        .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    ),
    descriptors: [...text('fd').matchAll(/ (\d+) -> (.*)$/gm)].map(([, fd, to]) => `${fd} ${to}`),
    leads: { group: stat[2] === pid, session: stat[3] === pid },
    ignored: /^SigIgn:\s(\w+)/m.exec(text('status'))?.[1],
    blocked: /^SigBlk:\s(\w+)/m.exec(text('status'))?.[1],
  };
}

/** Descriptors that the parent of a daemon may leave open: just after the standard descriptors, and far from all others. */
const [NEAR, FAR] = [3, 61];
const leftOpen = (fd: number) => [fd, ...Array(FAR - NEAR - 1).fill('ignore'), fd];

const NOTHING = '0'.repeat(16);
const CLEAN = {
  stdin: '',
  cwd: '/\n',
  descriptors: ['0 /dev/null', '1 /dev/null', expect.stringMatching(/^2 pipe:/)],
  leads: { group: true, session: true },
  ignored: NOTHING,
  blocked: NOTHING,
};

test('a hook and a check get what the manual names, and nothing else of the daemon', async () => {
  using lab = host('em0', 'carp0');
  using hook = configFile('');
  using check = configFile('');
  using file = configFile(`groups: {g: {require: {all: [em0, {check: c}]}, destinations: [carp0]}}
checks: {c: {exec: ${look(check.folder)}, every: 1h}}
hooks: [{on: [down], exec: ${look(hook.folder)}}]
`);
  const fd = openSync(file.path, 'r');
  await using running = await daemon(['-p', join(file.folder, 'pid'), '--metrics', '0', '-f', file.path], {
    env: PRIVATE,
    cwd: file.folder,
    descriptors: leftOpen(fd),
  });
  closeSync(fd);
  for (const open of [NEAR, FAR]) {
    expect(readlinkSync(`/proc/${running.pid}/fd/${open}`)).toBe(file.path);
  }
  await running.line(/g: .* -> up/);
  // Sockets of every kind are open while the hook is started.
  await using stream = rawClient(socket, head('GET', '/v1/events?follow=1'));
  await until('a stream', () => stream.answer.includes('200 OK'));
  await askStatus(socket);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  const run = expect.stringMatching(/^\d+-\d+$/);
  const common = { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: '/', IFDEPD_RUN: run };
  expect(await found(hook.folder)).toEqual({
    ...CLEAN,
    environment: {
      ...common,
      IFDEPD_GROUP: 'g',
      IFDEPD_FROM: 'up',
      IFDEPD_TO: 'down',
      IFDEPD_BLAME: 'em0',
      IFDEPD_DESTINATIONS: 'carp0',
      IFDEPD_TIME: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
  });
  expect(await found(check.folder)).toEqual({ ...CLEAN, environment: { ...common, IFDEPD_CHECK: 'c' } });
});

test('names that a shell would obey reach a hook as they are', async () => {
  using lab = host('$(reboot)', ';`id`&|"', 'carp0');
  using place = configFile('');
  const group = `'";\`touch\${IFS}x\`$(exit)*`;
  using file = configFile(
    JSON.stringify({
      groups: { [group]: { sources: ['$(reboot)'], destinations: [';`id`&|"', 'carp0'] } },
      hooks: [{ on: ['down'], exec: ['/bin/sh', '-c', LOOK, place.folder] }],
    }),
  );
  await using _running = await daemon(['-f', file.path]);
  lab.cables['$(reboot)'].cut();
  await lab.allAre('down', ['carp0', ';`id`&|"']);
  expect((await found(place.folder)).environment).toMatchObject({
    IFDEPD_GROUP: group,
    IFDEPD_BLAME: '$(reboot)',
    IFDEPD_DESTINATIONS: ';`id`&|" carp0',
  });
});

test('a hook that takes too long is killed with all that it has started', async () => {
  using lab = host('em0', 'carp0');
  using place = configFile('');
  const pids = join(place.folder, 'pids');
  const script = `sleep 1000 & echo $$ $! > ${pids}; wait`;
  using file = configFile(
    JSON.stringify({
      groups: { g: { sources: ['em0'], destinations: ['carp0'] } },
      hooks: [{ on: ['down'], exec: ['/bin/sh', '-c', script], timeout: '1s' }],
    }),
  );
  await using running = await daemon(['-f', file.path]);
  lab.cables.em0.cut();
  await running.line(/hook \/bin\/sh \(g: up -> down\): timed out after 1 s/);
  const started = readFileSync(pids, 'utf8').trim().split(' ');
  expect(started).toHaveLength(2);
  await until('all of them to be gone', () =>
    started.every((pid) => {
      const status = textOf(`/proc/${pid}/status`);
      return status === '' || /^State:\sZ/m.test(status);
    }),
  );
});
