import type { Libc } from '@ifdepd/libc';
import { bareLine, type LineFormat, PRIORITIES } from './line-format.ts';
import type { Log } from './log.ts';

/** The system log, through libc's own syslog(3): facility daemon, with the process id. */
export function syslogLog(libc: Libc, format: LineFormat = bareLine): Log {
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
