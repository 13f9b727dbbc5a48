import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askStatus } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd, socket } from '../support/program.ts';

describe('a file that cannot be written', () => {
  const written = (path: string): string =>
    `groups: {g: {sources: [em0], destinations: [{file: ${path}, up: "0", down: "1"}]}}`;

  test('is found at the start, and nothing is changed', async () => {
    using _lab = host('em0');
    using file = configFile('');
    file.write(written(join(file.folder, 'no/track')));
    const { code, stderr } = await runToEnd(['-f', file.path]);
    expect(code).toBe(71);
    expect(stderr).toMatch(
      /no\/track \(destination\) cannot be written: no such file or directory \(ENOENT\)/,
    );
    const checked = await runToEnd(['check', '-f', file.path]);
    expect(checked.code).toBe(71);
    expect(checked.stdout).toMatch(/error: .*no\/track: cannot be written/);
    const planned = await runToEnd(['plan', '-f', file.path]);
    expect(planned.stdout).toMatch(/no\/track +is unknown/);
  });

  test('is unknown with --wait, and written as soon as it can be', async () => {
    using lab = host('em0');
    using file = configFile('');
    const folder = join(file.folder, 'no');
    file.write(written(join(folder, 'track')));
    await using running = await daemon(['--wait', '-f', file.path]);
    await running.line(/no\/track: cannot be set: ENOENT/);
    expect((await askStatus(socket)).destinations).toMatchObject([{ is: 'unknown', want: 'up' }]);
    lab.cables.em0.cut();
    await running.line(/no\/track: cannot be set down .*, ifdepd tries again/);
    mkdirSync(folder);
    await until('the text', () => existsSync(join(folder, 'track')));
    expect(readFileSync(join(folder, 'track'), 'utf8')).toBe('1\n');
  });

  test('keeps the running configuration at a reload', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
    await using running = await daemon(['-f', file.path]);
    file.write(written(join(file.folder, 'no/track')));
    running.signal('SIGHUP');
    await running.line(/not reloaded, going on as before: .*no\/track \(destination\) cannot be written/);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
  });
});

test('a track file that is mounted by itself is written in place', async () => {
  using lab = host('em0');
  using file = configFile('');
  const [real, track] = [join(file.folder, 'real'), join(file.folder, 'track')];
  writeFileSync(real, '0\n');
  writeFileSync(track, '');
  file.write(`groups: {g: {sources: [em0], destinations: [{file: ${track}, up: "0", down: "1"}]}}`);
  const mounted = `mount --bind ${real} ${track} && exec "$@"`;
  await using _running = await daemon(['-f', file.path], {
    under: ['unshare', '-m', '--propagation', 'private', 'sh', '-c', mounted, 'sh'],
  });
  lab.cables.em0.cut();
  await until('the text', () => readFileSync(real, 'utf8') === '1\n');
});
