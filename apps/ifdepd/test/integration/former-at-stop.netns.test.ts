import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { ip } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { openDaemon, parseSettings } from '../../src/index.ts';
import { host } from '../support/host.ts';
import { quietLog } from '../support/quiet-log.ts';

/** linux/rtnetlink.h: requests that change a link. */
const [RTM_NEWLINK, RTM_SETLINK] = [16, 19];

/** The calls of a system that refuses to set protodown. */
function refusing(real: Libc): Libc {
  return {
    ...real,
    sendto(fd, message, ...rest) {
      const type = Buffer.from(message.buffer, message.byteOffset).readUInt16LE(4);
      return type === RTM_NEWLINK || type === RTM_SETLINK
        ? -real.target.errnoOf.EINVAL
        : real.sendto(fd, message, ...rest);
    },
  };
}

test.each(['up', 'restore'])(
  'a stop with on-exit: %s, while admin of the former rules holds an interface for which protodown cannot be set: the interface is up',
  async (onExit) => {
    using lab = host('em0', 'em1');
    ip('link', 'add', 'vrrp.1', 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
    ip('link', 'set', 'vrrp.1', 'up');
    const folder = mkdtempSync(join(tmpdir(), 'ifdepd-former-'));
    const directories = { runtime: join(folder, 'run'), state: join(folder, 'state') };
    for (const place of Object.values(directories)) {
      mkdirSync(place, { mode: 0o755 });
    }
    const open = (action: string, libc: Libc) =>
      openDaemon(
        parseSettings(
          `groups: {g: {sources: [em0], destinations: [{interface: vrrp.1, action: ${action}}], on-exit: ${onExit}}}`,
          '/etc/ifdepd.conf',
        ),
        { libc, host: loadLibc(), directories, log: quietLog },
      );
    try {
      const former = await open('admin', loadLibc());
      lab.cables.em0.cut();
      await lab.allAre('down', ['vrrp.1']);
      await former.abandon();
      const present = await open('protodown', refusing(loadLibc()));
      expect(present.daemon.failures.has('vrrp.1')).toBe(true);
      expect(lab.isUp('vrrp.1')).toBe(false);
      await present.stop();
      expect(lab.isUp('vrrp.1')).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
