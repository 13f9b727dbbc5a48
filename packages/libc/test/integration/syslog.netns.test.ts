import { expect, test } from 'vitest';
import { runChild } from '../support/child.ts';

test('syslog sends whole messages to /dev/log, not taken as a format, and its identity survives garbage collections', () => {
  const { status, stdout, stderr } = runChild('syslog', {
    under: ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /dev && exec "$@"', 'sh'],
    nodeOptions: ['--expose-gc'],
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { pid, datagrams } = JSON.parse(stdout) as { pid: number; datagrams: string[] };
  // RFC 3164: facility daemon (3) times 8, and warning (4); then the date, the identity and the process.
  const expected = [
    ['ifdepd', 'eth0: 100%s %n sure'],
    ['ifdepd', 'Zürich → down'],
    ['ifdepd-of-long-ago', 'again'],
  ];
  expect(datagrams).toHaveLength(expected.length);
  for (const [position, [ident, text]] of expected.entries()) {
    const pattern = /^<28>\w{3} [ \d]\d \d\d:\d\d:\d\d ([^[]+)\[(\d+)\]: (.*)$/;
    expect(pattern.exec(datagrams[position] ?? '')?.slice(1)).toEqual([ident, `${pid}`, text]);
  }
});
