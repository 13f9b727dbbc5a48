import type { Server, Socket } from 'node:net';

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
