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
  let serving: Disposable | null = null;
  const watching = libc.readable(listening.fd, () => {
    watching[Symbol.dispose]();
    // Clients wait in the queue of the socket meanwhile.
    serving = serve(listening.fd, accept);
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

/** The server owns the descriptor. */
function serve(fd: number, accept: (socket: Socket) => void): Disposable {
  // An import would load it at once.
  const { createServer } = process.getBuiltinModule('node:net');
  const server: Server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
  server.maxConnections = MOST_CONNECTIONS;
  const connections = connectionsOf(server);
  server.listen({ fd });
  return {
    [Symbol.dispose]() {
      server.close();
      connections[Symbol.dispose]();
    },
  };
}

/**
 * Closes every connection of a server, after the writes of this turn of the loop: an open connection would keep the process
 * alive.
 */
export function connectionsOf(server: Server): Disposable {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    [Symbol.dispose]() {
      setImmediate(() => {
        for (const socket of open) {
          socket.destroy();
        }
      });
    },
  };
}
