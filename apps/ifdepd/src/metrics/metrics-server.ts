import { createServer, type Socket } from 'node:net';
import { connectionsOf } from '../control/connections.ts';
import { errorCode } from '../directories.ts';
import { ExitCode, ExitError } from '../exit-code.ts';
import type { ListenAddress } from '../settings.ts';

const MOST_CONNECTIONS = 64;

/**
 * Listens for those who read the metrics over TCP.
 *
 * @param accept what to do with a connection; it is paused
 * @returns what ends it, and the port (another one where 0 was asked for)
 * @throws {ExitError} where it cannot listen
 */
export function serveMetrics(
  { host, port }: ListenAddress,
  accept: (socket: Socket) => void,
): Promise<Disposable & { readonly port: number }> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
  server.maxConnections = MOST_CONNECTIONS;
  const connections = connectionsOf(server);
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = errorCode(error);
      const exit = code === 'EACCES' ? ExitCode.notPermitted : ExitCode.system;
      reject(new ExitError(exit, `cannot listen on ${host}:${port} for metrics: ${code}`, { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        [Symbol.dispose]() {
          server.close();
          connections[Symbol.dispose]();
        },
      });
    });
  });
}
