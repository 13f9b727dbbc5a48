import { type Libc, objectWith } from '@ifdepd/libc';
import { loggerFault } from './datagram-log.ts';
import { bareLine, type LineFormat, PRIORITIES } from './line-format.ts';
import type { Log } from './log.ts';
import { socketSyslog } from './socket-syslog.ts';

/** The system log: facility daemon, with the process id. Uses syslog(3) where only libc knows the address of the logger. */
export function syslogLog(libc: Libc, format: LineFormat = bareLine): Log {
  objectWith('syslogLog: libc', libc, 'target');
  const { syslogSocket } = libc.target;
  return syslogSocket === null ? libcSyslog(libc, format) : socketSyslog(libc, syslogSocket, format);
}

/** syslog(3) itself, which may wait for a stuck logger. */
function libcSyslog(libc: Libc, format: LineFormat = bareLine): Log {
  const { LOG_PID, LOG_NDELAY, LOG_DAEMON } = libc.target.syslog;
  libc.openlog('ifdepd', LOG_PID | LOG_NDELAY, LOG_DAEMON);
  return {
    write(entry): void {
      libc.syslog(PRIORITIES[entry.level], format(entry));
    },
    close(): Promise<void> {
      libc.closelog();
      return Promise.resolve();
    },
  };
}

/**
 * Why no system logger listens now; null where one does, or where only libc knows its address.
 */
export function syslogFault(libc: Libc): string | null {
  const path = libc.target.syslogSocket;
  if (path === null) {
    return null;
  }
  const code = loggerFault(libc, path);
  return code === null ? null : `no system logger listens at ${path} (${code})`;
}
