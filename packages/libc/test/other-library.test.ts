import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { loadLibc, targetOf } from '../src/index.ts';

const ENOSYS = 38;

const directory = mkdtempSync(join(tmpdir(), 'tiny-libc-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Compiles a library that is not linked with libc, so that it has its own functions only. Null without a compiler. */
function compileTiny(...defines: readonly string[]): string | null {
  const source = fileURLToPath(new URL('fixtures/tiny.c', import.meta.url));
  const library = join(directory, `tiny${defines.join('')}.so`);
  const { error, status, stderr } = spawnSync(
    'cc',
    [
      '-shared',
      '-fPIC',
      '-O1',
      '-nostdlib',
      '-fno-builtin',
      '-Wl,-Bsymbolic',
      ...defines,
      '-o',
      library,
      source,
    ],
    { encoding: 'utf8' },
  );
  if (error === undefined && status !== 0) {
    throw new Error(stderr);
  }
  return error === undefined ? library : null;
}

describe('a library given by name', () => {
  const tiny = compileTiny();

  test('its calls are made, the request of an ioctl is unsigned, and its errno is returned', (ctx) => {
    if (tiny === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library: tiny, target: targetOf('linux') });
    expect(libc.socket(1, 2, 3)).toBe(123);
    expect(libc.close(16)).toBe(-16);
    const argument = new Uint8Array(8);
    expect(libc.ioctl(7, 0xc0906911, argument)).toBe(7);
    expect(new DataView(argument.buffer).getBigUint64(0, true)).toBe(0xc0906911n);
    const into = new Uint8Array(3);
    const from = new Uint8Array(12);
    expect(libc.recvfrom(5, into, 0x40, from)).toBe(3);
    expect([...into, from[0]]).toEqual([5, 3, 0x40, 12]);
    expect(libc.recvfrom(6, into, 0, null)).toBe(3);
  });

  test('its calls have the symbols and errnos of the target', (ctx) => {
    if (tiny === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library: tiny, target: targetOf('netbsd') });
    expect(libc.socket(1, 2, 3)).toBe(1023);
    expect(libc.unshare(0)).toBe(-78);
    expect(libc.fcntl(3, 2, 1)).toBe(321);
  });

  test('its sysctl reads and writes bytes, and returns the length when no buffer is given', (ctx) => {
    if (tiny === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library: tiny, target: targetOf('freebsd') });
    const into = new Uint8Array(8);
    expect(libc.sysctl([4, 17, 0, 0, 3, 0], null, null)).toBe(6);
    expect(libc.sysctl([4, 17, 0, 0, 3, 0], into, null)).toBe(6);
    expect([...into]).toEqual([4, 17, 0, 0, 3, 0, 0, 0]);
    expect(libc.sysctl([1, 2], into, Uint8Array.of(9))).toBe(3);
    expect([...into.subarray(0, 3)]).toEqual([1, 2, 9]);
    expect(libc.sysctl([1, 2, 3], new Uint8Array(2), null)).toBe(-12);
    expect(libc.sysctlbyname('carp', into, Uint8Array.of(240))).toBe(5);
    expect([...into.subarray(0, 5)]).toEqual([...Buffer.from('carp'), 240]);
  });

  test('its list of interfaces is freed after use, and a failure returns its errno', (ctx) => {
    const library = compileTiny('-DWITH_NAMES');
    if (library === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library, target: targetOf('linux') });
    for (let round = 0; round < 3; round += 1) {
      expect(libc.if_nameindex()).toEqual([
        { index: 7, name: 'em0' },
        { index: 1, name: 'lo0' },
      ]);
    }
    const [lists, ENOMEM] = [libc.unshare(12), 12];
    expect(lists).toBe(0);
    expect(libc.if_nameindex()).toBe(-ENOMEM);
  });

  test('a call that it lacks returns -ENOSYS', (ctx) => {
    if (tiny === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library: tiny, target: targetOf('linux') });
    expect(libc.unshare(0)).toBe(-ENOSYS);
    expect(libc.unshare(0)).toBe(-ENOSYS);
    expect(libc.dup2(0, 1)).toBe(-ENOSYS);
    expect(libc.flock(0, 2)).toBe(-ENOSYS);
    expect(libc.if_nameindex()).toBe(-ENOSYS);
  });

  test('a library that does not exist is named in the error', () => {
    expect(() => loadLibc({ library: '/nowhere/libkernel.so' })).toThrow(
      /^cannot load the C library \/nowhere\/libkernel\.so: .*(No such file|not found)/,
    );
  });
});
