import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc } from '@ifdepd/libc';
import { expect, onTestFinished, test } from 'vitest';
import { parseSettings } from '../../src/index.ts';
import { prepareDaemon } from '../../src/service/prepare-daemon.ts';
import { reload } from '../../src/service/reload.ts';
import { holderOf } from '../../src/state/destination-locks.ts';
import { networkNamespaceId } from '../../src/system/network-namespace.ts';
import { host } from '../support/host.ts';
import { quietLog } from '../support/quiet-log.ts';

/** linux/sockios.h */
const SIOCSIFFLAGS = 0x8914;

const before = 'groups: {g: {sources: [em0], destinations: [carp0, carp1], on-exit: up}}';
const after = 'groups: {g: {sources: [em0], destinations: [carp1]}}';

/** A daemon that holds carp0 down and whose reload cannot set it up. */
async function released() {
  const lab = host('em0', 'carp0', 'carp1');
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-release-'));
  const directories = { runtime: join(folder, 'run'), state: join(folder, 'state') };
  for (const place of Object.values(directories)) {
    mkdirSync(place, { mode: 0o755 });
  }
  const real = loadLibc();
  const fault = { on: false };
  const ioctl: typeof real.ioctl = (fd, request, bytes) =>
    fault.on && request === SIOCSIFFLAGS ? -real.target.errnoOf.EINVAL : real.ioctl(fd, request, bytes);
  const file = join(folder, 'ifdepd.conf');
  const options = { libc: { ...real, ioctl }, host: real, directories, log: quietLog };
  const prepared = await prepareDaemon(parseSettings(before, file), options);
  onTestFinished(async () => {
    await prepared.close();
    rmSync(folder, { recursive: true, force: true });
    lab[Symbol.dispose]();
  });
  const running = await prepared.start();
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0', 'carp1']);
  writeFileSync(file, after, { mode: 0o600 });
  fault.on = true;
  expect(await reload(running)).toBeNull();
  fault.on = false;
  expect(lab.isUp('carp0')).toBe(false);
  const holder = () => holderOf('carp0', networkNamespaceId(), directories.runtime);
  return { lab, running, file, holder };
}

test('a destination that a reload releases and cannot set up is set up when that works again, and locked until then', async () => {
  const { lab, holder } = await released();
  expect(holder()).toBe(process.pid);
  await lab.allAre('up', ['carp0']);
  expect(holder()).toBeNull();
  expect(lab.isUp('carp1')).toBe(false);
});

test('a destination that a reload could not set up, and that the next reload names again, follows its group', async () => {
  const { lab, running, file, holder } = await released();
  writeFileSync(file, before, { mode: 0o600 });
  expect(await reload(running)).toBeNull();
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0', 'carp1']);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0', 'carp1']);
  expect(holder()).toBe(process.pid);
});
