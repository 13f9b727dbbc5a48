import { type Libc, openSocket } from '@ifdepd/libc';
import { unixAddress } from '../unix-address.ts';
import { bareLine, type LineFormat, PRIORITIES } from './line-format.ts';
import type { Log, LogEntry } from './log.ts';

/** Lines that wait while the logger is stuck. More than that, and the newest are counted instead of kept. */
const WAITING_LINES = 1000;

/** Between two attempts while it is stuck: the first and the longest. */
const RETRY_FIRST_MS = 50;
const RETRY_LAST_MS = 2000;

/** How long a stop waits for a stuck logger. */
const CLOSE_LIMIT_MS = 300;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The system log as datagrams that syslog(3) would send (RFC 3164), but never waiting: a logger that has stopped
 * reading makes sendto(2) wait once its queue is full (net.unix.max_dgram_qlen, 10 by default), and syslog(3) with it.
 * A logger that is not there loses lines, as with syslog(3); each line names the socket anew, so that one that comes
 * back gets the next.
 *
 * @param path of its socket
 */
export function socketSyslog(libc: Libc, path: string, format: LineFormat = bareLine): Log {
  const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  const { EAGAIN, ENOBUFS } = libc.target.errnoOf;
  const socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, path);
  const address = unixAddress(libc.target, path);
  const waiting: Uint8Array[] = [];
  let lost = 0;
  let pause = RETRY_FIRST_MS;
  let timer: NodeJS.Timeout | undefined;

  /** Sends what it can. @returns whether nothing waits any more */
  function flush(): boolean {
    for (let line = waiting[0]; line !== undefined; line = waiting[0]) {
      const result = libc.sendto(socket.fd, line, 0, address);
      if (result === -EAGAIN || result === -ENOBUFS) {
        return false;
      }
      waiting.shift();
      if (lost > 0 && result >= 0) {
        const message = `${lost} log lines were lost: the system logger did not keep up`;
        lost = 0;
        waiting.push(encode({ event: 'lost', level: 'warning', message }));
      }
    }
    pause = RETRY_FIRST_MS;
    return true;
  }

  function retry(): void {
    timer = undefined;
    if (!flush()) {
      timer = setTimeout(retry, pause).unref();
      pause = Math.min(RETRY_LAST_MS, pause * 2);
    }
  }

  function encode(entry: LogEntry): Uint8Array {
    const priority = libc.target.syslog.LOG_DAEMON | PRIORITIES[entry.level];
    return Buffer.from(`<${priority}>${stamp(new Date())} ifdepd[${process.pid}]: ${format(entry)}`);
  }

  return {
    write(entry) {
      if (waiting.length >= WAITING_LINES) {
        lost += 1;
        return;
      }
      waiting.push(encode(entry));
      if (timer === undefined) {
        retry();
      }
    },
    async close() {
      clearTimeout(timer);
      const end = performance.now() + CLOSE_LIMIT_MS;
      while (!flush() && performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      socket.close();
    },
  };
}

/** `Nov  2 07:05:09`, local time: the time of RFC 3164. */
function stamp(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = String(date.getDate()).padStart(2, ' ');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${MONTHS[date.getMonth()]} ${day} ${time}`;
}
