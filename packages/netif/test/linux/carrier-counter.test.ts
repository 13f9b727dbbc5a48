import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { openOperator, type ScriptedLinux, scriptedLinux } from '@ifdepd/scripted-kernels';
import { expect, test } from 'vitest';
import { openCarrierCounter } from '../../src/linux/index.ts';

/** A card with a cable that is up. */
function host(): ScriptedLinux {
  const kernel = scriptedLinux();
  kernel.attach('em0');
  using operator = openOperator(kernel.libc);
  operator.apply({ op: 'admin', name: 'em0', to: 'up', by: 'netlink' });
  return kernel;
}

/** The libc of a host whose files in /sys/class/net have this text instead, and how many descriptors are open. */
function showing(kernel: ScriptedLinux, files: Readonly<Record<string, string>>) {
  const texts = new Map<number, string>();
  const open = new Set<number>();
  const { libc } = kernel;
  return {
    open,
    libc: {
      ...libc,
      socket(...words: Parameters<typeof libc.socket>) {
        const fd = libc.socket(...words);
        open.add(fd);
        return fd;
      },
      open(path: string, flags: number) {
        const fd = libc.open(path, flags);
        const text = files[path.slice(path.lastIndexOf('/') + 1)];
        if (fd >= 0) {
          open.add(fd);
        }
        if (text !== undefined) {
          texts.set(fd, text);
        }
        return fd;
      },
      pread(fd: number, into: Uint8Array, offset: number) {
        const text = texts.get(fd);
        if (text === undefined) {
          return libc.pread(fd, into, offset);
        }
        const bytes = new TextEncoder().encode(text).subarray(0, into.byteLength);
        into.set(bytes);
        return bytes.byteLength;
      },
      close(fd: number) {
        open.delete(fd);
        return libc.close(fd);
      },
    },
  };
}

test('a carrier counter counts each change at once, while the kernel holds its messages back', () => {
  const kernel = host();
  using counter = openCarrierCounter('em0', { libc: kernel.libc });
  const before = counter?.read() ?? Number.NaN;
  expect(before).toBe(kernel.link('em0').carrierUps + kernel.link('em0').carrierDowns);
  for (const to of ['down', 'up', 'down'] as const) {
    kernel.cable('em0', to);
  }
  expect(counter?.read()).toBe(before + 3);
});

test('a carrier counter continues after a rename, and reads -1 once its interface is gone', () => {
  const kernel = host();
  using counter = openCarrierCounter('em0', { libc: kernel.libc });
  using operator = openOperator(kernel.libc);
  operator.apply({ op: 'rename', name: 'em0', to: 'wan0' });
  expect(counter?.read()).toBeGreaterThan(0);
  expect(openCarrierCounter('em0', { libc: kernel.libc })).toBeNull();
  kernel.detach('wan0');
  expect(counter?.read()).toBe(-1);
});

test.each([
  ['another index', { ifindex: '7000\n' }],
  ['another hardware address', { address: '02:00:00:00:00:99\n' }],
  ['an address whose last byte differs', { address: 'ff\n' }],
  ['no count', { carrier_changes: '\n' }],
  ['an empty file', { carrier_changes: '' }],
])('a carrier counter is null, and no descriptor stays open, where the sysfs shows %s', (_what, files) => {
  const { libc, open } = showing(host(), files);
  expect(openCarrierCounter('em0', { libc })).toBeNull();
  expect(open).toEqual(new Set());
});

test('a carrier counter exists for an interface without a hardware address', () => {
  const { libc, open } = showing(host(), { address: '\n' });
  using counter = openCarrierCounter('em0', { libc });
  expect(counter?.read()).toBeGreaterThan(0);
  // The file of the count is all that stays open.
  expect(open.size).toBe(1);
});

test.each([
  ['0\n', 0],
  ['9\n', 9],
  ['4294967295\n', 4_294_967_295],
])('a carrier counter reads %j', (text, count) => {
  const { libc } = showing(host(), { carrier_changes: text });
  using counter = openCarrierCounter('em0', { libc });
  expect(counter?.read()).toBe(count);
});

test.each(['SIOCGIFINDEX', 'SIOCGIFHWADDR'])('a carrier counter is null where %s fails', (failing) => {
  const kernel = host();
  const requests: Record<string, number> = { SIOCGIFINDEX: 0x8933, SIOCGIFHWADDR: 0x8927 };
  const { libc, open } = showing(kernel, {});
  const ioctl: typeof libc.ioctl = (fd, request, bytes) =>
    request === requests[failing] ? -19 : libc.ioctl(fd, request, bytes);
  expect(openCarrierCounter('em0', { libc: { ...libc, ioctl } })).toBeNull();
  expect(open).toEqual(new Set());
});

test('openCarrierCounter throws when no socket can be opened, and closes its file', () => {
  const { libc, open } = showing(host(), {});
  expect(() => openCarrierCounter('em0', { libc: { ...libc, socket: () => -24 } })).toThrow('EMFILE');
  expect(open).toEqual(new Set());
});

test('openCarrierCounter refuses a path, and is null for a missing interface and on a BSD', () => {
  const { libc } = host();
  expect(openCarrierCounter('em1', { libc })).toBeNull();
  expect(() => openCarrierCounter('../net/em0', { libc })).toThrow(RangeError);
  const bsd = scriptedLibc({}, { target: targetOf('freebsd') });
  expect(openCarrierCounter('em0', { libc: bsd })).toBeNull();
  expect(bsd.calls).toEqual([]);
});
