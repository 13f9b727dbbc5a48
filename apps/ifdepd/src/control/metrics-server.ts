import type { AddressInfo, Socket } from 'node:net';
import type { ListenAddress } from '../config/settings.ts';
import { errorCode, errorText } from '../system/directories.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import { realLoop, type Timer } from '../system/loop.ts';
import { AGAIN_MS, acceptor } from './lazy-listener.ts';

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
 * @param report gets a message when readers cannot be accepted for a while
 * @returns the address that a name resolved to, and the port (chosen by the system for 0)
 * @throws {ExitError} where it cannot listen
 */
export function serveMetrics(
  { host, port }: ListenAddress,
  accept: (socket: Socket) => void,
  report: (message: string) => void,
): Promise<MetricsServer> {
  let timer: Timer | undefined;
  return new Promise((resolve, reject) => {
    let failed = (error: Error): void => {
      const code = errorCode(error);
      const exit = code === 'EACCES' ? ExitCode.notPermitted : ExitCode.system;
      const reason = REASONS[code] ?? code;
      reject(
        new ExitError(exit, `cannot listen on ${host}:${port} for metrics: ${reason}`, { cause: error }),
      );
    };
    const serving = acceptor(accept, (error) => failed(error));
    const { server } = serving;
    server.listen(port, host);
    server.once('listening', () => {
      const { address, port: bound } = server.address() as AddressInfo;
      failed = (error) => {
        report(`metrics on ${host}:${bound}: ${errorText(error)}; trying again in ${AGAIN_MS / 1000} s`);
        timer = realLoop.setTimer(() => server.listen(bound, host), AGAIN_MS).unref();
      };
      resolve({
        address,
        port: bound,
        [Symbol.dispose]() {
          realLoop.clearTimer(timer);
          serving[Symbol.dispose]();
        },
      });
    });
  });
}
