import type { Socket } from 'node:net';
import type { Libc } from '@ifdepd/libc';
import type { ListenAddress } from '../config/settings.ts';
import { listenControl } from '../control/control-socket.ts';
import { serveMetrics } from '../control/metrics-server.ts';
import { type Log, notice } from '../log/index.ts';
import { defaultSocket } from '../system/directories.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import { loadLater } from '../system/load-later.ts';
import { reload } from './reload.ts';
import type { Running } from './running.ts';

/** The options of the servers. */
export interface Serving {
  readonly libc: Libc;
  readonly log: Log;
  /** Connections wait for the daemon that answers them. */
  readonly running: Promise<Running>;
  readonly startedAt: Date;
}

/** Opens the control socket. @throws {ExitError} where it cannot be opened */
export function openSocket(path: string, serving: Serving): Disposable {
  return listenControl(serving.libc, path, controlConnections(serving), (message) =>
    notice(serving.log, 'warning', message),
  );
}

/**
 * Opens the control socket at its default path. Where that fails, the daemon goes on without one, and reports it with -v.
 */
export function openDefaultSocket(serving: Serving): Disposable | null {
  try {
    return openSocket(defaultSocket(), serving);
  } catch (error) {
    if (error instanceof ExitError) {
      notice(serving.log, 'info', `no control socket: ${error.message}`);
      return null;
    }
    throw error;
  }
}

/** Opens the listener of the metrics. @throws {ExitError} where it cannot be opened */
export async function openMetrics(address: ListenAddress, serving: Serving): Promise<Disposable> {
  const [{ httpService }, { metricsRoutes }] = await Promise.all([
    import('../control/http-service.ts'),
    import('../control/routes.ts'),
  ]);
  let bound = address.host;
  const listening = () => ({ asked: address.host, address: bound });
  const connections = whenRunning(serving, 'metrics', async (running) => {
    const { controlOf } = await loadLater(() => import('./control.ts'));
    const control = controlOf(running, serving.startedAt, () => reload(running));
    return httpService(metricsRoutes(control, listening));
  });
  const server = await serveMetrics(serving.libc, address, connections, (message) =>
    notice(serving.log, 'warning', message),
  );
  bound = server.address;
  const { port } = server;
  notice(serving.log, 'info', `metrics on ${address.host}:${port}`, { port });
  return server;
}

/** Loads the HTTP service with the first connection. */
function controlConnections(serving: Serving): (socket: Socket) => Promise<void> {
  const { log, startedAt } = serving;
  return whenRunning(serving, 'control socket', async (running) => {
    const [{ httpService }, { controlRoutes }, { controlOf }] = await loadLater(() =>
      Promise.all([
        import('../control/http-service.ts'),
        import('../control/routes.ts'),
        import('./control.ts'),
      ]),
    );
    const control = controlOf(running, startedAt, () => reload(running));
    return httpService(controlRoutes(control), (message) => notice(log, 'warning', message));
  });
}

/**
 * Disconnects clients while the HTTP service cannot be loaded: its files are gone, or no descriptor is free. Each client is a new
 * attempt; the first of those that fail in a row is reported.
 *
 * @param subject what the clients are of, in reports
 * @param load loads what answers them
 */
export function whenRunning(
  { running, log }: Pick<Serving, 'running' | 'log'>,
  subject: string,
  load: (running: Running) => Promise<(socket: Socket) => void>,
): (socket: Socket) => Promise<void> {
  let loaded: Promise<(socket: Socket) => void> | undefined;
  let isReported = false;
  return async (socket) => {
    try {
      loaded ??= running.then(load);
      const serve = await loaded;
      isReported = false;
      serve(socket);
    } catch (error) {
      if (!(error instanceof ExitError)) {
        throw error;
      }
      socket.destroy();
      loaded = undefined;
      if (!isReported) {
        isReported = true;
        const isGone = error.exitCode === ExitCode.unavailable;
        notice(
          log,
          'warning',
          isGone
            ? `${subject} disabled: ${error.message}`
            : `${subject}: disconnected a client, and the next one may be served: ${error.message}`,
        );
      }
    }
  };
}
