import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { program } from '../support/program.ts';
import { has, servicePath } from '../support/rc-script.ts';
import { otherUserFault } from '../support/stranger.ts';

const fault = has('openrc-run') ? otherUserFault() : 'openrc is not installed';

test("OpenRC's own openrc-run starts, reloads and stops the daemon, and shows its errors", ({ skip }) => {
  skip(fault !== null, fault ?? '');
  using _lab = host('em0', 'carp0');
  const script = fileURLToPath(new URL('../support/openrc.sh', import.meta.url));
  const words = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child', 'sh', script];
  const { stdout, stderr } = spawnSync(
    'unshare',
    [...words, servicePath('openrc/ifdepd'), program, process.execPath],
    { encoding: 'utf8' },
  );
  expect(stdout.trim().split('\n'), stderr).toEqual([
    'start: 1',
    'unknown key',
    'start: 0',
    'carp0: down',
    'the pid file names it',
    'reload: 0',
    'h ',
    'status: 0',
    'stop: 0',
    'no pid file',
    'asked then: 69',
  ]);
});
