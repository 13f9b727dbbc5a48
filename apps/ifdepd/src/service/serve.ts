import type { Socket } from 'node:net';
import type { Libc } from '@ifdepd/libc';
import type { ListenAddress } from '../config/settings.ts';
import { listenControl } from '../control/control-socket.ts';
import type { Log } from '../log/index.ts';
import { defaultSocket } from '../system/directories.ts';
import { ExitError } from '../system/errors.ts';
import { loadLater } from '../system/load-later.ts';
import type { Running } from './running.ts';

/** What the servers work for. */
export interface Serving {
  readonly libc: Libc;
  readonly log: Log;
  /** Connections wait until there is a daemon that can answer. */
  readonly running: Promise<Running>;
  readonly startedAt: Date;
}

/** What was asked for in so many words: a start that cannot have it fails, before anything is set. */
export interface AskedServers {
  /** The path of -s; null without. */
  readonly socket: string | null;
  /** The address of the metrics; null without. */
  readonly metrics: ListenAddress | null;
}

/**
 * Opens what was asked for.
 *
 * @throws {ExitError} where it cannot be had
 */
export async function openAsked({ socket, metrics }: AskedServers, serving: Serving): Promise<Disposable> {
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
 * Opens the control socket where none is named. It is a courtesy: where it cannot be had, the daemon goes on without,
 * and says so with -v.
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
  const [{ serveMetrics }, { httpService }, { metricsRoutes }] = await Promise.all([
    import('../control/metrics-server.ts'),
    import('../control/http-service.ts'),
    import('../control/routes.ts'),
  ]);
  let bound = address.host;
  const connections = whenRunning(serving, async ({ metrics, daemon }) =>
    httpService({
      answer: metricsRoutes({ metrics: () => metrics.text(daemon) }, () => ({
        asked: address.host,
        address: bound,
      })),
    }),
  );
  const server = await serveMetrics(address, connections);
  bound = server.address;
  const message = `metrics on ${address.host}:${server.port}`;
  serving.log.write({ event: 'notice', level: 'info', message, fields: { port: server.port } });
  return server;
}

/** What serves HTTP is loaded with the first connection. */
function controlConnections(serving: Serving): (socket: Socket) => void {
  const { log, startedAt } = serving;
  return whenRunning(serving, async (daemon) => {
    const [{ httpService }, { controlRoutes }, { controlOf }] = await loadLater(() =>
      Promise.all([
        import('../control/http-service.ts'),
        import('../control/routes.ts'),
        import('./control.ts'),
      ]),
    );
    return httpService({
      answer: controlRoutes(controlOf(daemon, startedAt)),
      tell: (message) => log.write({ event: 'notice', level: 'warning', message }),
    });
  });
}

/** Clients whom nobody can answer are hung up on, and the daemon goes on. */
function whenRunning(
  { running, log }: Serving,
  load: (running: Running) => Promise<(socket: Socket) => void>,
): (socket: Socket) => void {
  const loaded = once(() => running.then(load));
  const told = once((error: ExitError) =>
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
        told(error);
      });
  };
}

function once<Words extends unknown[], Value>(act: (...words: Words) => Value): (...words: Words) => Value {
  let result: { readonly value: Value } | undefined;
  return (...words) => {
    result ??= { value: act(...words) };
    return result.value;
  };
}
