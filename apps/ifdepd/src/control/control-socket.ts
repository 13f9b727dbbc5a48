import { chmodSync, lstatSync, rmSync, type Stats } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { type Libc, must, type OwnedFd, openSocket } from '@ifdepd/libc';
import { absolutePath, defaultSocket, ensureDirectory, refusalOf } from '../system/directories.ts';
import { ExitCode, ExitError, UsageError } from '../system/errors.ts';
import { directoryFault } from '../system/trusted-path.ts';
import { unixAddress } from '../system/unix-address.ts';
import { lazyListener } from './lazy-listener.ts';

/** sun_path of struct sockaddr_un has 108 bytes on Linux and 104 on the BSDs, with its NUL: what fits everywhere. */
const LONGEST_PATH = 103;

const WAY_OUT = 'name another with -s, or none with --no-socket';

/** How many connections may wait to be accepted; node:net has the same. */
const BACKLOG = 511;

/**
 * Listens on a unix socket, mode 0660. Replaces the socket of a dead process; leaves alone a socket with a listener, and
 * anything that is no socket.
 *
 * @param accept gets each connection, paused
 * @param report gets a message when clients cannot be accepted for a while
 * @throws {ExitError} 64 where the path is too long, 75 where another process listens, 71 or 77 where it cannot be made
 */
export function listenControl(
  libc: Libc,
  path: string,
  accept: (socket: Socket) => void,
  report: (message: string) => void,
): Disposable {
  const full = absolutePath(path);
  const bytes = Buffer.byteLength(full);
  if (bytes > LONGEST_PATH) {
    throw new UsageError(
      `-s '${path}': the path has ${bytes} bytes; that of a socket has at most ${LONGEST_PATH}`,
    );
  }
  if (full === defaultSocket()) {
    attempt(full, () => ensureDirectory(dirname(full)));
  }
  if (statOf(dirname(full)) === null) {
    // libuv would report a lack of permission.
    throw new ExitError(ExitCode.system, `cannot listen on ${full}: there is no directory ${dirname(full)}`);
  }
  attempt(full, () => refuseOpen(full));
  removeStale(libc, full);
  const socket = attempt(full, () => listen(libc, full));
  const mine = statOf(full)?.ino;
  const serving = lazyListener(libc, socket, `control socket ${full}`, accept, report);

  return {
    [Symbol.dispose]() {
      // Only where it is still ours.
      if (statOf(full)?.ino === mine) {
        rmSync(full, { force: true });
      }
      serving[Symbol.dispose]();
    },
  };
}

/** Refuses a directory in which another user could replace the socket. In one like /tmp nobody can. */
function refuseOpen(path: string): void {
  const fault = directoryFault(dirname(path), true);
  if (fault !== null) {
    throw new ExitError(ExitCode.system, `cannot listen on ${path}: ${fault}; ${WAY_OUT}`);
  }
}

function statOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

function removeStale(libc: Libc, path: string): void {
  const stat = statOf(path);
  if (stat === null) {
    return;
  }
  if (!stat.isSocket()) {
    const what = stat.isSymbolicLink() ? 'is a symbolic link' : 'exists';
    throw new ExitError(ExitCode.system, `${path}: ${what} and is not a socket; name another with -s`);
  }
  if (attempt(path, () => probeListener(libc, path)) === 'listens') {
    throw new ExitError(ExitCode.conflict, `${path}: another process listens on it; ${WAY_OUT}`);
  }
  attempt(path, () => rmSync(path, { force: true }));
}

/** Whether a process listens on a socket. Never waits: the queue of a busy or stopped listener accepts, too. */
function probeListener(libc: Libc, path: string): 'listens' | 'dead' {
  using socket = streamSocket(libc, path);
  const refused = libc.connect(socket.fd, addressOf(libc, path)) === -libc.target.errnoOf.ECONNREFUSED;
  return refused ? 'dead' : 'listens';
}

function listen(libc: Libc, path: string): OwnedFd {
  const socket = streamSocket(libc, path);
  const mask = process.umask(0o117);
  try {
    must(libc, libc.bind(socket.fd, addressOf(libc, path)), 'bind', path);
    chmodSync(path, 0o660);
    must(libc, libc.listen(socket.fd, BACKLOG), 'listen', path);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  } finally {
    process.umask(mask);
  }
}

function streamSocket(libc: Libc, path: string): OwnedFd {
  const { AF_UNIX, SOCK_STREAM, SOCK_NONBLOCK } = libc.target.socket;
  return openSocket(libc, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, path);
}

/** @param path known to be short enough */
function addressOf({ target }: Libc, path: string): Uint8Array {
  return unixAddress(target, path) ?? new Uint8Array();
}

function attempt<Value>(path: string, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    throw refusalOf(error, (code) => `cannot listen on ${path}: ${code}; ${WAY_OUT}`);
  }
}
