import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askStatus } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { type Host, host } from '../support/host.ts';
import { daemon, type Running, runToEnd, socket } from '../support/program.ts';

type Lab = Host<'em0' | 'carp0'>;

const words = (...knobs: string[]) => [...knobs, '-S', 'em0', '-D', 'carp0'];
const phase = async () => (await askStatus(socket)).groups[0];

/** Ends the daemon, in the middle of what it is at; says when, on the clock of the status. */
async function end(running: Running, signal: NodeJS.Signals): Promise<string> {
  const at = new Date().toISOString();
  running.signal(signal);
  await running.ended;
  return at;
}

/** Asks the daemon until it says so; the test ends it where it never does. */
async function asked(holds: (group: Awaited<ReturnType<typeof phase>>) => boolean): Promise<void> {
  while (!holds(await phase())) {
    await new Promise(setImmediate);
  }
}

const inPhase = (wanted: string) => asked((group) => group?.phase === wanted);

const statesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.state'));

/** Waits until the group is in a phase, and that is saved, which takes some milliseconds. */
async function saved(folder: string, wanted: string): Promise<void> {
  await inPhase(wanted);
  await until('that to be saved', () =>
    statesIn(folder).some((name) => readFileSync(join(folder, name), 'utf8').includes(`"phase":"${wanted}"`)),
  );
}

async function lose(lab: Lab): Promise<void> {
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
}

describe.each(['SIGKILL', 'SIGTERM'] as const)('%s and start, in the middle of', (signal) => {
  function lab(text = '') {
    const made = host('em0', 'carp0');
    const place = configFile(text);
    return {
      lab: made,
      path: place.path,
      folder: place.folder,
      env: { STATE_DIRECTORY: place.folder },
      [Symbol.dispose]() {
        made[Symbol.dispose]();
        place[Symbol.dispose]();
      },
    };
  }

  /** Ends the first daemon, starts another one, and expects the phase with its start and its end as they were. */
  async function endsAsBefore(
    place: { readonly env: Record<string, string> },
    first: Running,
    wanted: string,
    line: readonly string[],
  ): Promise<void> {
    const before = await phase();
    const ended = await end(first, signal);
    await using _second = await daemon([...line], place);
    const now = await phase();
    expect(now?.phase).toBe(wanted);
    expect((now?.since ?? '') < ended).toBe(true);
    const moved = Date.parse(now?.until ?? '') - Date.parse(before?.until ?? '');
    expect(Math.abs(moved)).toBeLessThan(60_000);
  }

  test('a down-delay: it goes on from where it began, and destinations stay up', async () => {
    using place = lab();
    await using first = await daemon(words('--down-delay', '1h'), place);
    place.lab.cables.em0.cut();
    await saved(place.folder, 'going-down');
    await endsAsBefore(place, first, 'going-down', words('--down-delay', '1h'));
    expect(place.lab.isUp('carp0')).toBe(true);
  });

  test('an up-delay: it goes on from where it began, and destinations stay down', async () => {
    using place = lab();
    await using first = await daemon(words('--up-delay', '1h'), place);
    await lose(place.lab);
    place.lab.cables.em0.repair();
    await saved(place.folder, 'coming-up');
    await endsAsBefore(place, first, 'coming-up', words('--up-delay', '1h'));
    expect(place.lab.isUp('carp0')).toBe(false);
  });

  test('a down-delay of 3 s: destinations go down 3 s after the loss or later', async () => {
    using place = lab();
    await using first = await daemon(words('--down-delay', '3s'), place);
    const cut = Date.now();
    place.lab.cables.em0.cut();
    await saved(place.folder, 'going-down');
    await end(first, signal);
    await using _second = await daemon(words('--down-delay', '3s'), place);
    await place.lab.allAre('down', ['carp0']);
    expect(Date.now() - cut).toBeGreaterThanOrEqual(3000);
  });

  test('an up-delay of 3 s: destinations come up 3 s after the repair or later', async () => {
    using place = lab();
    await using first = await daemon(words('--up-delay', '3s'), place);
    await lose(place.lab);
    const back = Date.now();
    place.lab.cables.em0.repair();
    await saved(place.folder, 'coming-up');
    await end(first, signal);
    await using _second = await daemon(words('--up-delay', '3s'), place);
    await place.lab.allAre('up', ['carp0']);
    expect(Date.now() - back).toBeGreaterThanOrEqual(3000);
  });

  test('a suppression: the group stays down until the same moment', async () => {
    using place = lab(
      'groups: {g: {sources: [em0], destinations: [carp0], dampening: {max-suppress: 1h, half-life: 1h}}}',
    );
    const line = ['-f', place.path];
    await using first = await daemon(line, place);
    for (let loss = 0; loss < 3; loss += 1) {
      place.lab.cables.em0.cut();
      await inPhase('down');
      place.lab.cables.em0.repair();
      await asked((group) => group?.phase !== 'down');
    }
    await saved(place.folder, 'coming-up');
    const before = await phase();
    const ended = await end(first, signal);
    await using _second = await daemon(line, place);
    const now = await phase();
    expect(now?.phase).toBe('coming-up');
    expect((now?.since ?? '') < ended).toBe(true);
    const moved = Date.parse(now?.until ?? '') - Date.parse(before?.until ?? '');
    expect(Math.abs(moved)).toBeLessThan(60_000);
    expect(place.lab.isUp('carp0')).toBe(false);
  });

  test('a pause: the group stays paused, and an end is its end', async () => {
    using place = lab();
    await using first = await daemon(words(), place);
    expect((await runToEnd(['pause', 'cli', '--for', '1h'], place)).code).toBe(0);
    place.lab.cables.em0.cut();
    await asked((group) => group?.sources[0]?.health === 'failed');
    await saved(place.folder, 'paused');
    await end(first, signal);
    await using second = await daemon(words(), place);
    expect((await phase())?.phase).toBe('paused');
    expect(place.lab.isUp('carp0')).toBe(true);
    expect((await runToEnd(['resume', 'cli'], place)).code).toBe(0);
    await place.lab.allAre('down', ['carp0']);
    await second.line(/going on where the last ifdepd ended; cli is paused/);
  });
});

test('killed within a moment of a loss: whatever was saved, the end is what the sources say', async () => {
  using lab = host('em0', 'carp0');
  using place = configFile('');
  const env = { STATE_DIRECTORY: place.folder };
  for (let round = 0; round < 5; round += 1) {
    await using first = await daemon(words(), { env });
    await lose(lab);
    await end(first, 'SIGKILL');
    await using second = await daemon(words(), { env });
    expect(lab.isUp('carp0')).toBe(false);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
    await end(second, 'SIGKILL');
  }
});

test('--once, --dry-run and plan read no state and write none', async () => {
  using _lab = host('em0', 'carp0');
  using place = configFile('');
  const env = { STATE_DIRECTORY: place.folder };
  for (const more of [['--once'], ['--dry-run']]) {
    expect((await runToEnd([...more, ...words()], { env })).code).toBe(0);
  }
  expect((await runToEnd(['plan', ...words()], { env })).code).toBe(0);
  expect(statesIn(place.folder)).toEqual([]);
});
