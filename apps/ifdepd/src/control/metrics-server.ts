import type { AddressInfo, Server, Socket } from 'node:net';
import { type Libc, must, OwnedFd } from '@ifdepd/libc';
import type { ListenAddress } from '../config/settings.ts';
import { errorCode } from '../system/directories.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import { lazyListener } from './lazy-listener.ts';

/** Messages with the remedy for an operator; any other error is reported by its code. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there; name another port (EADDRINUSE)',
  EADDRNOTAVAIL: 'this host has no such address (EADDRNOTAVAIL)',
  EACCES: 'ports below 1024 are for root, or CAP_NET_BIND_SERVICE; name another one (EACCES)',
  ENOTFOUND: 'there is no host of that name (ENOTFOUND)',
};

/** fcntl.h of every system. */
const F_DUPFD = 0;

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
  libc: Libc,
  { host, port }: ListenAddress,
  accept: (socket: Socket) => void,
  report: (message: string) => void,
): Promise<MetricsServer> {
  // An import would load it at once.
  const server = process.getBuiltinModule('node:net').createServer();
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => {
      const code = errorCode(error);
      const exit = code === 'EACCES' ? ExitCode.notPermitted : ExitCode.system;
      const reason = REASONS[code] ?? code;
      reject(
        new ExitError(exit, `cannot listen on ${host}:${port} for metrics: ${reason}`, { cause: error }),
      );
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      const { address, port: bound } = server.address() as AddressInfo;
      const subject = `metrics on ${host}:${bound}`;
      try {
        const serving = lazyListener(libc, takeOver(libc, server, subject), subject, accept, report);
        resolve({ address, port: bound, [Symbol.dispose]: () => serving[Symbol.dispose]() });
      } catch (error) {
        failed(error);
      }
    });
  });
}

/** Node looks the name up, binds and listens, and gives no access to the socket but through its handle. It must not accept. */
function takeOver(libc: Libc, server: Server, subject: string): OwnedFd {
  const { fd } = (server as unknown as { readonly _handle: { readonly fd: number } })._handle;
  const copy = libc.fcntl(fd, F_DUPFD, 0);
  server.close();
  const owned = new OwnedFd(libc, must(libc, copy, 'fcntl F_DUPFD', subject));
  const { fcntl } = libc.target;
  libc.fcntl(owned.fd, fcntl.F_SETFD, fcntl.FD_CLOEXEC);
  return owned;
}
