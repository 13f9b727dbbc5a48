import { chmodSync, lstatSync, rmSync, type Stats } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname, resolve } from 'node:path';
import { defaultSocket, ensureDirectory, errorCode, refusalOf } from '../directories.ts';
import { ExitCode, ExitError, UsageError } from '../exit-code.ts';
import { directoryFault } from '../trusted-path.ts';
import { connectionsOf } from './connections.ts';

/** sun_path of struct sockaddr_un has 108 bytes on Linux and 104 on the BSDs, with its NUL. */
const LONGEST_PATH = 103;

/** More wait until one of them is done. */
const MOST_CONNECTIONS = 64;

const ANSWER_LIMIT_MS = 1000;

/** A socket that listens. */
export interface ControlSocket extends Disposable {
  readonly path: string;
}

/**
 * Listens on a unix socket, mode 0660. One that a dead process left behind is replaced; one that answers, or anything
 * that is no socket, is left alone.
 *
 * @param accept what to do with a connection; it is paused
 * @throws {ExitError} 64 where the path is too long, 75 where another process listens, 71 or 77 where it cannot be made
 */
export async function listenControl(path: string, accept: (socket: Socket) => void): Promise<ControlSocket> {
  const full = resolve(path);
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
    // Left to itself, libuv calls this a lack of permission.
    throw new ExitError(ExitCode.system, `cannot listen on ${full}: there is no directory ${dirname(full)}`);
  }
  attempt(full, () => refuseOpen(full));
  await makeWay(full);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
  server.maxConnections = MOST_CONNECTIONS;
  const connections = connectionsOf(server);
  await listen(server, full);
  attempt(full, () => chmodSync(full, 0o660));
  const mine = statOf(full)?.ino;
  return {
    path: full,
    [Symbol.dispose]() {
      // Closing takes the file away: only where it is still ours.
      if (statOf(full)?.ino === mine) {
        server.close();
      }
      connections[Symbol.dispose]();
    },
  };
}

/** Who may replace the socket answers in our place. In a directory such as /tmp nobody may. */
function refuseOpen(path: string): void {
  const fault = directoryFault(dirname(path), true);
  if (fault !== null) {
    throw new ExitError(
      ExitCode.system,
      `cannot listen on ${path}: ${fault}; name another with -s, or none with --no-socket`,
    );
  }
}

function statOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

async function makeWay(path: string): Promise<void> {
  const stat = statOf(path);
  if (stat === null) {
    return;
  }
  if (!stat.isSocket()) {
    const what = stat.isSymbolicLink() ? 'is a symbolic link' : 'is there';
    throw new ExitError(ExitCode.system, `${path}: ${what} and is no socket; name another with -s`);
  }
  const state = await knock(path);
  if (state === 'listens') {
    throw new ExitError(
      ExitCode.conflict,
      `${path}: another process listens on it; name another with -s, or none with --no-socket`,
    );
  }
  if (state === 'dead') {
    attempt(path, () => rmSync(path, { force: true }));
  }
}

/** Whether a process listens on a socket. */
function knock(path: string): Promise<'listens' | 'dead'> {
  return new Promise((done) => {
    const socket = connect(path);
    const finish = (state: 'listens' | 'dead') => {
      clearTimeout(limit);
      socket.destroy();
      done(state);
    };
    // Who does not answer for so long may be stopped or busy, but is there.
    const limit = setTimeout(() => finish('listens'), ANSWER_LIMIT_MS);
    socket.once('connect', () => finish('listens'));
    socket.once('error', (error) => finish(errorCode(error) === 'ECONNREFUSED' ? 'dead' : 'listens'));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, reject) => {
    server.once('error', (error) => reject(refusal(path, error)));
    const mask = process.umask(0o117);
    try {
      server.listen(path, () => done());
    } finally {
      process.umask(mask);
    }
  });
}

function attempt(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw refusal(path, error);
  }
}

function refusal(path: string, error: unknown): ExitError {
  return refusalOf(
    error,
    (code) => `cannot listen on ${path}: ${code}; name another with -s, or none with --no-socket`,
  );
}
