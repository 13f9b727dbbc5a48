import type { Libc } from '@ifdepd/libc';
import { bareLine, type LineFormat, PRIORITIES } from './line-format.ts';
import type { Log } from './log.ts';
import { socketSyslog } from './socket-syslog.ts';

/** The system log: facility daemon, with the process id. Uses syslog(3) where only libc knows the address of the logger. */
export function syslogLog(libc: Libc, format: LineFormat = bareLine): Log {
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
