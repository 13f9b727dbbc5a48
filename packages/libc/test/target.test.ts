import { expect, test } from 'vitest';
import { hostTarget, targetOf } from '../src/index.ts';

test('hostTarget returns the target of process.platform', () => {
  expect(hostTarget()).toBe(targetOf(process.platform));
});

test.each(['linux', 'freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'])('targetOf finds %s', (name) => {
  expect(targetOf(name).platform).toBe(name);
});

test('targetOf finds DragonFly by both of its names', () => {
  expect(targetOf('dragonflybsd')).toBe(targetOf('dragonfly'));
});

test.each(['sunos', 'toString', ''])(
  "targetOf refuses '%s', and the error lists the systems that have tables",
  (name) => {
    expect(() => targetOf(name)).toThrow(
      `no tables for the system '${name}'; there are: linux, freebsd, openbsd, netbsd, dragonfly, darwin`,
    );
  },
);

test.each(['linux', 'freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'])(
  '%s has directories, and a way to identify a start of the system',
  (name) => {
    const { rtnetlink, runDirectory, stateDirectory, bootId, networkNamespace } = targetOf(name);
    const { processDirectory, descriptorDirectory } = targetOf(name);
    const linux = name === 'linux';
    expect(rtnetlink).toBe(linux);
    expect([runDirectory, stateDirectory]).toEqual(linux ? ['/run', '/var/lib'] : ['/var/run', '/var/db']);
    expect('file' in bootId).toBe(linux);
    expect(networkNamespace === null).toBe(!linux);
    expect(processDirectory === null).toBe(!linux);
    expect(descriptorDirectory).toBe({ linux: '/proc/self/fd', darwin: '/dev/fd' }[name] ?? null);
  },
);
