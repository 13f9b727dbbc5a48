import type { Server, Socket } from 'node:net';
import type { Libc, OwnedFd } from '@ifdepd/libc';

/** Further connections are closed. */
const MOST_CONNECTIONS = 64;

/**
 * Serves a listening unix socket, and owns it from here on. It loads `node:net` with the first client: that brings streams,
 * child_process, cluster and dgram along, which a daemon without clients does not need.
 *
 * @param accept gets each connection, paused
 */
export function lazyListener(libc: Libc, listening: OwnedFd, accept: (socket: Socket) => void): Disposable {
  let serving: Acceptor | null = null;
  const watching = libc.readable(listening.fd, () => {
    watching[Symbol.dispose]();
    // Clients wait in the queue of the socket meanwhile.
    serving = acceptor(accept);
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

/** A server that does not listen yet, and what closes it and its connections. */
export interface Acceptor extends Disposable {
  readonly server: Server;
}

/**
 * Makes a server. Disposing it closes every connection after the writes of this turn of the loop: an open connection would keep
 * the process alive.
 *
 * @param accept gets each connection, paused
 */
export function acceptor(accept: (socket: Socket) => void): Acceptor {
  // An import would load it at once.
  const { createServer } = process.getBuiltinModule('node:net');
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
  server.maxConnections = MOST_CONNECTIONS;
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    server,
    [Symbol.dispose]() {
      server.close();
      setImmediate(() => {
        for (const socket of open) {
          socket.destroy();
        }
      });
    },
  };
}
