import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { processesWith, zombiesOf } from '../support/processes.ts';
import { daemon } from '../support/program.ts';

/** A word in the command line of what a test starts, and of nothing else. */
const mark = (): string => `ifdepd-r25-${process.pid}-${performance.now()}`;

const checked = (exec: readonly string[], more: object = {}): string =>
  JSON.stringify({
    groups: { g: { require: { all: ['em0', { check: 'c' }] }, destinations: ['carp0'] } },
    checks: { c: { exec, every: '200ms', ...more } },
  });

/** Counts its runs in a file, and leaves what a script starts. */
const counting = (count: string, script: string, word: string): readonly string[] => [
  '/bin/sh',
  '-c',
  `echo >> ${count}; ${script}`,
  word,
];

test.each([
  ['hangs in a session of its own', (word: string) => `setsid -w sh -c 'sleep 1000; : $0' ${word}; : `],
  [
    'hangs, and has left what forked twice',
    (word: string) => `(setsid sh -c 'sleep 1000; : $0' ${word} &); sleep 1000`,
  ],
  [
    'ends, and has left what forked twice',
    (word: string) => `(setsid sh -c 'sleep 1000; : $0' ${word} &); exit 0`,
  ],
  ['ends, and has left what is in its group', (word: string) => `sh -c 'sleep 1000; : $0' ${word} & exit 0`],
])(
  'a check that %s leaves nothing behind, neither while the daemon runs nor when it stops',
  async (_, script) => {
    using _lab = host('em0', 'carp0');
    const word = mark();
    using file = configFile('');
    const count = join(file.folder, 'count');
    file.write(checked(counting(count, script(word), word), { timeout: '150ms' }));
    await using running = await daemon(['-f', file.path]);
    await until('ten runs', () => existsSync(count) && readFileSync(count).length >= 10);
    // The present run, and the one before it while it is being collected.
    expect(processesWith(word).length).toBeLessThanOrEqual(6);
    running.signal('SIGTERM');
    await running.ended;
    await until('all of them to be gone', () => processesWith(word).length === 0);
  },
);

test('a program that is being written, and then another, is a failed check and a good one again', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const program = join(file.folder, 'program');
  copyFileSync('/bin/true', program);
  file.write(checked([program]));
  await using running = await daemon(['-f', file.path]);
  await running.line(/check c is active/);
  let writer: number | undefined;
  await until('the program not to run', () => {
    try {
      writer = openSync(program, 'a');
    } catch {
      // ETXTBSY: it runs.
    }
    return writer !== undefined;
  });
  await running.line(/check c failed: program cannot be run: ETXTBSY/);
  await lab.allAre('down', ['carp0']);
  closeSync(writer ?? -1);
  await lab.allAre('up', ['carp0']);
});

test('a new program that cannot be run keeps the running configuration at a reload', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
  await using running = await daemon(['-f', file.path]);
  for (const [exec, reason] of [
    [[join(file.path, 'program')], 'there is no such program, or it may not be run'],
    [['no-such-program'], 'no folder of PATH has such a program'],
    [['/bin/true', 'a\0b'], 'has a NUL character in it'],
    [['/bin/true', 'x'.repeat(140_000)], 'has 140000 bytes; an argument has at most 131071'],
  ] as const) {
    file.write(checked(exec));
    running.signal('SIGHUP');
    await running.line(new RegExp(`not reloaded, going on as before: .*${reason}`));
  }
  expect(lab.isUp('carp0')).toBe(true);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
});

test('a hook behind a file is reported, and the next loss is acted on', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  writeFileSync(join(file.folder, 'file'), '');
  file.write(
    JSON.stringify({
      groups: { g: { sources: ['em0'], destinations: ['carp0'] } },
      hooks: [{ exec: [join(file.folder, 'file', 'hook')] }],
    }),
  );
  await using running = await daemon(['-f', file.path]);
  await running.line(/hook .*\/file\/hook \(g: starting -> up\): cannot be run: ENOTDIR/);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/hook .*\/file\/hook \(g: up -> down\): cannot be run: ENOTDIR/);
});

test('what hooks leave running goes on, and is collected when it ends', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile('');
  const [go, ends] = [join(file.folder, 'go'), join(file.folder, 'ends')];
  const script = `(setsid sh -c 'while ! [ -e ${go} ]; do sleep 0.05; done; echo >> ${ends}' &)`;
  file.write(
    JSON.stringify({
      groups: { g: { sources: ['em0'], destinations: ['carp0'] } },
      hooks: [{ exec: ['/bin/sh', '-c', script], timeout: '30s' }],
    }),
  );
  await using running = await daemon(['-f', file.path]);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  appendFileSync(go, '');
  await until('both to have ended', () => existsSync(ends) && readFileSync(ends).length === 2);
  await until('none to be left as a zombie', () => zombiesOf(running.pid).length === 0);
});
