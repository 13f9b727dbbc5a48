import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askStatus } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';
import { asStranger, CAP_NET_ADMIN, sandbox, sandboxFault } from '../support/sandbox.ts';
import { giveAway } from '../support/stranger.ts';

const noSandbox = sandboxFault();

/** What none of the unit's programs may do, each by a program that says with its exit code whether it could. */
const FORBIDDEN = {
  'write to /etc': 'touch /etc/ifdepd-sandbox',
  'write to /tmp': 'touch /tmp/ifdepd-sandbox',
  'write to /dev': 'touch /dev/ifdepd-sandbox',
  'change a tunable of the kernel': 'echo 1 > /proc/sys/kernel/panic',
  'mount a file system': 'mount -t tmpfs none /mnt',
  'make a network namespace': 'unshare --net true',
  'give a file away': 'chown 1 "$0/made"',
  'make a device': 'mknod "$0/null" c 1 3',
  'set the host name': 'hostname ifdepd-sandbox',
  'become root by a program that may': 'su -c true',
};
const ALLOWED = {
  'write to the state directory': 'touch "$0/made"',
  'set an interface': 'ip link set carp1 down',
};

/** Tries everything, and keeps the exit codes. */
const TRY = [...Object.values(ALLOWED), ...Object.values(FORBIDDEN)]
  .map((command) => `{ ${command}; } < /dev/null > /dev/null 2>&1; echo $? >> "$0/tried"`)
  .join('\n');

/** Folders of a daemon in a sandbox. */
function places() {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-sandbox-'));
  const [run, state] = [join(folder, 'run'), join(folder, 'state')];
  mkdirSync(run);
  mkdirSync(state);
  if (asStranger) {
    [folder, run, state].forEach(giveAway);
  }
  return { run, state, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

test('in the sandbox of the unit, without systemd: it fails over, keeps a journal, answers, ends; and may do nothing else', async ({
  skip,
}) => {
  skip(noSandbox !== null, noSandbox ?? '');
  using lab = host('em0', 'carp0', 'carp1');
  using place = places();
  using file = configFile(
    JSON.stringify({
      groups: { g: { sources: ['em0'], destinations: ['carp0'] } },
      hooks: [{ on: ['down'], exec: ['/bin/sh', '-c', TRY, place.state], timeout: '60s' }],
    }),
  );
  if (asStranger) {
    [file.folder, file.path].forEach(giveAway);
  }
  const socket = join(place.run, 'ifdepd.sock');
  const env = { RUNTIME_DIRECTORY: place.run, STATE_DIRECTORY: place.state };
  await using running = await daemon(['-f', file.path], {
    env,
    under: sandbox([place.run, place.state]),
  });
  const { pid } = await askStatus(socket);
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const fact = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1];
  expect({
    privileges: fact('NoNewPrivs'),
    permitted: fact('CapPrm'),
    effective: fact('CapEff'),
    bounding: fact('CapBnd'),
  }).toEqual({
    privileges: '1',
    permitted: CAP_NET_ADMIN,
    effective: CAP_NET_ADMIN,
    bounding: CAP_NET_ADMIN,
  });
  expect(fact('Uid') === '0').toBe(!asStranger);

  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  const tried = join(place.state, 'tried');
  const commands = { ...ALLOWED, ...FORBIDDEN };
  await until(
    'the hook to have tried everything',
    () => existsSync(tried) && readFileSync(tried, 'utf8').split('\n').length > Object.keys(commands).length,
  );
  const codes = readFileSync(tried, 'utf8').trim().split('\n');
  expect(Object.fromEntries(Object.keys(commands).map((what, at) => [what, codes[at] === '0']))).toEqual({
    ...Object.fromEntries(Object.keys(ALLOWED).map((what) => [what, true])),
    ...Object.fromEntries(Object.keys(FORBIDDEN).map((what) => [what, false])),
  });
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0']);

  const asked = await runToEnd(['status', '-s', socket]);
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^g +up /m) });
  const journal = () =>
    readdirSync(place.state)
      .filter((name) => name.endsWith('.journal'))
      .map((name) => readFileSync(join(place.state, name), 'utf8'))
      .join('');
  await until('the journal', () => /"msg":"carp0: set up \(g: em0 active\)"/.test(journal()));
  expect(journal()).toContain('carp0: set down (g: em0 failed)');
  expect(readdirSync(join(place.run, 'locks'))).toEqual([expect.stringMatching(/-carp0$/)]);
  process.kill(pid, 'SIGTERM');
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(existsSync(socket)).toBe(false);
});
