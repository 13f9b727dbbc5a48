import type { AddressInfo, Socket } from 'node:net';
import type { ListenAddress } from '../config/settings.ts';
import { errorCode } from '../system/directories.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import { acceptor } from './lazy-listener.ts';

/** Messages with the remedy for an operator; any other error is reported by its code. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there; name another port (EADDRINUSE)',
  EADDRNOTAVAIL: 'this host has no such address (EADDRNOTAVAIL)',
  EACCES: 'ports below 1024 are for root, or CAP_NET_BIND_SERVICE; name another one (EACCES)',
  ENOTFOUND: 'there is no host of that name (ENOTFOUND)',
};

/** Listens until it is disposed. */
export interface MetricsServer extends Disposable {
  readonly address: string;
  readonly port: number;
}

/**
 * Listens on TCP for readers of the metrics.
 *
 * @param accept gets each connection, paused
 * @returns the address that a name resolved to, and the port (chosen by the system for 0)
 * @throws {ExitError} where it cannot listen
 */
export function serveMetrics(
  { host, port }: ListenAddress,
  accept: (socket: Socket) => void,
): Promise<MetricsServer> {
  const serving = acceptor(accept);
  const { server } = serving;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = errorCode(error);
      const exit = code === 'EACCES' ? ExitCode.notPermitted : ExitCode.system;
      const reason = REASONS[code] ?? code;
      reject(
        new ExitError(exit, `cannot listen on ${host}:${port} for metrics: ${reason}`, { cause: error }),
      );
    });
    server.listen(port, host, () => {
      const { address, port: bound } = server.address() as AddressInfo;
      resolve({ address, port: bound, [Symbol.dispose]: () => serving[Symbol.dispose]() });
    });
  });
}
