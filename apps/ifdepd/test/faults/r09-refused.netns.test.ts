import { askStatus } from '@ifdepd/faults';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { ip, until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { host } from '../support/host.ts';
import { daemon, socket } from '../support/program.ts';
import { quietLog } from '../support/quiet-log.ts';

/** linux/sockios.h */
const SIOCSIFFLAGS = 0x8914;

/** The calls of this system, but that setting an interface answers with an errno for as long as there is one. */
function refusing(name: string): { libc: Libc; errno: number; readonly attempts: number[] } {
  const libc = loadLibc();
  const wanted = [...new TextEncoder().encode(`${name}\0`)];
  const scripted = {
    errno: 0,
    attempts: [] as number[],
    libc: {
      ...libc,
      ioctl(fd: number, request: number, argument: Uint8Array) {
        if (request !== SIOCSIFFLAGS || wanted.some((byte, at) => argument[at] !== byte)) {
          return libc.ioctl(fd, request, argument);
        }
        scripted.attempts.push(performance.now());
        return scripted.errno === 0 ? libc.ioctl(fd, request, argument) : -scripted.errno;
      },
    },
  };
  return scripted;
}

const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0', 'carp1'] } } };

describe('a set that fails (scripted)', () => {
  test.each([
    ['EBUSY', 16],
    ['EPERM', 1],
    ['ENOBUFS', 105],
  ])('%s: the others are done, it is tried again ever more slowly, and recovers', async (code, errno) => {
    using lab = host('em0', 'carp0', 'carp1');
    const scripted = refusing('carp0');
    using running = startDaemon({ policy, log: quietLog, libc: scripted.libc });
    scripted.errno = errno;
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp1']);
    expect(running.failures.get('carp0')).toMatchObject({ code });
    expect(running.status.destinations[0]).toMatchObject({
      id: 'carp0',
      want: 'down',
      is: 'up',
      error: code,
    });
    await until('four attempts', () => scripted.attempts.length >= 4);
    const [first = 0, second = 0, third = 0, fourth = 0] = scripted.attempts;
    // 100 ms, doubled each time: a timer is late, and at most a millisecond early.
    expect(second - first).toBeGreaterThanOrEqual(99);
    expect(third - second).toBeGreaterThanOrEqual(199);
    expect(fourth - third).toBeGreaterThanOrEqual(399);
    expect(lab.isUp('carp0')).toBe(true);
    scripted.errno = 0;
    await lab.allAre('down', ['carp0']);
    expect(running.failures.size).toBe(0);
    expect(running.status.destinations[0]).toMatchObject({ is: 'down', error: null });
  });

  test('ENODEV: it is missing, the others are done, and it is set down when it is heard of', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    const scripted = refusing('carp0');
    using running = startDaemon({ policy, log: quietLog, libc: scripted.libc });
    scripted.errno = 19;
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp1']);
    expect(running.status.destinations[0]).toMatchObject({ is: 'missing' });
    scripted.errno = 0;
    ip('link', 'set', 'carp0', 'alias', 'here');
    await lab.allAre('down', ['carp0']);
  });
});

test('a set that the kernel refuses: a macvlan whose address another one on its parent has', async () => {
  using lab = host('em0', 'base0', 'carp0');
  for (const name of ['mv0', 'mv1']) {
    ip('link', 'add', 'link', 'base0', 'name', name, 'address', '02:00:00:00:00:01', 'type', 'macvlan');
  }
  await using running = await daemon(['-S', 'em0', '-D', 'mv0:carp0']);
  lab.cables.em0.cut();
  await lab.allAre('down', ['mv0', 'carp0']);
  ip('link', 'set', 'mv1', 'up');
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0']);
  await running.line(/mv0: cannot be set up .*, ifdepd tries again: .*EADDRINUSE/);
  expect((await askStatus(socket)).destinations).toMatchObject([
    { id: 'mv0', want: 'up', is: 'down', error: 'EADDRINUSE' },
    { id: 'carp0', want: 'up', is: 'up', error: null },
  ]);
  ip('link', 'set', 'mv1', 'down');
  await lab.allAre('up', ['mv0']);
  expect((await askStatus(socket)).destinations[0]).toMatchObject({ is: 'up', error: null });
});
