import { describe, expect, test } from 'vitest';
import { bsdLayouts } from '../../src/bsd/layouts/index.ts';
import { type ScriptedBsd, scriptedBsd } from '../../src/index.ts';
import { bytesOf, type Captured, capturesOf, describeMessage, withoutRepetitions } from './captured.ts';

/** The steps of the real kernel, named as in the capture, and the same steps for the scripted kernel. */
type Step = readonly [cause: string, act: (kernel: ScriptedBsd) => void];

const freebsd: readonly Step[] = [
  ['nic0 created', (kernel) => kernel.attach('nic0')],
  ['nic0 SIOCSIFFLAGS up, carrier present', (kernel) => kernel.setAdmin('nic0', 'up')],
  ['nic0 carrier lost', (kernel) => kernel.carrier('nic0', 'down')],
  ['nic0 carrier back', (kernel) => kernel.carrier('nic0', 'up')],
  ['nic0 SIOCSIFFLAGS down, carrier present', (kernel) => kernel.setAdmin('nic0', 'down')],
  [
    'nic0 SIOCSIFFLAGS up without carrier',
    (kernel) => {
      kernel.carrier('nic0', 'down');
      kernel.setAdmin('nic0', 'up');
    },
  ],
  [
    'nic0 link state UP,DOWN,UP (separate events)',
    (kernel) => {
      for (const state of ['up', 'down', 'up'] as const) {
        kernel.link('nic0', state);
      }
    },
  ],
  ['nic0 link state UNKNOWN', (kernel) => kernel.link('nic0', 'unknown')],
  ['nic0 link state UP', (kernel) => kernel.link('nic0', 'up')],
  // Its driver began again, and found no carrier.
  [
    'nic0 add 10.1.1.1/24',
    (kernel) => {
      kernel.addAddress('nic0');
      kernel.link('nic0', 'down');
    },
  ],
  ['nic0 down via kernel if_down()', (kernel) => kernel.setAdmin('nic0', 'down')],
  ['nic0 up', (kernel) => kernel.setAdmin('nic0', 'up')],
  ['nic0 renamed wan0 (SIOCSIFNAME)', (kernel) => kernel.rename('nic0', 'wan0')],
  ['wan0 renamed back', (kernel) => kernel.rename('wan0', 'nic0')],
];

/** A line without the number of its interface. */
const withoutNumber = (line: string) => line.replace(/^\d+: /, '');

/** The events before a step are at another place of the capture, or at none. */
const unread = new WeakMap<ScriptedBsd, () => void>();
const forget = (kernel: ScriptedBsd) => unread.get(kernel)?.();

/** Later in the same run: nic0 is new, with the index of the one that was destroyed. */
const freebsdCarp: readonly Step[] = [
  ['nic0 created again (index reuse?)', (kernel) => kernel.attach('nic0')],
  ['bridge0 created', (kernel) => kernel.attach('bridge0', null)],
  ['bridge0 up', (kernel) => kernel.setAdmin('bridge0', 'up')],
  ['bridge0 down', (kernel) => kernel.setAdmin('bridge0', 'down')],
  ['bridge0 destroyed', (kernel) => kernel.detach('bridge0')],
  [
    'nic0 add 10.9.8.1/24',
    (kernel) => {
      kernel.setAdmin('nic0', 'up');
      forget(kernel);
      kernel.addAddress('nic0');
    },
  ],
  ['nic0 SIOCSVH vhid 7', (kernel) => kernel.createCarp('7@nic0', 'nic0', 7)],
  ['vhid 7 BACKUP -> MASTER by timeout', (kernel) => kernel.elect('7@nic0', 'master')],
  ['vhid 7 forced to BACKUP (SIOCSVH state)', (kernel) => kernel.elect('7@nic0', 'backup')],
  ['vhid 7 MASTER again', (kernel) => kernel.elect('7@nic0', 'master')],
  ['nic0 (carp) carrier lost', (kernel) => kernel.carrier('nic0', 'down')],
  [
    'nic0 (carp) carrier back',
    (kernel) => {
      kernel.carrier('nic0', 'up');
      kernel.elect('7@nic0', 'master');
    },
  ],
  ['nic0 (carp) admin down', (kernel) => kernel.setAdmin('nic0', 'down')],
];

const cards =
  (...names: readonly string[]) =>
  (kernel: ScriptedBsd) => {
    for (const name of names) {
      kernel.attach(name);
      kernel.setAdmin(name, 'up');
    }
  };

const freebsdCarp6: readonly Step[] = [
  [
    'nic0: vhid 6 made',
    (kernel) => {
      cards('nic0')(kernel);
      forget(kernel);
      kernel.createCarp('6@nic0', 'nic0', 6, 0, 'inet6');
    },
  ],
  ['vhid 6, IPv6 only: BACKUP -> MASTER', (kernel) => kernel.elect('6@nic0', 'master')],
  ['vhid 6, IPv6 only: MASTER -> BACKUP', (kernel) => kernel.elect('6@nic0', 'backup')],
  ['vhid 6, IPv6 only: BACKUP -> MASTER (second time)', (kernel) => kernel.elect('6@nic0', 'master')],
  ['vhid 6: MASTER -> INIT by net.inet.carp.allow=0', (kernel) => kernel.allowCarp(false)],
  ['vhid 6: INIT -> BACKUP by net.inet.carp.allow=1', (kernel) => kernel.allowCarp(true)],
  ['vhid 6 MASTER: carrier of nic0 lost', (kernel) => kernel.carrier('nic0', 'down')],
  ['carrier of nic0 back', (kernel) => kernel.carrier('nic0', 'up')],
  ['a second vhid made on a card that has one', (kernel) => kernel.createCarp('9@nic0', 'nic0', 9)],
  ['its IPv4 address (state BACKUP): no RTM_NEWADDR yet', (kernel) => kernel.giveAddress('9@nic0')],
  ['vhid 9: BACKUP -> MASTER', (kernel) => kernel.elect('9@nic0', 'master')],
];

/** Numbers of interfaces are left out of the comparison: the captured machine had others before. */
const freebsdLayers: readonly Step[] = [
  [
    'em0 (parent of vlan1): carrier lost',
    (kernel) => {
      cards('em0')(kernel);
      kernel.attachOver('vlan1', 'vlan', ['em0']);
      kernel.setAdmin('vlan1', 'up');
      forget(kernel);
      kernel.carrier('em0', 'down');
    },
  ],
  ['em0 (parent of vlan1): carrier back', (kernel) => kernel.carrier('em0', 'up')],
  ['em0 (parent of vlan1): admin down: nothing of vlan1', (kernel) => kernel.setAdmin('em0', 'down')],
  ['em0 (parent of vlan1) destroyed: nothing of vlan1', (kernel) => kernel.detach('em0')],
  ['lagg0 failover, created', (kernel) => kernel.attachOver('lagg0', 'lagg', [])],
  ['lagg0 without ports: up', (kernel) => kernel.setAdmin('lagg0', 'up')],
  [
    'lagg0: em1 cut',
    (kernel) => {
      kernel.detach('lagg0');
      cards('em1', 'em2')(kernel);
      kernel.attachOver('lagg0', 'lagg', ['em1', 'em2']);
      kernel.setAdmin('lagg0', 'up');
      forget(kernel);
      kernel.carrier('em1', 'down');
    },
  ],
  ['lagg0: em2 cut too', (kernel) => kernel.carrier('em2', 'down')],
  ['lagg0: em1 back', (kernel) => kernel.carrier('em1', 'up')],
  ['lagg0: em1 admin down', (kernel) => kernel.setAdmin('em1', 'down')],
  [
    'bridge0: em3 cut: link DOWN',
    (kernel) => {
      cards('em3')(kernel);
      kernel.addFlags('em3', 0x100);
      kernel.attachOver('bridge0', 'bridge', ['em3']);
      kernel.setAdmin('bridge0', 'up');
      forget(kernel);
      kernel.carrier('em3', 'down');
    },
  ],
  ['bridge0: em3 back', (kernel) => kernel.carrier('em3', 'up')],
  [
    'vxlan0 unconfigured: up',
    (kernel) => {
      kernel.attachIdle('vxlan0');
      kernel.setAdmin('vxlan0', 'up');
    },
  ],
  [
    'em9 in fib 1, admin down, link state known: first IPv4 address, read by a socket of fib 0',
    (kernel) => {
      cards('em9')(kernel);
      kernel.setAdmin('em9', 'down');
      kernel.setFib('em9', 1);
      forget(kernel);
      kernel.addAddress('em9');
      expect(kernel.flags('em9') & 1).toBe(1);
    },
  ],
];

const netbsd: readonly Step[] = [
  ['nic0 created (hot plug)', (kernel) => kernel.attach('nic0')],
  ['nic0 SIOCSIFFLAGS up, carrier present (PHY autonegotiation)', (kernel) => kernel.setAdmin('nic0', 'up')],
  ['nic0 carrier lost', (kernel) => kernel.carrier('nic0', 'down')],
  ['nic0 carrier back', (kernel) => kernel.carrier('nic0', 'up')],
  ['nic0 SIOCSIFFLAGS down, carrier present', (kernel) => kernel.setAdmin('nic0', 'down')],
  [
    'nic0 SIOCSIFFLAGS up without carrier',
    (kernel) => {
      kernel.carrier('nic0', 'down');
      kernel.setAdmin('nic0', 'up');
    },
  ],
  [
    'nic0 link flap DOWN,UP,DOWN,UP in one burst (if_link_state_change)',
    (kernel) => {
      for (const state of ['down', 'up', 'down', 'up'] as const) {
        kernel.link('nic0', state);
      }
    },
  ],
  ['nic0 link state UNKNOWN', (kernel) => kernel.link('nic0', 'unknown')],
  ['nic0 SIOCSIFFLAGS down', (kernel) => kernel.setAdmin('nic0', 'down')],
  ['nic0 up by raw SIOCSIFFLAGS 0x8803', (kernel) => kernel.setAdmin('nic0', 'up')],
  ['nic0 add 10.1.1.1/24', (kernel) => kernel.addAddress('nic0')],
  ['nic0 down via kernel if_down() (no ioctl)', (kernel) => kernel.setAdmin('nic0', 'down')],
  ['tap0 created', (kernel) => kernel.attach('tap0', null)],
  ['tap0 up', (kernel) => kernel.setAdmin('tap0', 'up')],
  ['tap0 down', (kernel) => kernel.setAdmin('tap0', 'down')],
  ['tap0 destroyed', (kernel) => kernel.detach('tap0')],
  ['shmif0 created', (kernel) => kernel.attach('shmif0', null)],
];

const master = (kernel: ScriptedBsd) => kernel.elect('carp0', 'master');

const netbsdCarp: readonly Step[] = [
  [
    'carp0 created|carp0 add 10.9.8.7/24 -> BACKUP',
    (kernel) => {
      kernel.attach('nic0');
      kernel.attach('shmif0', null);
      kernel.link('shmif0', 'up');
      kernel.setAdmin('shmif0', 'up');
      forget(kernel);
      kernel.createCarp('carp0', 'shmif0', 7);
    },
  ],
  ['carp0 BACKUP -> MASTER by timeout', master],
  ['shmif0 (carp parent) link DOWN', (kernel) => kernel.link('shmif0', 'down')],
  [
    'shmif0 (carp parent) link UP',
    (kernel) => {
      kernel.link('shmif0', 'up');
      master(kernel);
    },
  ],
  ['shmif0 (carp parent) admin down', (kernel) => kernel.setAdmin('shmif0', 'down')],
  [
    'shmif0 (carp parent) admin up',
    (kernel) => {
      kernel.setAdmin('shmif0', 'up');
      master(kernel);
    },
  ],
  ['carp0 SIOCSIFFLAGS down', (kernel) => kernel.setAdmin('carp0', 'down')],
  [
    'carp0 SIOCSIFFLAGS up',
    (kernel) => {
      kernel.setAdmin('carp0', 'up');
      master(kernel);
    },
  ],
  ['carp0 forced to BACKUP by SIOCSVH state', (kernel) => kernel.elect('carp0', 'backup')],
  ['carp0 back to MASTER', master],
  ['carp0 destroyed', (kernel) => kernel.detach('carp0')],
  ['shmif0 destroyed', (kernel) => kernel.detach('shmif0')],
];

describe.each([
  ['freebsd', 'freebsd-13.0-amd64', freebsd],
  ['freebsd', 'freebsd-13.0-amd64', freebsdCarp],
  ['freebsd', 'freebsd-13.0-carp6-amd64', freebsdCarp6],
  ['freebsd', 'freebsd-13.0-carp6-amd64', freebsdLayers],
  ['netbsd7', 'netbsd-7.99.34-amd64', netbsd],
  ['netbsd7', 'netbsd-7.99.34-amd64', netbsdCarp],
] as const)('scripted %s sends the messages that %s sent', (system, file, steps) => {
  const layout = bsdLayouts[system];
  const captured = capturesOf(file).filter(({ kind }) => kind === 'rtsock' || kind === 'none');
  const kernel = scriptedBsd(system);
  const { libc } = kernel;
  const fd = libc.socket(layout.AF_ROUTE, libc.target.socket.SOCK_RAW | libc.target.socket.SOCK_NONBLOCK, 0);
  const into = new Uint8Array(2048);

  const reported = (): string[] => {
    const lines: string[] = [];
    for (let size = libc.recvfrom(fd, into, 0, null); size > 0; size = libc.recvfrom(fd, into, 0, null)) {
      lines.push(describeMessage(layout, into.slice(0, size)) ?? 'something else');
    }
    return comparable(lines);
  };

  unread.set(kernel, reported);

  test.each(steps)('%s', (causes, act) => {
    act(kernel);
    const real = firstOf(causes.split('|')).map((capture) => describeMessage(layout, bytesOf(capture)));
    expect(reported()).toEqual(comparable(real));
  });

  /** NetBSD reported IPv6 addresses around every event, which are not scripted. So only interfaces are compared there. */
  function comparable(lines: readonly (string | null)[]): string[] {
    const unscripted = system === 'netbsd7' ? /address$|^route$/ : /^route$/;
    const compared = lines.filter((line) => line !== null && !unscripted.test(line)) as string[];
    return withoutRepetitions(steps === freebsdLayers ? compared.map(withoutNumber) : compared);
  }

  /** The captures of these causes, the first time that they come: the same words stand for later moments as well. */
  function firstOf(causes: readonly string[]): Captured[] {
    const start = captured.findIndex(({ cause }) => causes.includes(cause));
    const end = captured.findIndex(({ cause }, at) => at > start && !causes.includes(cause));
    expect(start).toBeGreaterThanOrEqual(0);
    return captured.slice(start, end < 0 ? undefined : end);
  }
});
