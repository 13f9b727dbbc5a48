import type { HostSystem } from '../sockets/host-system.ts';
import type { ProbePath } from '../target/path.ts';
import { ANSWERED, type Exchange, type Settle } from './exchange.ts';
import type { HostName } from './host-name.ts';
import { streamExchange } from './stream-exchange.ts';

/** Probes a port by connecting, and closing at once. */
export function tcpExchange(
  host: HostSystem,
  name: HostName,
  port: number,
  path: ProbePath,
  settle: Settle,
): Exchange {
  return streamExchange(
    host,
    name,
    port,
    path,
    (socket, end) => {
      socket.close();
      end(ANSWERED);
      return socket;
    },
    settle,
  );
}
