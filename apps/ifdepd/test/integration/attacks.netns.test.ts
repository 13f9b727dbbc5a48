import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';
import { giveAway, otherUserFault, STRANGER, sharedFolder } from '../support/stranger.ts';

const words = ['-S', 'em0', '-D', 'carp0'];
const noStranger = otherUserFault();

/** A file that must stay as it is. */
function victim(folder: string): string {
  const path = join(folder, 'victim');
  writeFileSync(path, 'precious');
  return path;
}

describe('a pid file in a directory of everybody', () => {
  const traps: [string, (path: string, target: string) => void][] = [
    ['a symbolic link', (path, target) => symlinkSync(target, path)],
    ['a file with the number of a living process', (path) => writeFileSync(path, `${process.pid}\n`)],
    ['a named pipe', (path) => spawnSync('mkfifo', [path])],
  ];
  test.for(traps)('where another user has put %s', async ([, put], { skip }) => {
    skip(noStranger !== null, noStranger ?? '');
    using _lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 'ifdepd.pid');
    const target = victim(folder.path);
    put(path, target);
    giveAway(path);
    expect(await runToEnd(['-p', path, ...words])).toMatchObject({
      code: 71,
      stderr: `ifdepd: ${path} belongs to user ${STRANGER}: remove it, or name another one with -p FILE\n`,
    });
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  test.each([
    ['a named pipe', (path: string) => void spawnSync('mkfifo', [path])],
    ['a directory', (path: string) => mkdirSync(path)],
  ])('where there is %s of our own', async (_, put) => {
    using _lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 'ifdepd.pid');
    put(path);
    expect(await runToEnd(['-p', path, ...words])).toMatchObject({
      code: 71,
      stderr: expect.stringMatching(/ exists and is not a pid file: remove it/),
    });
  });

  test('where there is nothing, or a symbolic link of our own that leads nowhere', async () => {
    using _lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 'ifdepd.pid');
    symlinkSync(join(folder.path, 'nowhere'), path);
    await using running = await daemon(['-p', path, ...words]);
    expect(readFileSync(path, 'utf8')).toBe(`${running.pid}\n`);
    expect(existsSync(join(folder.path, 'nowhere'))).toBe(false);
    running.signal('SIGTERM');
    await running.ended;
    expect(existsSync(path)).toBe(false);
  });
});

describe('the state directory', () => {
  const inMemory = /the journal is kept in memory only: /;

  test('a state directory that is a symbolic link of another user: nothing is written behind it', async ({
    skip,
  }) => {
    skip(noStranger !== null, noStranger ?? '');
    using lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const [path, target] = [join(folder.path, 'state'), join(folder.path, 'elsewhere')];
    mkdirSync(target);
    symlinkSync(target, path);
    giveAway(path);
    await using running = await daemon(words, { env: { STATE_DIRECTORY: path } });
    const line = await running.line(inMemory);
    expect(line).toContain(`${path} is a symbolic link of user ${STRANGER}, who could replace what is in it`);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    expect(readdirSync(target)).toEqual([]);
  });

  test('a state directory of another user, or one that all may write to: the state stays in memory, and nothing is written', async ({
    skip,
  }) => {
    skip(noStranger !== null, noStranger ?? '');
    using _lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 'state');
    mkdirSync(path);
    giveAway(path);
    await using foreign = await daemon(words, { env: { STATE_DIRECTORY: path } });
    expect(await foreign.line(inMemory)).toContain(`to user ${STRANGER}, who could replace`);
    foreign.signal('SIGTERM');
    await foreign.ended;
    await using open = await daemon(words, { env: { STATE_DIRECTORY: folder.path } });
    expect(await open.line(inMemory)).toContain(`chmod go-w ${folder.path}`);
    expect(readdirSync(folder.path)).toEqual(['state']);
  });

  test('in which the journal is a symbolic link: it is not written through', async () => {
    using _lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 'state');
    const env = { STATE_DIRECTORY: path };
    await using first = await daemon(words, { env });
    first.signal('SIGTERM');
    await first.ended;
    const [name = ''] = readdirSync(path);
    const target = victim(folder.path);
    spawnSync('ln', ['-sf', target, join(path, name)]);
    await using second = await daemon(words, { env });
    expect(await second.line(inMemory)).toContain(`${name}: ELOOP`);
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });
});

describe('the control socket', () => {
  test('the control socket is not opened where another user could replace it', async ({ skip }) => {
    skip(noStranger !== null, noStranger ?? '');
    using _lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 'theirs');
    mkdirSync(path);
    giveAway(path);
    expect(await runToEnd(['-s', join(path, 's'), ...words])).toMatchObject({
      code: 71,
      stderr: expect.stringMatching(
        /^ifdepd: cannot listen on (\S+)\/s: \1 belongs to user 12345, who could replace what is in it; name another/m,
      ),
    });
    expect(readdirSync(path)).toEqual([]);
  });

  test('is not put into a directory in which everybody may replace everything, but into one such as /tmp', async () => {
    using _lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 's');
    chmodSync(folder.path, 0o777);
    expect(await runToEnd(['-s', path, ...words])).toMatchObject({
      code: 71,
      stderr: expect.stringContaining(`chmod go-w ${folder.path}`),
    });
    chmodSync(folder.path, 0o1777);
    await using _running = await daemon(['-s', path, ...words]);
    expect(statSync(path).isSocket()).toBe(true);
  });

  test('a control socket that is a symbolic link is left alone, and so is its target', async () => {
    using _lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 's');
    const target = victim(folder.path);
    symlinkSync(target, path);
    expect(await runToEnd(['-s', path, ...words])).toMatchObject({
      code: 71,
      stderr: expect.stringMatching(/\/s: is a symbolic link and is not a socket; name another/),
    });
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  test('by default: a runtime directory of another user gets neither socket nor locks', async ({ skip }) => {
    skip(noStranger !== null, noStranger ?? '');
    using lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 'run');
    mkdirSync(path);
    giveAway(path);
    await using running = await daemon(words, { env: { RUNTIME_DIRECTORY: path } });
    await running.line(/no control socket: .* belongs to user 12345, who could replace/);
    await running.line(/destinations are not locked: .* belongs to user 12345, who could replace/);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    expect(readdirSync(path)).toEqual([]);
  });
});

test('under a umask of 0: nothing that is made may be written to by others', async () => {
  using lab = host('em0', 'carp0');
  using folder = sharedFolder();
  const [run, state, pidfile] = ['run', 'state', 'pid'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  const env = { RUNTIME_DIRECTORY: run, STATE_DIRECTORY: state };
  await using _running = await daemon(['-p', pidfile, ...words], {
    env,
    under: ['sh', '-c', 'umask 0; exec "$@"', 'sh'],
  });
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  const mode = (...path: readonly string[]) => (statSync(join(...path)).mode & 0o7777).toString(8);
  const only = (path: string) => readdirSync(path)[0] ?? '';
  expect({
    run: mode(run),
    socket: mode(run, 'ifdepd.sock'),
    locks: mode(run, 'locks'),
    lock: mode(run, 'locks', only(join(run, 'locks'))),
    state: mode(state),
    journal: mode(state, only(state)),
    pidfile: mode(pidfile),
  }).toEqual({
    run: '755',
    socket: '660',
    locks: '755',
    lock: '600',
    state: '750',
    journal: '640',
    pidfile: '644',
  });
});

describe('a configuration that runs programs', () => {
  const text =
    'groups: {g: {sources: [em0], destinations: [carp0]}}\nhooks: [{on: [down], exec: [/bin/true]}]\n';

  test('a configuration that runs programs and that another user owns or can replace is refused', async ({
    skip,
  }) => {
    skip(noStranger !== null, noStranger ?? '');
    using _lab = host('em0', 'carp0');
    using folder = sharedFolder();
    const path = join(folder.path, 'ifdepd.conf');
    writeFileSync(path, text, { mode: 0o644 });
    expect(await runToEnd(['-n', '-f', path])).toMatchObject({ code: 0 });
    chmodSync(folder.path, 0o777);
    expect(await runToEnd(['-n', '-f', path])).toMatchObject({
      code: 65,
      stderr: expect.stringMatching(/runs programs \('exec'\) and can be replaced: .* chmod go-w/),
    });
    chmodSync(folder.path, 0o755);
    giveAway(path);
    expect(await runToEnd(['-n', '-f', path])).toMatchObject({
      code: 65,
      stderr: expect.stringMatching(/and belongs to user 12345, who is neither root nor the one/),
    });
  });
});
