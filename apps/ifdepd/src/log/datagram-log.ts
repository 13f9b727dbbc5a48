import { type Libc, openSocket, SystemError } from '@ifdepd/libc';
import { realLoop, type Timer } from '../system/loop.ts';
import { unixAddress } from '../system/unix-address.ts';
import { MOST_WAITING } from './line-queue.ts';
import { type Log, type LogEntry, lostMessage } from './log.ts';

/** Milliseconds between two attempts: the first after a line was accepted, and the longest while the logger is stuck. */
const RETRY_FIRST_MS = 20;
const RETRY_LAST_MS = 2000;
/** The longest while there is no logger: an idle daemon should rarely wake for that. */
const GONE_LAST_MS = 30_000;

/** The errors of sendto(2) without a logger. Any other error concerns one line, which is dropped. */
const GONE: readonly string[] = ['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'EACCES'];

/** How long a stop waits for a stuck logger. */
const CLOSE_LIMIT_MS = 300;

/**
 * A log of datagrams to a unix socket that never waits. Lines wait for a logger that starts later: each names the socket anew.
 *
 * @param path the socket of the logger
 * @param encode the datagram of an entry
 * @param whose who did not keep up, in the line in place of lost ones
 */
export function datagramLog(
  libc: Libc,
  path: string,
  encode: (entry: LogEntry) => Uint8Array,
  whose: string,
): Log {
  const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  const { EAGAIN, ENOBUFS } = libc.target.errnoOf;
  const socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, path);
  const address = unixAddress(libc.target, path);
  let waiting: Uint8Array[] = [];
  /** Bytes that wait. */
  let length = 0;
  let lost = 0;
  /** Whether there was no logger at the last attempt. */
  let gone = false;
  let pause = RETRY_FIRST_MS;
  let timer: Timer | undefined;

  /** Sends as many lines as possible. @returns whether no line waits any more */
  function flush(): boolean {
    let sent = 0;
    for (const line of waiting) {
      const result = libc.sendto(socket.fd, line, 0, address);
      const stuck = result === -EAGAIN || result === -ENOBUFS;
      gone = result < 0 && GONE.includes(libc.target.errno[-result]?.[0] ?? '');
      if (stuck || gone) {
        break;
      }
      sent += 1;
      length -= line.byteLength;
      pause = RETRY_FIRST_MS;
      if (lost > 0 && result >= 0) {
        const message = lostMessage(lost, whose);
        lost = 0;
        queue({ event: 'lost', level: 'warning', message });
      }
    }
    // Without a logger nothing was sent: then the pending lines are not copied for each new one.
    waiting = sent === 0 ? waiting : waiting.slice(sent);
    return waiting.length === 0;
  }

  function queue(entry: LogEntry): void {
    const line = encode(entry);
    length += line.byteLength;
    waiting.push(line);
  }

  function retry(): void {
    timer = undefined;
    if (!flush()) {
      timer = realLoop.setTimer(retry, pause).unref();
      pause = Math.min(gone ? GONE_LAST_MS : RETRY_LAST_MS, pause * 2);
    }
  }

  return {
    write(entry) {
      if (length >= MOST_WAITING) {
        lost += 1;
        return;
      }
      queue(entry);
      if (gone && flush()) {
        realLoop.clearTimer(timer);
        timer = undefined;
      } else if (timer === undefined) {
        retry();
      }
    },
    async close() {
      realLoop.clearTimer(timer);
      const end = realLoop.now() + CLOSE_LIMIT_MS;
      while (!flush() && !gone && realLoop.now() < end) {
        await new Promise<void>((resolve) => realLoop.setTimer(resolve, 20));
      }
      socket.close();
    },
  };
}

/** Why no logger listens at a socket: the code of the error; null where one does. */
export function loggerFault(libc: Libc, path: string): string | null {
  const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  using socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, path);
  const result = libc.connect(socket.fd, unixAddress(libc.target, path) ?? new Uint8Array());
  return result >= 0 ? null : new SystemError(libc.target, -result, 'connect', path).code;
}
