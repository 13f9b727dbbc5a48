import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { program, runToEnd } from '../../support/program.ts';

/** How a process becomes an ordinary user: by being one, or by giving root up. */
const asUser =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];

function succeeds([command = 'true', ...words]: readonly string[]): boolean {
  return spawnSync(command, words, { stdio: 'ignore', cwd: '/' }).status === 0;
}

test('an ordinary user sees the demo, through a user namespace', async ({ skip }) => {
  skip(process.platform !== 'linux', 'only Linux has network namespaces');
  skip(!succeeds([...asUser, 'test', '-r', program]), `an ordinary user may not read ${program}`);
  skip(
    !succeeds([...asUser, 'unshare', '--user', '--map-root-user', '--net', 'true']),
    'this system gives ordinary users no network namespace',
  );
  const ended = await runToEnd(['demo'], { under: asUser, cwd: '/' });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toMatch(/ {2}cut {5}carp0 down after \d+ µs, carp1 down after \d+ µs\n/);
});
