import type { Socket } from 'node:net';
import type { DaemonArguments } from '../cli/daemon-arguments.ts';
import { type ControlSocket, listenControl } from '../control/control-socket.ts';
import { defaultSocket } from '../directories.ts';
import { ExitError } from '../exit-code.ts';
import type { Running } from './running.ts';

/**
 * The control socket and the metrics, as they were asked for.
 *
 * What serves HTTP is loaded with the first connection. The default socket is a courtesy: where it cannot be had, the
 * daemon goes on without, and says so with -v. One that was asked for is not.
 *
 * @throws {ExitError} where what was asked for cannot be had
 */
export async function openServers(
  running: Running,
  args: DaemonArguments,
  startedAt: Date,
): Promise<Disposable> {
  const service = async () => {
    const [{ httpService }, { controlRoutes }, { controlOf }] = await Promise.all([
      import('../control/http-service.ts'),
      import('../control/routes.ts'),
      import('../control/control-of.ts'),
    ]);
    return httpService(controlRoutes(controlOf(running, startedAt)));
  };
  let loaded: ReturnType<typeof service> | undefined;
  const accept = (socket: Socket) => {
    loaded ??= service();
    void loaded.then((serve) => serve(socket));
  };
  const control = await openControl(args.socket, accept, running);
  const address = args.metrics ?? running.settings.metrics;
  if (address === null) {
    return { [Symbol.dispose]: () => control?.[Symbol.dispose]() };
  }
  const { serveMetrics } = await import('../metrics/metrics-server.ts');
  const text = () => running.metrics.text(running.daemon.status, running.daemon.linkCounters);
  const server = await serveMetrics(address, { metrics: text });
  const message = `metrics on ${address.host}:${server.port}`;
  running.log.write({ event: 'notice', level: 'info', message, fields: { port: server.port } });
  return {
    [Symbol.dispose]() {
      control?.[Symbol.dispose]();
      server[Symbol.dispose]();
    },
  };
}

async function openControl(
  asked: string | null,
  accept: (socket: Socket) => void,
  { log }: Running,
): Promise<ControlSocket | null> {
  if (asked === null) {
    return null;
  }
  if (asked !== 'default') {
    return listenControl(asked, accept);
  }
  try {
    return await listenControl(defaultSocket(), accept);
  } catch (error) {
    if (error instanceof ExitError) {
      log.write({ event: 'notice', level: 'info', message: `no control socket: ${error.message}` });
      return null;
    }
    throw error;
  }
}
