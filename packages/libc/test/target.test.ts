import { expect, test } from 'vitest';
import { hostTarget, targetOf } from '../src/index.ts';

test('the host has the target of its name', () => {
  expect(hostTarget()).toBe(targetOf(process.platform));
});

test.each(['linux', 'freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'])('%s has tables', (name) => {
  expect(targetOf(name).platform).toBe(name);
});

test('DragonFly is found by the name of its port too', () => {
  expect(targetOf('dragonflybsd')).toBe(targetOf('dragonfly'));
});

test.each(['sunos', 'toString', ''])("'%s' has no tables, and the error says which systems have", (name) => {
  expect(() => targetOf(name)).toThrow(
    `no tables for the system '${name}'; there are: linux, freebsd, openbsd, netbsd, dragonfly, darwin`,
  );
});

test.each(['linux', 'freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'])(
  '%s has places, and a way to tell one start of the system from another',
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
