import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { compile } from '@ifdepd/policy';
import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { readArguments } from '../../src/cli/arguments/arguments.ts';
import { settingsOf } from '../../src/cli/arguments/command-line-settings.ts';
import { load, settingsIn } from '../../src/config/load-aside.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { checkHost, interfacesOf } from '../../src/diagnose/check-host.ts';
import { refuseUnsupported } from '../../src/diagnose/unsupported.ts';
import { prepareDaemon } from '../../src/service/prepare-daemon.ts';
import { reload } from '../../src/service/reload.ts';
import { configFile } from '../support/config-file.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { found } from '../support/router.ts';

vi.mock('@ifdepd/policy', async (original) => {
  const policy = await original<typeof import('@ifdepd/policy')>();
  return { ...policy, compile: vi.fn(policy.compile) };
});
const compilations = vi.mocked(compile);

beforeEach(() => {
  compilations.mockClear();
});

const file = 'groups: {gateway: {sources: [em0, bge0], destinations: [lan0, lan1]}}\n';

/** A daemon from its settings to its first decision, with what is looked at before, as `ifdepd` starts it. */
async function started(settings: Settings) {
  const kernel = scriptedBsd('freebsd');
  for (const name of ['em0', 'bge0', 'lan0', 'lan1']) {
    kernel.attach(name);
    kernel.setAdmin(name, 'up');
  }
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-once-'));
  const { libc } = kernel;
  refuseUnsupported(settings, libc);
  checkHost(
    { ...interfacesOf(settings), file: settings.file, written: null, wait: false, dryRun: false },
    libc,
  );
  const prepared = await prepareDaemon(settings, {
    libc,
    directories: { runtime: join(folder, 'run'), state: join(folder, 'state') },
    log: { write: () => {}, close: () => Promise.resolve() },
  });
  onTestFinished(async () => {
    await prepared.close();
    await removeFolder(folder);
  });
  return prepared.start();
}

test('a start with -S and -D compiles the policy once, from reading the command line to the first decision', async () => {
  const invocation = readArguments(['-S', 'em0:bge0', '-D', 'lan0:lan1', '--require', '1']);
  const args = invocation.command === 'daemon' ? invocation.arguments : expect.unreachable('no daemon');
  await started(await settingsOf(args, ''));
  expect(compilations).toHaveBeenCalledTimes(1);
});

test('a start with -f compiles the policy once, and a reload once more', async () => {
  using config = configFile(file);
  const running = await started(loadSettings(config.path));
  expect(compilations).toHaveBeenCalledTimes(1);
  config.write(file.replace('}}', ', up-delay: 3s}}'));
  expect(await reload(running)).toBe(null);
  expect(running.settings.policy.groups).toMatchObject({ gateway: { upDelayMs: 3000 } });
  expect(compilations).toHaveBeenCalledTimes(2);
});

test('a reload compiles nothing where another process has read the file', async () => {
  using config = configFile(file);
  const running = await started(loadSettings(config.path));
  const answer = deserialize(serialize(load(config.path)));
  compilations.mockClear();
  const byWorker = { ...running, load: () => Promise.resolve(settingsIn(answer)) };
  expect(await reload(byWorker)).toBe(null);
  expect(compilations).not.toHaveBeenCalled();
});

test('the findings of check and plan compile nothing that reading the file has compiled', () => {
  found('em0', 'carp0');
  expect(compilations).toHaveBeenCalledTimes(1);
});
