import { expect, test } from 'vitest';
import { hiddenIn, rightsIn, unitIn } from '../../src/diagnose/own-sandbox.ts';

test.each([
  ['0::/system.slice/ifdepd.service\n', 'ifdepd.service'],
  [
    '12:pids:/system.slice/ifdepd.service\n1:name=systemd:/system.slice/ifdepd.service\n0::/\n',
    'ifdepd.service',
  ],
  ['0::/system.slice/system-ifdepd.slice/ifdepd@a\\x2db.service\n', 'ifdepd@a\\x2db.service'],
  ['0::/user.slice/user-0.slice/session-1.scope\n', null],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/shell.scope\n', null],
  ['0::/\n', null],
  ['', null],
])('the unit in the control groups %j is %s', (text, unit) => expect(unitIn(text)).toBe(unit));

const status = (uid: number, ambient: string, bounding: string, noNewPrivileges: 0 | 1) =>
  `Name:\tnode\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapInh:\t0000000000001000\nCapBnd:\t${bounding}\nCapAmb:\t${ambient}\nNoNewPrivs:\t${noNewPrivileges}\n`;
const [ADMIN, RAW, ALL] = ['0000000000001000', '0000000000003000', '000001ffffffffff'];

test.each([
  ['the shipped unit', status(61000, ADMIN, ADMIN, 1), false, true],
  ['the shipped unit with ping.conf', status(61000, RAW, RAW, 1), true, true],
  ['a user without NoNewPrivileges', status(61000, ADMIN, ALL, 0), true, false],
  ['root with a bounding set', status(0, '0000000000000000', ADMIN, 0), false, false],
  ['root', status(0, '0000000000000000', ALL, 1), true, true],
])('%s: raw sockets for a program: %s', (_who, text, inherits, noNewPrivileges) => {
  expect(rightsIn(text)).toEqual({ own: false, inherits, noNewPrivileges });
});

test('a process with CAP_NET_RAW in effect may open raw sockets', () => {
  expect(rightsIn(`${status(61000, RAW, RAW, 1)}CapEff:\t${RAW}\n`).own).toBe(true);
});

/** systemd 252, the shipped unit, some of its mounts. */
const MOUNTS = `1 0 8:1 / / ro,relatime shared:1 - ext4 /dev/sda1 rw
2 1 0:24 /systemd/inaccessible/dir /home ro,nosuid,nodev,noexec shared:2 - tmpfs tmpfs rw,mode=755
3 1 0:24 /systemd/inaccessible/dir /root ro,nosuid,nodev,noexec shared:2 - tmpfs tmpfs rw,mode=755
4 1 8:1 /tmp/systemd-private-0a1b-ifdepd.service-X7/tmp /tmp rw,relatime - ext4 /dev/sda1 rw
5 1 0:24 /systemd/inaccessible/reg /proc/kallsyms ro - tmpfs tmpfs rw,mode=755
6 1 0:24 / /run rw,nosuid - tmpfs tmpfs rw,mode=755
`;

test('the folders that the mounts of the shipped unit replace', () => {
  expect(hiddenIn(MOUNTS)).toEqual(['/home', '/root', '/tmp']);
  expect(hiddenIn('')).toEqual([]);
});
