import { closeSync, openSync, statSync } from 'node:fs';
import { hostTarget, type Libc, openSocket, SystemError, type Target } from '@ifdepd/libc';
import { ExitCode, ExitError, UsageError } from './errors.ts';

/** linux/sched.h */
const CLONE_NEWNET = 0x40000000;

/** Where ip-netns(8) keeps named network namespaces. */
const NAMED = '/run/netns';

/**
 * Puts the main thread, which makes every system call about interfaces, into a named network namespace (ip-netns(8)).
 *
 * @throws {ExitError} that says why it cannot
 */
export function enterNetworkNamespace(libc: Libc, name: string): void {
  if (libc.target.platform !== 'linux') {
    throw new UsageError('--netns: network namespaces are available on Linux only');
  }
  if (name.includes('/') || name === '.' || name === '..') {
    throw new UsageError(`--netns '${name}': must be a name of ip-netns(8), not a path`);
  }
  const path = `${NAMED}/${name}`;
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    throw new ExitError(
      ExitCode.failed,
      `--netns '${name}': there is no ${path}; 'ip netns list' shows those there are`,
      { cause: error },
    );
  }
  const result = libc.setns(fd, CLONE_NEWNET);
  closeSync(fd);
  if (result < 0) {
    const error = new SystemError(libc.target, -result, 'setns', path);
    const code = error.kind === 'not-permitted' ? ExitCode.notPermitted : ExitCode.system;
    throw new ExitError(code, `--netns '${name}': ${error.message}; it takes root (CAP_SYS_ADMIN)`, {
      cause: error,
    });
  }
}

/** asm-generic/socket.h, since Linux 5.14 */
const SO_NETNS_COOKIE = 71;

/**
 * The cookie of the network namespace of the main thread: unique in one boot, unlike {@link networkNamespaceId}, which a later
 * namespace may get. '' on a system without cookies.
 */
export function networkNamespaceCookie(libc: Libc): string {
  if (libc.target.platform !== 'linux') {
    return '';
  }
  try {
    const { AF_UNIX, SOCK_DGRAM, SOL_SOCKET } = libc.target.socket;
    using socket = openSocket(libc, AF_UNIX, SOCK_DGRAM, 0, 'network namespace');
    const cookie = new Uint8Array(8);
    const result = libc.getsockopt(socket.fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie);
    return result < 0 ? '' : String(new DataView(cookie.buffer).getBigUint64(0, isLittleEndian));
  } catch {
    return '';
  }
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The network namespace of the main thread: the number of its inode; 0 on a system without namespaces. */
export function networkNamespaceId({ networkNamespace }: Target = hostTarget()): number {
  try {
    return networkNamespace === null ? 0 : statSync(networkNamespace).ino;
  } catch {
    return 0;
  }
}
