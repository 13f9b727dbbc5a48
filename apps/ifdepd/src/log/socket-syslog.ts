import { type Libc, openSocket } from '@ifdepd/libc';
import { unixAddress } from '../system/unix-address.ts';
import { bareLine, type LineFormat, PRIORITIES } from './line-format.ts';
import { type Log, type LogEntry, lostWords, MOST_WAITING } from './log.ts';

/** Between two attempts: the first after it has taken a line, and the longest while it is stuck. */
const RETRY_FIRST_MS = 20;
const RETRY_LAST_MS = 2000;
/** The longest while there is no logger: an idle daemon should not wake for that. */
const GONE_LAST_MS = 30_000;

/** What sendto(2) answers where no logger listens. Any other error is one of the line, which is dropped. */
const GONE: readonly string[] = ['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'EACCES'];

/** How long a stop waits for a stuck logger. */
const CLOSE_LIMIT_MS = 300;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The system log as datagrams that syslog(3) would send (RFC 3164), but never waiting: a logger that has stopped
 * reading makes sendto(2) wait once its queue is full (net.unix.max_dgram_qlen, 10 by default), and syslog(3) with it.
 * One that is not there, or not yet, gets them when it comes: each line names the socket anew.
 *
 * @param path of its socket
 */
export function socketSyslog(libc: Libc, path: string, format: LineFormat = bareLine): Log {
  const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  const { EAGAIN, ENOBUFS } = libc.target.errnoOf;
  const socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, path);
  const address = unixAddress(libc.target, path);
  let waiting: Uint8Array[] = [];
  /** Bytes that wait. */
  let length = 0;
  let lost = 0;
  /** Whether there was no logger when it was tried last. */
  let gone = false;
  let pause = RETRY_FIRST_MS;
  let timer: NodeJS.Timeout | undefined;

  /** Sends what it can. @returns whether nothing waits any more */
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
        const message = lostWords(lost, 'the system logger');
        lost = 0;
        queue({ event: 'lost', level: 'warning', message });
      }
    }
    // Often none: lines that wait for a logger that is gone are not copied for each that comes.
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
      timer = setTimeout(retry, pause).unref();
      pause = Math.min(gone ? GONE_LAST_MS : RETRY_LAST_MS, pause * 2);
    }
  }

  function encode(entry: LogEntry): Uint8Array {
    const priority = libc.target.syslog.LOG_DAEMON | PRIORITIES[entry.level];
    return Buffer.from(`<${priority}>${stamp(new Date())} ifdepd[${process.pid}]: ${format(entry)}`);
  }

  return {
    write(entry) {
      if (length >= MOST_WAITING) {
        lost += 1;
        return;
      }
      queue(entry);
      if (gone && flush()) {
        clearTimeout(timer);
        timer = undefined;
      } else if (timer === undefined) {
        retry();
      }
    },
    async close() {
      clearTimeout(timer);
      const end = performance.now() + CLOSE_LIMIT_MS;
      while (!flush() && !gone && performance.now() < end) {
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
