import { createSocket } from 'node:dgram';
import type { Libc } from '@ifdepd/libc';
import { addressText } from '@ifdepd/netlink/rtnetlink';
import { kernelFacts } from './kernel-facts.ts';
import { reader } from './read.ts';
import type { ServiceSandbox } from './service-sandbox.ts';

/** linux/capability.h */
const CAP_NET_RAW = 1n << 13n;

/**
 * What systemd withholds from this process. It reads /proc and tries: the unit's user may be unable to ask the service manager.
 *
 * @returns null where no unit runs this process
 */
export async function ownSandbox(libc: Libc): Promise<ServiceSandbox | null> {
  const read = reader('');
  const unit = unitIn(read('/proc/self/cgroup'));
  if (unit === null || process.env['INVOCATION_ID'] === undefined) {
    return null;
  }
  const { own, inherits, noNewPrivileges } = rightsIn(read('/proc/self/status'));
  const reached = kernelFacts(libc, null).addresses.find(({ scope }) => scope === 0);
  return {
    unit,
    config: null,
    byPath: false,
    path: (process.env['PATH'] ?? '').split(':'),
    localhostOnly: reached !== undefined && (await isDenied(addressText(reached.bytes))),
    ownRawSockets: own,
    rawSockets: inherits && maySetUser(),
    noNewPrivileges,
    // Each file destination is tried.
    writable: null,
    hidden: hiddenIn(read('/proc/self/mountinfo')),
    startsUnits: process.getuid?.() === 0,
    // A unit that is probed is asked for.
    refusedUser: null,
  };
}

/** @param text /proc/self/cgroup @returns `ifdepd.service`; null for a session or a container */
export function unitIn(text: string): string | null {
  return /:\S*\/(?<unit>[^/\s]+\.service)$/m.exec(text)?.groups?.['unit'] ?? null;
}

/** @param text /proc/self/status */
export function rightsIn(text: string): {
  /** Whether this process may open raw sockets. */
  readonly own: boolean;
  /** Whether a program of it may. */
  readonly inherits: boolean;
  /** Whether a file gives a program no rights. */
  readonly noNewPrivileges: boolean;
} {
  const value = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(text)?.[1] ?? '0';
  const has = (set: string) => (BigInt(`0x${value(set)}`) & CAP_NET_RAW) !== 0n;
  const noNewPrivileges = value('NoNewPrivs') === '1';
  const byFile = value('Uid') === '0' || !noNewPrivileges;
  return { own: has('CapEff'), inherits: has('CapAmb') || (byFile && has('CapBnd')), noNewPrivileges };
}

/** @param text /proc/self/mountinfo @returns the folders that ProtectHome= and PrivateTmp= replace */
export function hiddenIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, , , root = '', point = ''] = line.split(' ');
    return /\/systemd\/inaccessible\/dir$|\/systemd-private-[^/]*\/tmp$/.test(root) ? [point] : [];
  });
}

/** Whether SystemCallFilter= leaves ping(8) and others the calls by which they drop their rights. Changes nothing. */
function maySetUser(): boolean {
  try {
    process.setuid?.(process.getuid?.() ?? 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether IPAddressDeny= refuses an address: sends a datagram to this process by an address of this host, which no wire carries. */
function isDenied(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const end = (error: (Error & { readonly code?: string }) | null) => {
      socket.close();
      resolve(error?.code === 'EPERM');
    };
    socket.once('error', end);
    socket.bind(0, address, () => socket.send('', socket.address().port, address, end));
  });
}
