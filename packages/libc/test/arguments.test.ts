import { expect, test } from 'vitest';
import {
  decodeText,
  encodeText,
  type Libc,
  loadLibc,
  must,
  OwnedFd,
  openSocket,
  SystemError,
  targetOf,
} from '../src/index.ts';
import { onClockStep, openRing } from '../src/linux/index.ts';

const libc = loadLibc();

/** The libc for a caller without a type checker. */
type Loose = Readonly<Record<string, (...values: unknown[]) => unknown>>;
const loose = libc as unknown as Loose;
const bytes = new Uint8Array(16);

/** One call of each kind of argument, and of each call at least one. */
test.each<
  [call: string, values: readonly unknown[], error: typeof TypeError | typeof RangeError, message: string]
>([
  ['socket', ['inet', 2, 0], TypeError, "socket: domain must be a whole number, not 'inet'"],
  [
    'socket',
    [2, Number.NaN, 0],
    RangeError,
    'socket: type must be a whole number from -2147483648 to 2147483647, not NaN',
  ],
  ['socket', [2, 2], TypeError, 'socket: protocol must be a whole number, not undefined'],
  ['bind', [3, 'em0'], TypeError, "bind: address must be a Uint8Array, not 'em0'"],
  ['connect', [3, [1, 2]], TypeError, 'connect: address must be a Uint8Array, not an array'],
  [
    'listen',
    [3, 1.5],
    RangeError,
    'listen: backlog must be a whole number from -2147483648 to 2147483647, not 1.5',
  ],
  ['accept', ['3'], TypeError, "accept: fd must be a whole number, not '3'"],
  ['setsockopt', [3, 1, 8, 65536], TypeError, 'setsockopt: value must be a Uint8Array, not 65536'],
  ['getsockopt', [3, 1, 8, null], TypeError, 'getsockopt: value must be a Uint8Array, not null'],
  ['sendto', [3, 'text', 0, null], TypeError, "sendto: bytes must be a Uint8Array, not 'text'"],
  ['sendto', [3, bytes, 0, undefined], TypeError, 'sendto: to must be a Uint8Array or null, not undefined'],
  [
    'recvfrom',
    [3, new Float64Array(2), 0, null],
    TypeError,
    'recvfrom: into must be a Uint8Array, not an object',
  ],
  ['ioctl', [3, -1, bytes], RangeError, 'ioctl: request must be a whole number from 0 to 4294967295, not -1'],
  [
    'ioctl',
    [3, 2 ** 32, bytes],
    RangeError,
    'ioctl: request must be a whole number from 0 to 4294967295, not 4294967296',
  ],
  ['open', ['a\0b', 0], RangeError, "open: path must be a string without NUL, not 'a\0b'"],
  ['open', [new URL('file:///'), 0], TypeError, 'open: path must be a string, not an object'],
  [
    'pread',
    [3, bytes, -1],
    RangeError,
    'pread: offset must be a whole number from 0 to 9007199254740991, not -1',
  ],
  // NaN would become 0 and close standard input.
  [
    'close',
    [Number.NaN],
    RangeError,
    'close: fd must be a whole number from -2147483648 to 2147483647, not NaN',
  ],
  ['close', [3n], TypeError, 'close: fd must be a whole number, not 3'],
  ['dup2', [3, undefined], TypeError, 'dup2: to must be a whole number, not undefined'],
  ['pipe', [new Int32Array(1)], TypeError, 'pipe: ends must be an Int32Array of two, not an object'],
  ['flock', [3, 'LOCK_EX'], TypeError, "flock: operation must be a whole number, not 'LOCK_EX'"],
  [
    'fcntl',
    [3, 2, 2 ** 31],
    RangeError,
    'fcntl: argument must be a whole number from -2147483648 to 2147483647, not 2147483648',
  ],
  ['sysctl', ['net', null, null], TypeError, "sysctl: mib must be an array, not 'net'"],
  ['sysctl', [[4, '17'], null, null], TypeError, "sysctl: mib must be a whole number, not '17'"],
  ['sysctlbyname', [[1], null, null], TypeError, 'sysctlbyname: name must be a string, not an array'],
  ['unshare', ['net'], TypeError, "unshare: flags must be a whole number, not 'net'"],
  ['setns', [3, null], TypeError, 'setns: nstype must be a whole number, not null'],
  ['prctl', [1, -1], RangeError, 'prctl: argument must be a whole number from 0 to 9007199254740991, not -1'],
  [
    'waitpid',
    [1.5, 0],
    RangeError,
    'waitpid: pid must be a whole number from -2147483648 to 2147483647, not 1.5',
  ],
  [
    'timerfd_create',
    [undefined, 0],
    TypeError,
    'timerfd_create: clock must be a whole number, not undefined',
  ],
  ['timerfd_settime', [3, 0, null], TypeError, 'timerfd_settime: value must be a Uint8Array, not null'],
  ['sched_getattr', [true, bytes], TypeError, 'sched_getattr: pid must be a whole number, not true'],
  ['sched_setattr', [0, {}], TypeError, 'sched_setattr: attributes must be a Uint8Array, not an object'],
  [
    'io_uring_setup',
    [-1, bytes],
    RangeError,
    'io_uring_setup: entries must be a whole number from 0 to 4294967295, not -1',
  ],
  ['io_uring_enter', [3, 1, 1, null], TypeError, 'io_uring_enter: flags must be a whole number, not null'],
  ['mmap', [3, 0, 0], RangeError, 'mmap: length must be a whole number from 1 to 2147483647, not 0'],
  ['_exit', ['0'], TypeError, "_exit: status must be a whole number, not '0'"],
  ['openlog', ['a\0b', 0, 0], RangeError, "openlog: ident must be a string without NUL, not 'a\0b'"],
  ['syslog', [6, new Error('no')], TypeError, 'syslog: message must be a string, not an object'],
  ['pin', [-8], RangeError, 'pin: size must be a whole number from 1 to 2147483647, not -8'],
  ['readable', [3, 'callback'], TypeError, "readable: callback must be a function, not 'callback'"],
  ['readable', ['3', () => undefined], TypeError, "readable: fd must be a whole number, not '3'"],
  ['writable', [3, 'callback'], TypeError, "writable: callback must be a function, not 'callback'"],
])('%s: a wrong argument is named in the error', (call, values, error, message) => {
  const made = () => loose[call]?.(...values);
  expect(made).toThrow(error);
  expect(made).toThrow(message);
});

test('every call with a parameter refuses an argument of the wrong type', () => {
  const none = new Set(['target', 'if_nameindex', 'malloc_trim', 'closelog']);
  for (const name of Object.keys(libc).filter((one) => !none.has(one))) {
    const junk = Symbol('junk');
    expect(() => loose[name]?.(junk, junk, junk, junk), name).toThrow(TypeError);
  }
});

test('a Uint8Array of another realm is accepted', async () => {
  const { runInNewContext } = await import('node:vm');
  const foreign = runInNewContext('new Uint8Array(8)') as Uint8Array;
  expect(libc.recvfrom(-1, foreign, 0, null)).toBe(-9);
});

const { target } = libc;
test.each<[what: string, made: () => unknown, message: string]>([
  ['loadLibc(null)', () => loadLibc(null as never), 'loadLibc: options must be an object, not null'],
  ['loadLibc, library', () => loadLibc({ library: 5 as never }), 'loadLibc: library must be a string, not 5'],
  [
    'loadLibc, target',
    () => loadLibc({ target: 'linux' as never }),
    "loadLibc: target must be an object, not 'linux'",
  ],
  [
    'loadLibc, a target without a layout',
    () => loadLibc({ target: { platform: 'linux' } as never }),
    "loadLibc: target must be an object with 'layout', which this one lacks",
  ],
  [
    'targetOf(undefined)',
    () => targetOf(undefined as never),
    'targetOf: platform must be a string, not undefined',
  ],
  [
    'OwnedFd(libc, −1)',
    () => new OwnedFd(libc, -1),
    'OwnedFd: fd must be a whole number from 0 to 2147483647, not -1',
  ],
  ['OwnedFd(libc, NaN)', () => new OwnedFd(libc, Number.NaN), 'not NaN'],
  ['OwnedFd(fd)', () => new OwnedFd(3 as never, 3), 'OwnedFd: libc must be an object, not 3'],
  [
    'openSocket, domain',
    () => openSocket(libc, 'inet' as never, 2, 0, 'socket'),
    "openSocket: domain must be a whole number, not 'inet'",
  ],
  [
    'openSocket, libc',
    () => openSocket({} as Libc, 2, 2, 0, 'socket'),
    "openSocket: libc must be an object with 'target'",
  ],
  [
    'must(undefined)',
    () => must(libc, undefined as never, 'bind', 'socket'),
    'must: result must be what a call returned',
  ],
  ['must(NaN)', () => must(libc, Number.NaN, 'bind', 'socket'), 'a whole number, not NaN'],
  [
    'SystemError, errno',
    () => new SystemError(target, -19, 'ioctl', 'em0'),
    'SystemError: errno must be a whole number from 1',
  ],
  [
    'SystemError, target',
    () => new SystemError('linux' as never, 19, 'ioctl', 'em0'),
    'SystemError: target must be an object',
  ],
  [
    'openRing, entries',
    () => openRing(libc, 0),
    'openRing: entries must be a whole number from 1 to 32768, not 0',
  ],
  ['decodeText', () => decodeText(null as never), 'decodeText: bytes must be a Uint8Array, not null'],
  [
    'decodeText of a string',
    () => decodeText('em0' as never),
    "decodeText: bytes must be a Uint8Array, not 'em0'",
  ],
  ['encodeText', () => encodeText(Symbol('x') as never), 'encodeText: text must be a string, not Symbol(x)'],
  [
    'onClockStep, libc',
    () => onClockStep(null as never, () => {}),
    'onClockStep: libc must be an object, not null',
  ],
  [
    'onClockStep, callback',
    () => onClockStep(libc, {} as never),
    'onClockStep: callback must be a function, not an object',
  ],
  ['openRing, libc', () => openRing(null as never, 8), 'openRing: libc must be an object, not null'],
])('%s: a wrong argument is named in the error', (_what, made, message) => {
  expect(made).toThrow(message);
});
