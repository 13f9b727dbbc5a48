import type { OwnedFd } from '@ifdepd/libc';
import { connectStream } from '../sockets/connect-stream.ts';
import type { HostSystem } from '../sockets/host-system.ts';
import type { ProbePath } from '../target/path.ts';
import type { Exchange, Outcome, Settle } from './exchange.ts';
import { failureOf } from './failure-of.ts';
import type { HostName } from './host-name.ts';

/** Goes on with a connected socket, which it owns from then on. Returns what ends it before it has called `end`. */
export type Converse = (socket: OwnedFd, end: (outcome: Outcome) => void) => Disposable;

/** One connection for each probe, and what is said over it. */
export function streamExchange(
  host: HostSystem,
  name: HostName,
  port: number,
  path: ProbePath,
  converse: Converse,
  settle: Settle,
): Exchange {
  let busy: Disposable | null = null;
  let round = 0;

  function giveUp(): void {
    round += 1;
    busy?.[Symbol.dispose]();
    busy = null;
    name.forget();
  }

  return {
    start() {
      round += 1;
      const mine = round;
      const end = (outcome: Outcome) => {
        if (mine === round) {
          giveUp();
          settle(outcome);
        }
      };
      name.resolve((address) => {
        if (mine !== round) {
          return;
        }
        const connecting = connectStream(host, address, port, path, (socket, error) => {
          if (socket === null) {
            end(failureOf(error));
          } else {
            busy = converse(socket, end);
          }
        });
        // A connection may fail before this returns, and its round is over then.
        busy ??= mine === round ? connecting : null;
      }, end);
    },
    giveUp,
    [Symbol.dispose]: giveUp,
  };
}
