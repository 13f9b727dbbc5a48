import { callable, INT, list, shown, text, UNSIGNED, wholeNumber } from './arguments.ts';
import type { Libc } from './libc.ts';

type Check = (what: string, value: unknown) => unknown;
type Parameter = readonly [name: string, check: Check];
type Calls = Omit<Libc, 'target'>;

const int: Check = (what, value) => wholeNumber(what, value, INT);
const unsigned: Check = (what, value) => wholeNumber(what, value, UNSIGNED);
const size: Check = (what, value) => wholeNumber(what, value, { least: 0, most: Number.MAX_SAFE_INTEGER });
const someBytes: Check = (what, value) => wholeNumber(what, value, { least: 1, most: INT.most });

/** C ends a string at its first NUL, and would silently drop the rest. */
const textOfC: Check = (what, value) => {
  if (text(what, value).includes('\0')) {
    throw new RangeError(`${what} must be a string without NUL, not ${shown(value)}`);
  }
};

const bytes: Check = (what, value) => {
  if (!isBytes(value)) {
    throw new TypeError(`${what} must be a Uint8Array, not ${shown(value)}`);
  }
};

const bytesOrNull: Check = (what, value) => {
  if (value !== null && !isBytes(value)) {
    throw new TypeError(`${what} must be a Uint8Array or null, not ${shown(value)}`);
  }
};

/** Accepts a Uint8Array of any realm: one from another context of node:vm is not an instance of ours. */
function isBytes(value: unknown): boolean {
  return (
    ArrayBuffer.isView(value) && (value as { readonly BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT === 1
  );
}

const twoNumbers: Check = (what, value) => {
  if (!ArrayBuffer.isView(value) || value.byteLength < 8) {
    throw new TypeError(`${what} must be an Int32Array of two, not ${shown(value)}`);
  }
};

const numbers: Check = (what, value) => {
  for (const each of list(what, value)) {
    int(what, each);
  }
};

const fd: Parameter = ['fd', int];

/** The parameters of each call, in order. */
const parameters: Readonly<Record<keyof Calls, readonly Parameter[]>> = {
  socket: [
    ['domain', int],
    ['type', int],
    ['protocol', int],
  ],
  bind: [fd, ['address', bytes]],
  connect: [fd, ['address', bytes]],
  listen: [fd, ['backlog', int]],
  accept: [fd],
  setsockopt: [fd, ['level', int], ['option', int], ['value', bytes]],
  getsockopt: [fd, ['level', int], ['option', int], ['value', bytes]],
  sendto: [fd, ['bytes', bytes], ['flags', int], ['to', bytesOrNull]],
  recvfrom: [fd, ['into', bytes], ['flags', int], ['from', bytesOrNull]],
  ioctl: [fd, ['request', unsigned], ['argument', bytes]],
  open: [
    ['path', textOfC],
    ['flags', int],
  ],
  pread: [fd, ['into', bytes], ['offset', size]],
  close: [fd],
  dup2: [
    ['from', int],
    ['to', int],
  ],
  pipe: [['ends', twoNumbers]],
  flock: [fd, ['operation', int]],
  fcntl: [fd, ['command', int], ['argument', int]],
  sysctl: [
    ['mib', numbers],
    ['into', bytesOrNull],
    ['from', bytesOrNull],
  ],
  sysctlbyname: [
    ['name', textOfC],
    ['into', bytesOrNull],
    ['from', bytesOrNull],
  ],
  if_nameindex: [],
  unshare: [['flags', int]],
  setns: [fd, ['nstype', int]],
  prctl: [
    ['option', int],
    ['argument', size],
  ],
  waitpid: [
    ['pid', int],
    ['options', int],
  ],
  timerfd_create: [
    ['clock', int],
    ['flags', int],
  ],
  timerfd_settime: [fd, ['flags', int], ['value', bytes]],
  sched_getattr: [
    ['pid', int],
    ['attributes', bytes],
  ],
  sched_setattr: [
    ['pid', int],
    ['attributes', bytes],
  ],
  io_uring_setup: [
    ['entries', unsigned],
    ['params', bytes],
  ],
  io_uring_enter: [fd, ['submit', unsigned], ['complete', unsigned], ['flags', unsigned]],
  mmap: [fd, ['length', someBytes], ['offset', size]],
  _exit: [['status', int]],
  openlog: [
    ['ident', textOfC],
    ['options', int],
    ['facility', int],
  ],
  syslog: [
    ['priority', int],
    ['message', text],
  ],
  closelog: [],
  malloc_trim: [],
  pin: [['size', someBytes]],
  readable: [fd, ['callback', callable]],
  writable: [fd, ['callback', callable]],
};

type Call = (one?: unknown, two?: unknown, three?: unknown, four?: unknown) => unknown;

/** The same calls, each with a check of its arguments before it. The checks allocate nothing. */
export function guarded(libc: Libc): Libc {
  const calls = Object.keys(parameters) as (keyof Calls)[];
  const checked = calls.map((name) => [name, guardedCall(name, libc[name] as Call, parameters[name])]);
  return Object.freeze({ target: libc.target, ...Object.fromEntries(checked) }) as Libc;
}

function guardedCall(name: string, call: Call, [one, two, three, four]: readonly Parameter[]): Call {
  const what = (parameter: Parameter) => `${name}: ${parameter[0]}`;
  if (one === undefined) {
    return call;
  }
  const [first, checkFirst] = [what(one), one[1]];
  if (two === undefined) {
    return (a) => {
      checkFirst(first, a);
      return call(a);
    };
  }
  const [second, checkSecond] = [what(two), two[1]];
  if (three === undefined) {
    return (a, b) => {
      checkFirst(first, a);
      checkSecond(second, b);
      return call(a, b);
    };
  }
  const [third, checkThird] = [what(three), three[1]];
  if (four === undefined) {
    return (a, b, c) => {
      checkFirst(first, a);
      checkSecond(second, b);
      checkThird(third, c);
      return call(a, b, c);
    };
  }
  const [fourth, checkFourth] = [what(four), four[1]];
  return (a, b, c, d) => {
    checkFirst(first, a);
    checkSecond(second, b);
    checkThird(third, c);
    checkFourth(fourth, d);
    return call(a, b, c, d);
  };
}
