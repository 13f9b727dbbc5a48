import { createServer } from 'node:net';
import { connectionsOf } from '../control/connections.ts';
import { httpService } from '../control/http-service.ts';
import { type Control, metricsRoutes } from '../control/routes.ts';
import { errorCode } from '../directories.ts';
import { ExitCode, ExitError } from '../exit-code.ts';
import type { ListenAddress } from '../settings.ts';

const MOST_CONNECTIONS = 64;

/**
 * Serves /metrics and /healthz over TCP.
 *
 * @returns what ends it, and the port (another one where 0 was asked for)
 * @throws {ExitError} where it cannot listen
 */
export function serveMetrics(
  { host, port }: ListenAddress,
  control: Pick<Control, 'metrics'>,
): Promise<Disposable & { readonly port: number }> {
  const server = createServer(
    { allowHalfOpen: true, pauseOnConnect: true },
    httpService(metricsRoutes(control)),
  );
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
