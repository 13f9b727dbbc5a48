import { type Libc, loadLibc } from '@ifdepd/libc';
import type { PolicyConfig } from '@ifdepd/policy';
import { beforeEach, expect, test } from 'vitest';
import { armed, hasRing, lab, start } from '../support/kernel-failover.ts';

/** linux/sockios.h */
const SIOCSIFFLAGS = 0x8914;

/** What is thrown away is received into so many bytes. */
const DRAINED_BYTES = 16;

/** This system's calls, and which of three the daemon has made. */
function recorded(): { readonly libc: Libc; readonly calls: string[] } {
  const calls: string[] = [];
  const real = loadLibc();
  const libc: Libc = {
    ...real,
    ioctl(...words) {
      calls.push(...(words[1] === SIOCSIFFLAGS ? ['set'] : []));
      return real.ioctl(...words);
    },
    recvfrom(...words) {
      const received = real.recvfrom(...words);
      calls.push(...(received > 0 && words[1].byteLength > DRAINED_BYTES ? ['message'] : []));
      return received;
    },
    io_uring_enter(...words) {
      calls.push('arm');
      return real.io_uring_enter(...words);
    },
  };
  return { libc, calls };
}

beforeEach(({ skip }) => skip(!hasRing(), 'no io_uring here'));

/** The daemon raises by itself: the kernel knows no delay. */
const delayed: PolicyConfig = {
  groups: { cli: { require: { all: ['em0', 'em1'] }, destinations: ['carp0', 'carp1'], upDelayMs: 1 } },
};

test('a repair that the daemon carries out: calls are armed after the messages of the writes were read, so that these messages cancel nothing', async () => {
  using host = lab();
  const { libc, calls } = recorded();
  using daemon = start({ libc, policy: delayed });
  await armed(daemon, 2);
  host.cables.em0.cut();
  await host.allAre('down', ['carp0', 'carp1']);
  await armed(daemon, 0);
  calls.length = 0;
  host.cables.em0.repair();
  await host.allAre('up', ['carp0', 'carp1']);
  await armed(daemon, 2);
  const lastSet = calls.lastIndexOf('set');
  expect(lastSet).not.toBe(-1);
  expect(calls[lastSet + 1]).toBe('message');
});
