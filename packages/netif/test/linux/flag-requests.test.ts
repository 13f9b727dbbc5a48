import { targetOf } from '@ifdepd/libc';
import { openNetlinkSocket } from '@ifdepd/netlink';
import { openOperator, scriptedLinux } from '@ifdepd/scripted-kernels';
import { expect, test } from 'vitest';
import { openNetIf } from '../../src/index.ts';
import { type DownRequest, downRequests, upRequests } from '../../src/linux/index.ts';

/** A card, a bridge and a macvlan, all up. */
function host() {
  const kernel = scriptedLinux();
  kernel.attach('eth0');
  using operator = openOperator(kernel.libc);
  operator.apply({ op: 'create', kind: 'bridge', name: 'br0' });
  operator.apply({ op: 'create', kind: 'macvlan', name: 'mv0', on: 'eth0', id: 1 });
  operator.apply({ op: 'altname', name: 'br0', to: 'a-bridge-with-a-long-name' });
  for (const name of ['eth0', 'br0', 'mv0']) {
    operator.apply({ op: 'admin', name, to: 'up', by: 'netlink' });
  }
  const netif = openNetIf({ libc: kernel.libc });
  const socket = openNetlinkSocket({ libc: kernel.libc, groups: [] });
  return {
    netif,
    /** Sends them in one datagram. @returns what the kernel answers */
    send(
      requests: readonly (string | DownRequest)[],
      bytes = downRequests(kernel.libc.target, requests),
    ): string[] {
      socket.send(bytes ?? new Uint8Array());
      const answers: string[] = [];
      for (let one = socket.receive(); one.type !== 'nothing'; one = socket.receive()) {
        answers.push(one.type);
      }
      return answers;
    },
  };
}

test('downRequests in one datagram set each interface down, and the kernel answers only what fails', () => {
  const { netif, send } = host();
  expect(send(['eth0', 'gone0', 'a-bridge-with-a-long-name'])).toHaveLength(1);
  expect(['eth0', 'br0', 'mv0'].map((name) => netif.flags(name).up)).toEqual([false, false, true]);
});

test('upRequests in one datagram set each interface up, and the kernel answers only what fails', () => {
  const { netif, send } = host();
  send(['eth0', 'br0']);
  const names = ['eth0', 'gone0', 'a-bridge-with-a-long-name', 'mv0'];
  expect(send([], upRequests(targetOf('linux'), names))).toHaveLength(1);
  expect(['eth0', 'br0', 'mv0'].map((name) => netif.flags(name).up)).toEqual([true, true, true]);
});

test('downRequests with a reason set protodown and add the reason, and the interface stays up', () => {
  const { netif, send } = host();
  netif.setProtoDown('mv0', 'on', 3);
  expect(send([{ name: 'mv0', protoDownReason: 31 }])).toEqual([]);
  expect(netif.protoDown('mv0')).toEqual({ on: true, reasons: 2 ** 3 + 2 ** 31, carrier: false });
  expect(netif.flags('mv0').up).toBe(true);
});

test.each(['', 'x'.repeat(128), 'a\0b'])('downRequests refuse the name %j', (name) => {
  expect(() => downRequests(targetOf('linux'), [name])).toThrow(RangeError);
});

test.each([-1, 32, 0.5])('downRequests refuse the reason %d', (protoDownReason) => {
  expect(() => downRequests(targetOf('linux'), [{ name: 'mv0', protoDownReason }])).toThrow(
    /^downRequests: protoDownReason/,
  );
});

test('downRequests and upRequests are null on a system without rtnetlink', () => {
  expect(downRequests(targetOf('openbsd'), ['em0'])).toBeNull();
  expect(upRequests(targetOf('openbsd'), ['em0'])).toBeNull();
});
