import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

const rule = (check: string, more = ''): string => `groups:
  g: {require: {all: [em0, {check: c}]}, destinations: [carp0]}
checks:
  c: ${check}
${more}`;

describe('a file', () => {
  test('a file check fails without its file, and as soon as it is removed', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('');
    const flag = join(file.folder, 'deep/flag');
    file.write(rule(`{file: ${flag}}`));
    await using running = await daemon(['-f', file.path]);
    await lab.allAre('down', ['carp0']);
    await running.line(/g: .*-> down.*check:c failed|carp0: set down \(g: check:c failed\)/);
    // The folder is made after the check was: it is found all the same.
    mkdirSync(join(file.folder, 'deep'));
    writeFileSync(flag, '');
    await lab.allAre('up', ['carp0']);
    rmSync(flag);
    await lab.allAre('down', ['carp0']);
  });

  test('may also be what must not be there', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('');
    const flag = join(file.folder, 'maintenance');
    file.write(rule(`{file: ${flag}, active-when: missing}`));
    await using running = await daemon(['-f', file.path]);
    writeFileSync(flag, '');
    await lab.allAre('down', ['carp0']);
    await running.line(/check c failed: \S+maintenance is present/);
    rmSync(flag);
    await lab.allAre('up', ['carp0']);
  });
});

describe('a program', () => {
  test('a check program is active while it exits with 0; rise and fall count answers in a row', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('');
    const flag = join(file.folder, 'flag');
    const count = join(file.folder, 'count');
    const script = `echo >> ${count}; test -e ${flag}`;
    writeFileSync(flag, '');
    file.write(rule(`{exec: [/bin/sh, -c, "${script}"], every: 100ms, fall: 3, rise: 2}`));
    await using running = await daemon(['-f', file.path]);
    await running.line(/check c is active/);
    const before = readFileSync(count).length;
    rmSync(flag);
    await lab.allAre('down', ['carp0']);
    expect(readFileSync(count).length - before).toBeGreaterThanOrEqual(3);
    await running.line(/check c failed: \S+ exited 1/);
  });

  test('a check whose program does not exist has failed', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile(rule('{exec: [/no/such/program]}'));
    await using running = await daemon(['-f', file.path]);
    await running.line(/check c failed: program cannot be run: ENOENT/);
    await lab.allAre('down', ['carp0']);
  });
});

describe('hooks', () => {
  test('hooks run once for each transition, in order, with its details', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('');
    const noted = join(file.folder, 'noted');
    const script = `echo $IFDEPD_GROUP $IFDEPD_FROM $IFDEPD_TO $IFDEPD_BLAME $IFDEPD_DESTINATIONS >> ${noted}`;
    file.write(`groups: {g: {sources: [em0], destinations: [carp0]}}
hooks:
  - {on: [up, down], exec: [/bin/sh, -c, "${script}"]}
`);
    await using running = await daemon(['-f', file.path]);
    for (let round = 0; round < 5; round += 1) {
      lab.netif.setAdmin(lab.cables.em0.far, 'down');
      await lab.allAre('down', ['carp0']);
      lab.netif.setAdmin(lab.cables.em0.far, 'up');
      await lab.allAre('up', ['carp0']);
    }
    const wanted = [
      'g starting up em0 carp0',
      ...Array(5).fill(['g up down em0 carp0', 'g down up em0 carp0']).flat(),
    ];
    await until(
      'every hook',
      () => existsSync(noted) && readFileSync(noted, 'utf8').split('\n').length > wanted.length,
    );
    expect(readFileSync(noted, 'utf8').trim().split('\n')).toEqual(wanted);
    expect(running.lines.some((line) => /hook/.test(line))).toBe(false);
  });

  test('hooks that hang are killed, and never delay a failover', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile(`groups: {g: {sources: [em0], destinations: [carp0]}}
hooks: [{exec: [/bin/sleep, "1000"], timeout: 2s}]
`);
    await using running = await daemon(['-f', file.path]);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    expect(running.lines.some((line) => /timed out/.test(line))).toBe(false);
    await running.line(/hook \/bin\/sleep \(g: starting -> up\): timed out after 2 s/);
  });

  test('hooks that still wait when the daemon ends: the log names them, and the end does not wait', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('');
    // As long as the file is there: that is, as long as this test.
    file.write(`groups: {g: {sources: [em0], destinations: [carp0]}}
hooks: [{exec: [/bin/sh, -c, "while [ -e ${file.path} ]; do sleep 0.1; done"], timeout: 60s}]
`);
    await using running = await daemon(['-f', file.path]);
    lab.cables.em0.cut();
    await running.line(/carp0: set down/);
    running.signal('SIGTERM');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /a hook that waited is not run: \/bin\/sh \(g: up -> down\)\n.*stopped by SIGTERM/s,
    );
  });
});
