import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckSettings } from '../../src/config/settings.ts';
import { programFindings } from '../../src/diagnose/program-findings.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ifdepd-programs-'));
  writeFileSync(join(folder, 'notify'), '#!/bin/sh\n');
  chmodSync(join(folder, 'notify'), 0o755);
  writeFileSync(join(folder, 'text'), 'no program\n');
  mkdirSync(join(folder, 'folder'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const subjects = (...programs: readonly string[]) =>
  programFindings(
    {
      checks: new Map(),
      destinations: new Map(),
      hooks: programs.map((program) => ({ on: ['up', 'down'], command: [program, '-x'], timeoutMs: 1000 })),
    },
    `/nowhere:${folder}`,
  ).map(({ subject }) => subject);

test('programs that are there are nothing to tell', () => {
  expect(subjects('notify', join(folder, 'notify'))).toEqual([]);
});

test('a program that is missing, not executable, a folder or not on PATH is reported', () => {
  const absent = [
    join(folder, 'none'),
    join(folder, 'text'),
    join(folder, 'folder'),
    'text',
    'folder',
    'none',
  ];
  expect(subjects(...absent)).toEqual(absent);
});

test('a missing program: the finding says who needs it and where it was looked for', () => {
  const check = { name: 'upstream', kind: 'exec', everyMs: 1, timeoutMs: 1, rise: 1, fall: 1 } as const;
  const file = { name: 'maintenance', kind: 'file', path: '/none', activeWhen: 'present' } as const;
  const checks = new Map<string, CheckSettings>([
    ['check:upstream', { ...check, command: ['pong'] }],
    ['check:maintenance', file],
  ]);
  expect(programFindings({ checks, hooks: [], destinations: new Map() }, '/nowhere')).toEqual([
    {
      level: 'warning',
      code: 'no-program',
      subject: 'pong',
      message: 'no folder of PATH has such a program: write where it is (PATH=/nowhere) (check upstream)',
    },
  ]);
});

test.each([
  [
    'the interpreter of a script is missing',
    '#! /no/such/sh -e\n',
    /^its interpreter \/no\/such\/sh is missing/,
  ],
  [
    'the lines of a script end with CR LF',
    '#!/bin/sh\r\nexit 0\r\n',
    /^its lines end with CR LF, so it cannot be run/,
  ],
  ['a script has no first line of that kind', 'exit 0\n', undefined],
])('%s: %j', (_what, text, message) => {
  const program = join(folder, 'script');
  writeFileSync(program, text);
  chmodSync(program, 0o755);
  const hooks = [{ on: ['up'], command: [program], timeoutMs: 1000 }] as const;
  const [finding] = programFindings({ checks: new Map(), hooks, destinations: new Map() }, '/nowhere');
  expect(finding?.message).toEqual(message === undefined ? undefined : expect.stringMatching(message));
});

test('a path that does not begin with / is reported: programs are run in the directory /', () => {
  const hooks = [{ on: ['up'], command: ['./notify'], timeoutMs: 1000 }] as const;
  expect(programFindings({ checks: new Map(), hooks, destinations: new Map() }, folder)).toMatchObject([
    { subject: './notify', message: expect.stringContaining('write the path from / on') },
  ]);
});

test('the programs of a destination: each that is missing, and each that others can change', () => {
  const program = join(folder, 'shared');
  writeFileSync(program, '#!/bin/sh\n');
  chmodSync(program, 0o777);
  const destinations = new Map([
    [
      'exec:web',
      {
        id: 'exec:web',
        action: 'exec',
        up: [program],
        down: [join(folder, 'notify')],
        read: [join(folder, 'none')],
        timeoutMs: 1,
        onExit: 'leave',
      } as const,
    ],
  ]);
  expect(programFindings({ checks: new Map(), hooks: [], destinations })).toMatchObject([
    {
      code: 'open-program',
      subject: program,
      message: expect.stringMatching(/writable by others.*\(up of exec:web\)/),
    },
    { code: 'no-program', message: expect.stringContaining('(read of exec:web)') },
  ]);
});
