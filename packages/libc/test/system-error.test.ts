import { describe, expect, test } from 'vitest';
import { must, SystemError, type SystemErrorKind, targetOf } from '../src/index.ts';
import { scriptedLibc } from '../src/testing/index.ts';

const linux = targetOf('linux');

test('a SystemError names the call, its object and the reason, and has the properties of Node errors', () => {
  const error = new SystemError(linux, 19, 'ioctl SIOCGIFFLAGS', 'eth7');
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'SystemError',
    message: 'eth7: no such device (ioctl SIOCGIFFLAGS: ENODEV)',
    code: 'ENODEV',
    errno: 19,
    syscall: 'ioctl SIOCGIFFLAGS',
    subject: 'eth7',
    kind: 'not-found',
  });
});

test('a SystemError with an errno outside the table gives its number', () => {
  const error = new SystemError(linux, 999, 'ioctl', 'eth0');
  expect(error.message).toBe('eth0: unknown error (ioctl: E999)');
  expect(error.kind).toBe('other');
});

describe('the kind of a SystemError', () => {
  const expected: Readonly<Record<string, SystemErrorKind>> = {
    ENODEV: 'not-found',
    ENXIO: 'not-found',
    ENOENT: 'not-found',
    EPERM: 'not-permitted',
    EACCES: 'not-permitted',
    EBUSY: 'busy',
    EOPNOTSUPP: 'unsupported',
    ENOTTY: 'unsupported',
    ENOSYS: 'unsupported',
    EAFNOSUPPORT: 'unsupported',
    EPROTONOSUPPORT: 'unsupported',
    EINTR: 'interrupted',
    ENOBUFS: 'overrun',
  };

  test.each(Object.entries(linux.errno))('errno %i has the expected kind', (errno, [code]) => {
    expect(new SystemError(linux, Number(errno), 'call', 'thing').kind).toBe(expected[code] ?? 'other');
  });

  test('every errno with a kind is in the table of Linux', () => {
    const codes = Object.values(linux.errno).map(([code]) => code);
    expect(codes).toEqual(expect.arrayContaining(Object.keys(expected)));
  });
});

test('must returns a result of zero or more, and throws for a negated errno', () => {
  const libc = scriptedLibc();
  expect(must(libc, 0, 'bind', 'a socket')).toBe(0);
  expect(must(libc, 42, 'recvfrom', 'a socket')).toBe(42);
  expect(() => must(libc, -1, 'ioctl SIOCSIFFLAGS', 'eth0')).toThrow(
    'eth0: operation not permitted (ioctl SIOCSIFFLAGS: EPERM)',
  );
});
