import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { askStatus } from '@ifdepd/faults';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd, socket } from '../support/program.ts';

const words = ['-S', 'em0', '-D', 'carp0'];

test('the second is refused, with the process id of the first, and has touched nothing', async () => {
  using lab = host('em0', 'em1', 'carp0', 'carp1');
  lab.netif.setAdmin('carp1', 'down');
  await using first = await daemon(words);
  const ended = await runToEnd(['-S', 'em1', '-D', 'carp1:carp0']);
  expect(ended).toMatchObject({
    code: 75,
    stderr: expect.stringMatching(
      new RegExp(`^ifdepd: carp0: held by the ifdepd with process id ${first.pid}\\. .*--force\\n$`),
    ),
  });
  expect(lab.isUp('carp1')).toBe(false);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
});

test('the second daemon on one file is refused, by whatever path it names the file', async () => {
  using _lab = host('em0', 'em1');
  using first = configFile('');
  using second = configFile('');
  mkdirSync(join(first.folder, 'real'));
  symlinkSync('real', join(first.folder, 'link'));
  const written = (source: string, folder: string) =>
    `groups: {g: {sources: [${source}], destinations: [{file: ${join(first.folder, folder, 'x')}, up: "0", down: "1"}]}}`;
  first.write(written('em0', 'real'));
  second.write(written('em1', 'link'));
  await using running = await daemon(['-f', first.path]);
  const checked = await runToEnd(['check', '-f', second.path]);
  expect(checked.stdout).toContain(`the ifdepd with process id ${running.pid} holds it`);
  expect(await runToEnd(['-f', second.path])).toMatchObject({
    code: 75,
    stderr: expect.stringContaining(`held by the ifdepd with process id ${running.pid}`),
  });
});

test('a lock whose process is gone is taken over', async () => {
  using lab = host('em0', 'carp0');
  await using first = await daemon(words);
  first.signal('SIGKILL');
  await first.ended;
  await using second = await daemon(words);
  expect((await askStatus(socket)).pid).toBe(second.pid);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
});

test('after a reboot, without run and state directory, the daemon starts from the present state', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  using place = configFile('');
  const env = { STATE_DIRECTORY: `${place.folder}/state`, RUNTIME_DIRECTORY: `${place.folder}/run` };
  const line = ['--raise', 'owned', '-S', 'em0', '-D', 'carp0:carp1'];
  await using first = await daemon(line, { env });
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0', 'carp1']);
  first.signal('SIGKILL');
  await first.ended;
  rmSync(`${place.folder}/state`, { recursive: true });
  rmSync(`${place.folder}/run`, { recursive: true });
  lab.netif.setAdmin('carp1', 'up');
  await using second = await daemon(line, { env });
  // What it finds up it sets down, and then owns; what it finds down may be anybody's.
  await lab.allAre('down', ['carp0', 'carp1']);
  const { destinations } = await askStatus(`${place.folder}/run/ifdepd.sock`);
  expect(destinations.map(({ id, owned }) => [id, owned])).toEqual([
    ['carp0', false],
    ['carp1', true],
  ]);
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp1']);
  await second.line(/carp1: set up/);
  expect(lab.isUp('carp0')).toBe(false);
});
