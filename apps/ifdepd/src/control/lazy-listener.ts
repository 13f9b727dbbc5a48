import type { Server, Socket } from 'node:net';
import type { Libc, OwnedFd } from '@ifdepd/libc';
import { realLoop } from '../system/loop.ts';

/** Milliseconds until a server that could not accept a connection listens again. */
export const AGAIN_MS = 1000;

/** Further connections are closed. */
const MOST_CONNECTIONS = 64;

/**
 * Serves a listening unix socket, and owns it from here on. It loads `node:net` with the first client: that brings streams,
 * child_process, cluster and dgram along, which a daemon without clients does not need.
 *
 * @param accept gets each connection, paused
 * @param failed as for {@link acceptor}
 */
export function lazyListener(
  libc: Libc,
  listening: OwnedFd,
  accept: (socket: Socket) => void,
  failed: (error: Error) => void,
): Disposable {
  let serving: ReturnType<typeof acceptor> | null = null;
  const watching = libc.readable(listening.fd, () => {
    watching[Symbol.dispose]();
    // Clients wait in the queue of the socket meanwhile.
    serving = acceptor(accept, failed);
    // The server owns the descriptor from here on.
    serving.server.listen({ fd: listening.fd });
  });
  return {
    [Symbol.dispose]() {
      if (serving === null) {
        watching[Symbol.dispose]();
        listening.close();
      } else {
        serving[Symbol.dispose]();
      }
    },
  };
}

/**
 * Makes a server, which does not listen yet. Disposing it closes every connection after the writes of this turn of the loop:
 * an open connection would keep the process alive.
 *
 * A server that cannot listen or accept (EMFILE, ENOMEM) is closed: libuv would try again at once, and hold the event loop.
 *
 * @param accept gets each connection, paused
 * @param failed called when the server was closed for that
 */
export function acceptor(
  accept: (socket: Socket) => void,
  failed: (error: Error) => void,
): Disposable & { readonly server: Server } {
  // An import would load it at once.
  const { createServer } = process.getBuiltinModule('node:net');
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
  server.maxConnections = MOST_CONNECTIONS;
  server.on('error', (error) => {
    server.close();
    failed(error);
  });
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    server,
    [Symbol.dispose]() {
      server.close();
      realLoop.defer(() => {
        for (const socket of open) {
          socket.destroy();
        }
      });
    },
  };
}
