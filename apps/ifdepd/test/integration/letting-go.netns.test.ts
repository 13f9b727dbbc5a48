import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc } from '@ifdepd/libc';
import { ip, until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/index.ts';
import { prepareDaemon } from '../../src/service/prepare-daemon.ts';
import { reload } from '../../src/service/reload.ts';
import type { Running } from '../../src/service/running.ts';
import { hookedLibc } from '../support/call-hook.ts';
import { configFile } from '../support/config-file.ts';
import { type Host, host } from '../support/host.ts';
import { settled } from '../support/kernel-failover.ts';
import { quietLog } from '../support/quiet-log.ts';

type Lab = Host<'em0' | 'carp0' | 'carp1'>;

const rule = (destinations: string, onExit: string) =>
  `groups: {g: {sources: [em0], destinations: [${destinations}], on-exit: ${onExit}}}`;

/** A daemon in this process, between any two calls of which something can happen. */
async function hooked(file: ReturnType<typeof configFile>) {
  const calls = hookedLibc(loadLibc());
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-letting-go-'));
  const prepared = await prepareDaemon(parseSettings(readFileSync(file.path, 'utf8'), file.path), {
    log: quietLog,
    libc: calls.libc,
    host: loadLibc(),
    kernelFailover: true,
    earlyLoss: 'off',
    directories: { runtime: join(folder, 'run'), state: join(folder, 'state') },
  });
  let closed = false;
  const running: Running = await prepared.start();
  // What can be prepared in the kernel is, before anything is called.
  await settled();
  return {
    running,
    calls,
    stop: () => prepared.stop('its owner'),
    async [Symbol.asyncDispose]() {
      if (!closed) {
        closed = true;
        await prepared.close();
        rmSync(folder, { recursive: true });
      }
    },
  };
}

type Hooked = Awaited<ReturnType<typeof hooked>>;

/** Lets the loss come before each call of an operation in turn, each time in a new daemon; and once after the last. */
async function beforeEachCall(
  first: string,
  operation: (one: Hooked, file: ReturnType<typeof configFile>) => Promise<void> | void,
  judge: (lab: Lab, one: Hooked) => Promise<void>,
  before: () => void = () => {},
): Promise<number> {
  using lab = host('em0', 'carp0', 'carp1');
  before();
  for (let call = 0; ; call += 1) {
    using file = configFile(first);
    await using one = await hooked(file);
    let lost = false;
    one.calls.before(call, () => {
      lost = true;
      lab.cables.em0.cut();
    });
    await operation(one, file);
    const all = one.calls.calls;
    one.calls.before(-1, () => {});
    if (!lost) {
      lab.cables.em0.cut();
    }
    await judge(lab, one).catch((error: unknown) => {
      throw new Error(`a loss before call ${call} of ${all}`, { cause: error });
    });
    await one[Symbol.asyncDispose]();
    lab.cables.em0.repair();
    await until('em0 to have its carrier', () => lab.netif.media('em0')?.active === true);
    for (const name of ['carp0', 'carp1']) {
      lab.netif.setAdmin(name, 'up');
    }
    if (!lost) {
      return call;
    }
  }
}

test('a source becomes the destination, and a loss before any of the calls that follow: it is up and left alone', async () => {
  const move = (from: string, to: string) => {
    ip('link', 'property', 'del', 'dev', from, 'altname', 'vip0');
    ip('link', 'property', 'add', 'dev', to, 'altname', 'vip0');
  };
  const calls = await beforeEachCall(
    'groups: {g: {sources: [em0, vip0], destinations: [carp0]}}',
    async ({ running }) => {
      move('carp1', 'carp0');
      await until('carp0 to be left alone', () => running.identity.leftAlone('carp0') !== null);
    },
    async (lab) => {
      await settled();
      await lab.allAre('up', ['carp0']);
      move('carp0', 'carp1');
    },
    () => ip('link', 'property', 'add', 'dev', 'carp1', 'altname', 'vip0'),
  );
  expect(calls).toBeGreaterThan(5);
});

describe('a reload that drops a destination, and a loss before any of its calls', () => {
  test.each([
    ['up', true],
    ['restore', true],
    ['down', false],
  ])(
    'a reload that drops a destination with on-exit %s, and a loss before any of its calls: it is released for good, the other follows',
    async (onExit, up) => {
      const calls = await beforeEachCall(
        rule('carp0, carp1', onExit),
        async ({ running }, file) => {
          file.write(rule('carp1', onExit));
          expect(await reload(running)).toBe(null);
        },
        async (lab) => {
          await lab.allAre('down', ['carp1']);
          await settled();
          expect(lab.isUp('carp0')).toBe(up);
          lab.cables.em0.repair();
          await lab.allAre('up', ['carp1']);
          await settled();
          expect(lab.isUp('carp0')).toBe(up);
        },
      );
      expect(calls).toBeGreaterThan(10);
    },
  );
});

test.each([
  ['up', true],
  ['restore', true],
  ['down', false],
])(
  'a stop with on-exit %s, and a loss before any of its calls: the destinations end as on-exit says',
  async (onExit, up) => {
    const calls = await beforeEachCall(
      rule('carp0, carp1', onExit),
      async (one) => {
        one.stop();
        await one[Symbol.asyncDispose]();
      },
      async (lab) => {
        await settled();
        expect([lab.isUp('carp0'), lab.isUp('carp1')]).toEqual([up, up]);
      },
    );
    expect(calls).toBeGreaterThan(2);
  },
);

test('a pause, and a loss before any of its calls: nothing is set while paused, and everything after the resume', async () => {
  await beforeEachCall(
    rule('carp0, carp1', 'leave'),
    ({ running }) => running.daemon.feed({ type: 'pause', group: 'g' }),
    async (lab, { running }) => {
      const then = ['carp0', 'carp1'].map(lab.isUp);
      await until(
        'the loss to be read',
        () => running.daemon.status.groups[0]?.sources[0]?.health === 'failed',
      );
      await settled();
      expect(['carp0', 'carp1'].map(lab.isUp)).toEqual(then);
      running.daemon.feed({ type: 'resume', group: 'g' });
      await lab.allAre('down', ['carp0', 'carp1']);
    },
  );
});

test('a resume, and a loss before any of its calls: the destinations follow', async () => {
  await beforeEachCall(
    rule('carp0, carp1', 'leave'),
    ({ running, calls }) => {
      running.daemon.feed({ type: 'pause', group: 'g' });
      running.daemon.feed({ type: 'resume', group: 'g' });
      expect(calls.calls).toBeGreaterThan(0);
    },
    async (lab) => {
      await lab.allAre('down', ['carp0', 'carp1']);
      lab.cables.em0.repair();
      await lab.allAre('up', ['carp0', 'carp1']);
    },
  );
});
