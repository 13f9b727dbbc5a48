import type { Libc } from '@ifdepd/libc';
import { realLoop } from '../system/loop.ts';
import { datagramLog } from './datagram-log.ts';
import { bareLine, type LineFormat, PRIORITIES } from './line-format.ts';
import type { Log } from './log.ts';

/**
 * The system log as the datagrams of syslog(3) (RFC 3164), but never waiting: syslog(3) blocks once the queue of a stuck
 * logger is full (net.unix.max_dgram_qlen, 10 by default).
 *
 * @param path the socket of the logger
 */
export function socketSyslog(libc: Libc, path: string, format: LineFormat = bareLine): Log {
  const facility = libc.target.syslog.LOG_DAEMON;
  return datagramLog(
    libc,
    path,
    (entry) =>
      Buffer.from(
        `<${facility | PRIORITIES[entry.level]}>${stamp(new Date(realLoop.wallNow()))} ifdepd[${process.pid}]: ${format(entry)}`,
      ),
    'the system logger',
  );
}

/** `Nov  2 07:05:09`, local time: the time of RFC 3164. */
function stamp(date: Date): string {
  // `Mon Nov 02 2026 07:05:09 GMT+0000`, in every locale.
  const [, month, day, , time] = date.toString().split(' ');
  return `${month} ${day?.replace(/^0/, ' ')} ${time}`;
}
