import type { Socket } from 'node:net';
import type { Libc } from '@ifdepd/libc';
import type { ListenAddress } from '../config/settings.ts';
import { listenControl } from '../control/control-socket.ts';
import { serveMetrics } from '../control/metrics-server.ts';
import type { Log } from '../log/index.ts';
import { defaultSocket } from '../system/directories.ts';
import { ExitError } from '../system/errors.ts';
import { loadLater } from '../system/load-later.ts';
import { reload } from './reload.ts';
import { metricsText, type Running } from './running.ts';

/** What the servers need. */
export interface Serving {
  readonly libc: Libc;
  readonly log: Log;
  /** Connections wait for the daemon that answers them. */
  readonly running: Promise<Running>;
  readonly startedAt: Date;
}

/** Servers requested explicitly (-s, --metrics). If one cannot be opened, the start fails before any interface is changed. */
export interface RequestedServers {
  /** The path of -s; null without. */
  readonly socket: string | null;
  /** The address of the metrics; null without. */
  readonly metrics: ListenAddress | null;
}

/**
 * Opens the requested servers.
 *
 * @throws {ExitError} where one cannot be opened
 */
export async function openRequested(
  { socket, metrics }: RequestedServers,
  serving: Serving,
): Promise<Disposable> {
  const control = socket === null ? null : listenControl(serving.libc, socket, controlConnections(serving));
  try {
    const address = metrics === null ? null : await openMetrics(metrics, serving);
    return {
      [Symbol.dispose]() {
        control?.[Symbol.dispose]();
        address?.[Symbol.dispose]();
      },
    };
  } catch (error) {
    control?.[Symbol.dispose]();
    throw error;
  }
}

/**
 * Opens the control socket at its default path. Where that fails, the daemon goes on without one, and reports it with -v.
 */
export function openDefaultSocket(serving: Serving): Disposable | null {
  try {
    return listenControl(serving.libc, defaultSocket(), controlConnections(serving));
  } catch (error) {
    if (error instanceof ExitError) {
      serving.log.write({ event: 'notice', level: 'info', message: `no control socket: ${error.message}` });
      return null;
    }
    throw error;
  }
}

async function openMetrics(address: ListenAddress, serving: Serving): Promise<Disposable> {
  const [{ httpService }, { metricsRoutes }] = await Promise.all([
    import('../control/http-service.ts'),
    import('../control/routes.ts'),
  ]);
  let bound = address.host;
  const listening = () => ({ asked: address.host, address: bound });
  const connections = whenRunning(serving, async (running) =>
    httpService({ answer: metricsRoutes({ metrics: () => metricsText(running) }, listening) }),
  );
  const server = await serveMetrics(address, connections);
  bound = server.address;
  const message = `metrics on ${address.host}:${server.port}`;
  serving.log.write({ event: 'notice', level: 'info', message, fields: { port: server.port } });
  return server;
}

/** Loads the HTTP service with the first connection. */
function controlConnections(serving: Serving): (socket: Socket) => void {
  const { log, startedAt } = serving;
  return whenRunning(serving, async (running) => {
    const [{ httpService }, { controlRoutes }, { controlOf }] = await loadLater(() =>
      Promise.all([
        import('../control/http-service.ts'),
        import('../control/routes.ts'),
        import('./control.ts'),
      ]),
    );
    return httpService({
      answer: controlRoutes(controlOf(running, startedAt, () => reload(running))),
      report: (message) => log.write({ event: 'notice', level: 'warning', message }),
    });
  });
}

/** Disconnects clients where the files of the HTTP service are gone; the daemon goes on. */
function whenRunning(
  { running, log }: Serving,
  load: (running: Running) => Promise<(socket: Socket) => void>,
): (socket: Socket) => void {
  const loaded = once(() => running.then(load));
  const report = once((error: ExitError) =>
    log.write({ event: 'notice', level: 'warning', message: `control socket disabled: ${error.message}` }),
  );
  return (socket) => {
    void loaded()
      .then((serve) => serve(socket))
      .catch((error: unknown) => {
        if (!(error instanceof ExitError)) {
          throw error;
        }
        socket.destroy();
        report(error);
      });
  };
}

function once<Given extends unknown[], Value>(act: (...given: Given) => Value): (...given: Given) => Value {
  let result: { readonly value: Value } | undefined;
  return (...given) => {
    result ??= { value: act(...given) };
    return result.value;
  };
}
