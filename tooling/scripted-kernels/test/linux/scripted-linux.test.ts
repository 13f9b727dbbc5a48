import { linux, NetlinkClient, type NetlinkSocket, openNetlinkSocket } from '@ifdepd/netlink';
import { describe, expect, test } from 'vitest';
import { openOperator, type ScriptedLinux, scriptedLinux } from '../../src/index.ts';
import { described, readAll } from './support/described.ts';

const { bpf } = linux;
const groups = [linux.rtnlgrp.RTNLGRP_LINK];

/** Two cards that are up, and a socket that has read what led to it. */
function twoCards(): { kernel: ScriptedLinux; socket: NetlinkSocket } {
  const kernel = scriptedLinux();
  const operator = openOperator(kernel.libc);
  for (const name of ['eth0', 'eth1']) {
    kernel.attach(name);
    operator.apply({ op: 'admin', name, to: 'up', by: 'ioctl' });
  }
  kernel.pass(5000);
  const socket = openNetlinkSocket({ libc: kernel.libc, groups });
  return { kernel, socket };
}

/** Name, operational state and carrier of each message. */
const read = (socket: NetlinkSocket) =>
  readAll(socket).map(
    (line) => /link \d+ (\S+) \S+ \S+ (\S+ carrier \S+)/.exec(line)?.slice(1).join(' ') ?? line,
  );

describe('link_watch', () => {
  test('the first loss of a carrier is reported at once, a second one when a second has passed', () => {
    const { kernel, socket } = twoCards();
    kernel.cable('eth0', 'down');
    expect(read(socket)).toEqual(['eth0 down carrier 0']);
    kernel.cable('eth1', 'down');
    expect([kernel.waiting, read(socket)]).toEqual([true, []]);
    kernel.pass(999);
    expect(read(socket)).toEqual([]);
    kernel.pass(1);
    expect(read(socket)).toEqual(['eth1 down carrier 0']);
  });

  test('a carrier that comes back is reported at once while the window is closed', () => {
    const { kernel, socket } = twoCards();
    kernel.cable('eth0', 'down');
    kernel.cable('eth0', 'up');
    expect(read(socket)).toEqual(['eth0 down carrier 0', 'eth0 up carrier 1']);
  });

  test('a loss and a return within the window are one message, and two carrier changes', () => {
    const { kernel, socket } = twoCards();
    kernel.cable('eth0', 'down');
    kernel.cable('eth1', 'down');
    kernel.cable('eth1', 'up');
    kernel.pass(1000);
    expect(read(socket)).toEqual(['eth0 down carrier 0', 'eth1 up carrier 1']);
    expect(kernel.link('eth1')).toMatchObject({ carrierDowns: 1, carrierUps: 2 });
  });

  test('ETHTOOL_GLINK reports a loss that waits for the end of the window', () => {
    const { kernel, socket } = twoCards();
    kernel.cable('eth0', 'down');
    kernel.cable('eth1', 'down');
    openOperator(kernel.libc).apply({ op: 'ask', name: 'eth1' });
    expect(read(socket)).toEqual(['eth0 down carrier 0', 'eth1 down carrier 0']);
  });
});

describe('a netlink socket', () => {
  test('a full queue drops messages and reports ENOBUFS once, until it was read', () => {
    const { kernel } = twoCards();
    const socket = openNetlinkSocket({ libc: kernel.libc, groups, receiveBufferBytes: 1 });
    for (let times = 0; times < 8; times += 1) {
      kernel.cable('eth0', 'down');
      kernel.cable('eth0', 'up');
      kernel.pass(2000);
    }
    const types: string[] = [];
    for (let one = socket.receive(); one.type !== 'nothing'; one = socket.receive()) {
      types.push(one.type);
    }
    expect(types[0]).toBe('overrun');
    expect(types.filter((type) => type === 'overrun')).toHaveLength(1);
    expect(types.length).toBeLessThan(6);
    kernel.cable('eth1', 'down');
    expect(socket.receive().type).toBe('bytes');
  });

  test('a filter decides by the bytes of a message', () => {
    const { kernel, socket } = twoCards();
    const index = kernel.link('eth1').index;
    const program = [
      { code: bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS, jt: 0, jf: 0, k: 20 },
      { code: bpf.BPF_JMP | bpf.BPF_JEQ | bpf.BPF_K, jt: 0, jf: 1, k: (index << 24) >>> 0 },
      { code: bpf.BPF_RET | bpf.BPF_K, jt: 0, jf: 0, k: 0xffff_ffff },
      { code: bpf.BPF_RET | bpf.BPF_K, jt: 0, jf: 0, k: 0 },
    ];
    expect(socket.filter.attach(program)).toBe(0);
    kernel.cable('eth0', 'down');
    kernel.cable('eth1', 'down');
    kernel.pass(1000);
    expect(read(socket)).toEqual(['eth1 down carrier 0']);
    socket.filter.detach();
    kernel.cable('eth0', 'up');
    expect(read(socket)).toEqual(['eth0 up carrier 1']);
  });
});

describe('a list of links', () => {
  function list(
    { libc }: ScriptedLinux,
    during: () => void = () => undefined,
  ): { whole: boolean; names: string[] } {
    using client = new NetlinkClient({ libc });
    const payload = client.encoder.struct(linux.struct.ifinfomsg, {});
    const names: string[] = [];
    const whole = client.dump(
      { type: linux.rtm.RTM_GETLINK, name: 'RTM_GETLINK', payload },
      (found) => {
        names.push(described(linux.rtm.RTM_NEWLINK, found)?.split(' ')[3] ?? '');
        if (names.length === 10) {
          during();
        }
      },
      () => names.splice(0),
    );
    return { whole, names };
  }

  test('300 links come in several parts', () => {
    const kernel = scriptedLinux();
    const expected = Array.from({ length: 300 }, (_, at) => `eth${at}`);
    for (const name of expected) {
      kernel.attach(name);
    }
    expect(list(kernel)).toEqual({ whole: true, names: ['lo', ...expected] });
  });

  test('a link that comes while each attempt is read leaves the list interrupted', () => {
    const kernel = scriptedLinux();
    for (let at = 0; at < 600; at += 1) {
      kernel.attach(`eth${at}`);
    }
    let next = 0;
    const { whole } = list(kernel, () => kernel.attach(`new${next++}`));
    expect(whole).toBe(false);
  });
});

describe('a refusal', () => {
  test('a process without CAP_NET_ADMIN may read and not change', () => {
    const { kernel } = twoCards();
    kernel.privileged = false;
    const operator = openOperator(kernel.libc);
    expect(operator.apply({ op: 'admin', name: 'eth0', to: 'down', by: 'ioctl' })).toBe('EPERM');
    expect(operator.apply({ op: 'admin', name: 'eth0', to: 'down', by: 'netlink' })).toBe('EPERM');
    expect(operator.apply({ op: 'ask', name: 'eth0' })).toBe(null);
  });

  test('a missing interface is ENODEV to a request, and throws in a test', () => {
    const { kernel } = twoCards();
    expect(openOperator(kernel.libc).apply({ op: 'delete', name: 'eth9' })).toBe('ENODEV');
    expect(() => kernel.cable('eth9', 'up')).toThrow('there is no interface eth9');
    expect(() => kernel.attach('eth0')).toThrow('an interface eth0 exists already');
  });

  test('a card cannot be deleted, and can be unplugged', () => {
    const { kernel, socket } = twoCards();
    expect(openOperator(kernel.libc).apply({ op: 'delete', name: 'eth0' })).toBe('EOPNOTSUPP');
    kernel.detach('eth0');
    expect(readAll(socket).at(-1)).toMatch(/^deleted link 2 eth0/);
  });
});

test('a file of sysfs stays with its link through a rename and ends with it', () => {
  const { kernel } = twoCards();
  const { libc } = kernel;
  const into = new Uint8Array(16);
  const fd = libc.open('/sys/class/net/eth0/carrier_changes', 0);
  openOperator(libc).apply({ op: 'rename', name: 'eth0', to: 'wan0' });
  expect(new TextDecoder().decode(into.subarray(0, libc.pread(fd, into, 0)))).toBe('1\n');
  expect(libc.open('/sys/class/net/eth0/carrier_changes', 0)).toBe(-2);
  kernel.detach('wan0');
  expect(libc.pread(fd, into, 0)).toBe(-19);
});
