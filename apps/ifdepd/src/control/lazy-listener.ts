import type { Socket } from 'node:net';
import { type Libc, type OwnedFd, SystemError } from '@ifdepd/libc';
import { realLoop, type Timer } from '../system/loop.ts';

/** Milliseconds until a listener that could not accept a connection tries again. */
const AGAIN_MS = 1000;

/** Further connections are closed. */
const MOST_CONNECTIONS = 64;

/** Failures of accept(2) after which no client waits, or the next attempt succeeds. */
const PASSING: readonly string[] = ['EAGAIN', 'EINTR', 'ECONNABORTED'];

/**
 * Serves a listening stream socket, and owns it from here on. It loads `node:net` with the first client: that brings streams,
 * child_process, cluster and dgram along, which a daemon without clients does not need.
 *
 * It accepts by itself. While a process has no free descriptor, libuv reports nothing and tries again at once, all the time. Here
 * clients wait in the queue of the socket, and the next attempt follows after {@link AGAIN_MS}.
 *
 * Disposing it closes every connection after the writes of this turn of the loop: an open one would keep the process alive.
 *
 * @param subject names it in reports
 * @param accept gets each connection, paused
 * @param report gets a message when accept(2) fails, once until it succeeds again
 */
export function lazyListener(
  libc: Libc,
  listening: OwnedFd,
  subject: string,
  accept: (socket: Socket) => void,
  report: (message: string) => void,
): Disposable {
  const open = new Set<Socket>();
  let isFailing = false;
  let timer: Timer | undefined;
  let watching = libc.readable(listening.fd, take);

  function take(): void {
    const fd = libc.accept(listening.fd);
    if (fd >= 0) {
      isFailing = false;
      serve(fd);
      return;
    }
    const { code } = new SystemError(libc.target, -fd, 'accept', subject);
    if (!PASSING.includes(code)) {
      pause(code);
    }
  }

  function pause(code: string): void {
    watching[Symbol.dispose]();
    timer = realLoop.setTimer(() => {
      watching = libc.readable(listening.fd, take);
    }, AGAIN_MS);
    if (!isFailing) {
      isFailing = true;
      report(`${subject}: cannot accept clients (${code}); trying every ${AGAIN_MS / 1000} s`);
    }
  }

  function serve(fd: number): void {
    if (open.size >= MOST_CONNECTIONS) {
      libc.close(fd);
      return;
    }
    const { fcntl } = libc.target;
    libc.fcntl(fd, fcntl.F_SETFD, fcntl.FD_CLOEXEC);
    const { Socket } = process.getBuiltinModule('node:net');
    // As a server with pauseOnConnect makes it: nothing is read before the HTTP service is loaded.
    const options = { fd, readable: true, writable: true, allowHalfOpen: true, pauseOnCreate: true };
    accept(hold(open, new Socket(options)));
  }

  return {
    [Symbol.dispose]() {
      realLoop.clearTimer(timer);
      watching[Symbol.dispose]();
      listening.close();
      destroyAll(open);
    },
  };
}

/** Remembers a connection until it is closed. */
function hold(open: Set<Socket>, socket: Socket): Socket {
  open.add(socket);
  return socket.once('close', () => open.delete(socket));
}

/** Closes every connection after the writes of this turn of the loop. */
function destroyAll(open: ReadonlySet<Socket>): void {
  realLoop.defer(() => {
    for (const socket of open) {
      socket.destroy();
    }
  });
}
