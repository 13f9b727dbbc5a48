import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askStatus, observe } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { type Host, host } from '../support/host.ts';
import { daemon, type Running, type RunOptions, socket } from '../support/program.ts';

const words = ['-S', 'em0', '-D', 'carp0:carp1'];

async function kill(running: Running): Promise<void> {
  running.signal('SIGKILL');
  await running.ended;
}

/** A daemon that has set carp0 and carp1 down, has written so, and was killed. */
async function killedWhileHolding(
  lab: Host<'em0' | 'carp0' | 'carp1'>,
  line: readonly string[],
  options: RunOptions,
) {
  await using first = await daemon(line, options);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0', 'carp1']);
  const journal = await journalThatSaysDown(options.env?.['STATE_DIRECTORY'] ?? '');
  await kill(first);
  return journal;
}

/** Waits for a journal in which something was set down. @returns its path */
function journalThatSaysDown(folder: string): Promise<string> {
  return until('a journal with the change', () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.journal'))
      .map((name) => join(folder, name))
      .find((path) => readFileSync(path, 'utf8').includes('set down')),
  );
}

test('sources are as they were: started again, it touches nothing', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  using place = configFile('');
  const options = { env: { STATE_DIRECTORY: place.folder } };
  await killedWhileHolding(lab, words, options);
  using observer = observe();
  await using _second = await daemon(words, options);
  expect((await askStatus(socket)).destinations).toMatchObject([
    { id: 'carp0', want: 'down', is: 'down', owned: true },
    { id: 'carp1', want: 'down', is: 'down', owned: true },
  ]);
  expect([observer.flips('carp0'), observer.flips('carp1')]).toEqual([0, 0]);
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0', 'carp1']);
});

test('sources came back in between: up within one decision, no bounce of what is right already', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  using place = configFile('');
  const options = { env: { STATE_DIRECTORY: place.folder } };
  await killedWhileHolding(lab, words, options);
  lab.cables.em0.repair();
  lab.netif.setAdmin('carp1', 'up');
  await until('em0 to have its carrier', () => lab.netif.media('em0')?.active === true);
  using observer = observe();
  await using _second = await daemon(words, options);
  expect(lab.isUp('carp0')).toBe(true);
  await observer.when(
    () => 'carp0 to be raised',
    () => observer.flips('carp0') === 1,
  );
  expect(observer.flips('carp1')).toBe(0);
});

describe('raise: owned', () => {
  const owned = ['--raise', 'owned', ...words];

  test('a destination that the killed one lowered is raised, one that another program lowered is not', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    using place = configFile('');
    const options = { env: { STATE_DIRECTORY: place.folder } };
    await using first = await daemon(owned, options);
    lab.netif.setAdmin('carp1', 'down');
    await first.line(/carp1: set down by another program; left down/);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0', 'carp1']);
    await journalThatSaysDown(place.folder);
    await kill(first);
    await using second = await daemon(owned, options);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
    await second.line(/carp0: set up/);
    expect(lab.isUp('carp1')).toBe(false);
  });

  test('a journal of a namespace that is gone, whose number this one has got, says nothing', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    using place = configFile('');
    const options = { env: { STATE_DIRECTORY: place.folder } };
    const journal = await killedWhileHolding(lab, owned, options);
    // The kernel gives the number of a namespace that is gone to the next one: the same here by another name.
    using other = host('em0', 'carp0', 'carp1');
    other.cables.em0.cut();
    for (const name of ['carp0', 'carp1']) {
      other.netif.setAdmin(name, 'down');
    }
    await using probe = await daemon(owned, options);
    const mine = readdirSync(place.folder).find(
      (name) => name.endsWith('.journal') && !journal.endsWith(name),
    );
    await kill(probe);
    renameSync(journal, join(place.folder, mine ?? ''));
    await using second = await daemon(owned, options);
    expect((await askStatus(socket)).destinations.map(({ owned: ours }) => ours)).toEqual([false, false]);
    other.cables.em0.repair();
    await second.line(/em0: failed -> active/);
    await second.line(/cli: down -> up/);
    expect(['carp0', 'carp1'].map(other.isUp)).toEqual([false, false]);
  });
});

test('the next configuration does not name what the killed one held down: it is reported and left', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  const both = 'groups: {g: {sources: [em0], destinations: [carp0, carp1]}}';
  using place = configFile(both);
  const options = { env: { STATE_DIRECTORY: place.folder } };
  const line = ['-f', place.path];
  await killedWhileHolding(lab, line, options);
  writeFileSync(place.path, 'groups: {g: {sources: [em0], destinations: [carp0]}}');
  await using second = await daemon(line, options);
  await second.line(
    /carp1: an earlier ifdepd set it down, and no group names it any more: it remains DOWN; raise it with .ip link set carp1 up./,
  );
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0']);
  expect(lab.isUp('carp1')).toBe(false);
});
