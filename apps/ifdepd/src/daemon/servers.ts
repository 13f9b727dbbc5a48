import type { Socket } from 'node:net';
import { listenControl } from '../control/control-socket.ts';
import { defaultSocket } from '../directories.ts';
import { ExitError } from '../exit-code.ts';
import type { Log } from '../log/index.ts';
import type { ListenAddress } from '../settings.ts';
import type { Running } from './running.ts';

/** What the servers work for. */
export interface Serving {
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
  const control = socket === null ? null : await listenControl(socket, controlConnections(serving));
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
export async function openDefaultSocket(serving: Serving): Promise<Disposable | null> {
  try {
    return await listenControl(defaultSocket(), controlConnections(serving));
  } catch (error) {
    if (error instanceof ExitError) {
      serving.log.write({ event: 'notice', level: 'info', message: `no control socket: ${error.message}` });
      return null;
    }
    throw error;
  }
}

async function openMetrics(address: ListenAddress, { log, running }: Serving): Promise<Disposable> {
  const [{ serveMetrics }, { httpService }, { metricsRoutes }] = await Promise.all([
    import('../metrics/metrics-server.ts'),
    import('../control/http-service.ts'),
    import('../control/routes.ts'),
  ]);
  const connections = whenRunning(running, async ({ metrics, daemon }) =>
    httpService({
      answer: metricsRoutes(
        { metrics: () => metrics.text(daemon.status, daemon.linkCounters, daemon.reflex) },
        address.host,
      ),
    }),
  );
  const server = await serveMetrics(address, connections);
  const message = `metrics on ${address.host}:${server.port}`;
  log.write({ event: 'notice', level: 'info', message, fields: { port: server.port } });
  return server;
}

/** What serves HTTP is loaded with the first connection. */
function controlConnections({ log, running, startedAt }: Serving): (socket: Socket) => void {
  return whenRunning(running, async (daemon) => {
    const [{ httpService }, { controlRoutes }, { controlOf }] = await Promise.all([
      import('../control/http-service.ts'),
      import('../control/routes.ts'),
      import('../control/control-of.ts'),
    ]);
    return httpService({
      answer: controlRoutes(controlOf(daemon, startedAt)),
      tell: (message) => log.write({ event: 'notice', level: 'warning', message }),
    });
  });
}

function whenRunning(
  running: Promise<Running>,
  load: (running: Running) => Promise<(socket: Socket) => void>,
): (socket: Socket) => void {
  let loaded: Promise<(socket: Socket) => void> | undefined;
  return (socket) => {
    loaded ??= running.then(load);
    void loaded.then((serve) => serve(socket));
  };
}
