import type { Server, Socket } from 'node:net';
import type { Libc, OwnedFd } from '@ifdepd/libc';

/** More are hung up on. */
const MOST_CONNECTIONS = 64;

/**
 * Serves a unix socket that listens, and owns it from here on.
 *
 * By `node:net`, but from the first client on: it brings streams, child_process, cluster and dgram along, which a daemon
 * that nobody asks anything has no use for.
 *
 * @param accept what to do with a connection; it is paused
 */
export function lazyListener(libc: Libc, listening: OwnedFd, accept: (socket: Socket) => void): Disposable {
  let serving: Disposable | null = null;
  const watching = libc.readable(listening.fd, () => {
    watching[Symbol.dispose]();
    // Those who have come wait in the queue of the socket.
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
  // No import, which would load it at once.
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
 * Ends every connection of a server, once what was written in this turn of the loop is on its way: one that is open
 * would keep the process alive.
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
