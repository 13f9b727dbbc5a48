import { describe, expect, test } from 'vitest';
import { bsdHost, type System, systems } from '../support/bsd-host.ts';

const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;
/** net/if.h: IFF_DEBUG and, in the upper half of FreeBSD and DragonFly, IFF_MONITOR. */
const IFF_DEBUG = 0x4;
const IFF_MONITOR = 0x40000;

const BOTH = ['lan0', 'lan1'];
const NONE: readonly string[] = [];

describe.each(systems)('%s', (system: System) => {
  test('a cable is cut and mended: both destinations go down and come back', async () => {
    const host = await bsdHost(system);
    expect(host.up()).toEqual(BOTH);
    host.kernel.carrier('em0', 'down');
    host.settle();
    expect(host.up()).toEqual(NONE);
    host.kernel.carrier('em0', 'up');
    host.settle();
    expect(host.up()).toEqual(BOTH);
  });

  test('two cables are cut and one comes back: the destination stays down until the second does', async () => {
    const { kernel, settle, up } = await bsdHost(system);
    kernel.carrier('em0', 'down');
    kernel.carrier('bge0', 'down');
    settle();
    kernel.carrier('em0', 'up');
    settle();
    expect(up()).toEqual(NONE);
    kernel.carrier('bge0', 'up');
    settle();
    expect(up()).toEqual(BOTH);
  });

  test('a source that another program sets down has failed, whatever its link and IFF_RUNNING still say', async () => {
    const { kernel, settle, up, daemon } = await bsdHost(system);
    kernel.setAdmin('em0', 'down');
    settle();
    expect(up()).toEqual(NONE);
    expect(daemon.status.groups[0]?.sources[0]).toMatchObject({ health: 'failed', reason: 'admin down' });
    kernel.setAdmin('em0', 'up');
    settle();
    expect(up()).toEqual(BOTH);
  });

  test('IFF_UP is all that changes, in both halves of the flags', async () => {
    const mark = system === 'freebsd' || system === 'dragonfly' ? IFF_DEBUG | IFF_MONITOR : IFF_DEBUG;
    const { kernel, settle } = await bsdHost(system, { before: (kernel) => kernel.addFlags('lan0', mark) });
    const before = kernel.flags('lan0');
    kernel.carrier('em0', 'down');
    settle();
    expect(kernel.flags('lan0')).toBe(before & ~(IFF_UP | IFF_RUNNING));
    expect(kernel.flags('lan0') & mark).toBe(mark);
    kernel.carrier('em0', 'up');
    settle();
    expect(kernel.flags('lan0')).toBe(before);
  });

  test('a start that finds everything right writes nothing; one that does not, sets it right', async () => {
    const host = await bsdHost(system, { before: (kernel) => kernel.carrier('bge0', 'down') });
    expect(host.up()).toEqual(NONE);
    await host.crash();
    let writes = 0;
    const again = await bsdHost(system, {
      calls: (libc) => ({
        ioctl(fd, request, argument) {
          // _IOW('i', 16, …): SIOCSIFFLAGS, whatever the size of its argument.
          writes += (request & 0xffff) === 0x6910 && request >>> 30 === 2 ? 1 : 0;
          return libc.ioctl(fd, request, argument);
        },
      }),
    });
    expect(writes).toBe(0);
    again.kernel.carrier('em0', 'down');
    again.settle();
    expect(writes).toBe(2);
  });

  test('an address that raises a destination held down: it is set down again', async () => {
    const { kernel, settle, isUp } = await bsdHost(system);
    kernel.carrier('em0', 'down');
    settle();
    kernel.addAddress('lan0');
    expect(isUp('lan0')).toBe(true);
    settle();
    expect(isUp('lan0')).toBe(false);
  });

  test('a destination that another program sets up while it is held down is set down again and reported', async () => {
    const { kernel, settle, isUp, log } = await bsdHost(system);
    kernel.carrier('em0', 'down');
    settle();
    kernel.setAdmin('lan1', 'up');
    settle();
    expect(isUp('lan1')).toBe(false);
    await new Promise(setImmediate);
    expect(log.map(({ event }) => event)).toContain('foreign-change');
  });

  test('a source departs and its number goes to another: it has failed until it is back, under any number', async () => {
    const { kernel, settle, up, daemon } = await bsdHost(system);
    const before = daemon.links.lookUp('em0')?.index;
    kernel.detach('em0');
    kernel.attach('usb0');
    kernel.setAdmin('usb0', 'up');
    settle();
    expect(kernel.libc.if_nameindex()).toContainEqual({ name: 'usb0', index: before });
    expect(up()).toEqual(NONE);
    expect(daemon.status.groups[0]?.sources[0]).toMatchObject({ health: 'failed', reason: 'missing' });
    kernel.attach('em0');
    kernel.setAdmin('em0', 'up');
    settle();
    expect(daemon.links.lookUp('em0')?.index).not.toBe(before);
    expect(up()).toEqual(BOTH);
  });

  test('a destination returns: set down where it is held, and left alone where it is not', async () => {
    const { kernel, settle, isUp } = await bsdHost(system);
    kernel.carrier('em0', 'down');
    settle();
    kernel.detach('lan0');
    settle();
    kernel.attach('lan0');
    kernel.setAdmin('lan0', 'up');
    settle();
    expect(isUp('lan0')).toBe(false);
    kernel.carrier('em0', 'up');
    settle();
    expect(isUp('lan0')).toBe(true);
    kernel.detach('lan0');
    settle();
    kernel.attach('lan0');
    settle();
    // Its owner raises it, not we.
    expect(isUp('lan0')).toBe(false);
  });

  test('without the privilege nothing can be set: the errno is reported, and the daemon tries again', async () => {
    const { kernel, settle, up, log, daemon } = await bsdHost(system);
    kernel.privileged = false;
    kernel.carrier('em0', 'down');
    settle();
    expect(up()).toEqual(BOTH);
    expect([...daemon.failures.keys()]).toEqual(BOTH);
    await new Promise(setImmediate);
    expect(log.find(({ event }) => event === 'action-failed')?.message).toContain('EPERM');
  });
});

describe.each(['freebsd', 'dragonfly'] as const)('%s can rename', (system) => {
  test('a source that is called otherwise has failed, and is active under its name again', async () => {
    const { kernel, settle, up } = await bsdHost(system);
    kernel.rename('em0', 'wan0');
    settle();
    expect(up()).toEqual(NONE);
    kernel.rename('wan0', 'em0');
    settle();
    expect(up()).toEqual(BOTH);
  });
});
