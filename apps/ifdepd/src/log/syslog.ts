import type { Libc } from '@ifdepd/libc';
import { type Log, type LogEntry, type LogLevel, printable } from './log.ts';

/** The priorities of syslog(3): the same numbers on every system. */
const priorities: Readonly<Record<LogLevel, number>> = { err: 3, warning: 4, notice: 5, info: 6 };

/** The system log, through libc's own syslog(3): facility daemon, with the process id. */
export function syslogLog(libc: Libc): Log {
  const { LOG_PID, LOG_NDELAY, LOG_DAEMON } = libc.target.syslog;
  libc.openlog('ifdepd', LOG_PID | LOG_NDELAY, LOG_DAEMON);
  return {
    write(entry: LogEntry): void {
      libc.syslog(priorities[entry.level], printable(entry.message));
    },
    close(): Promise<void> {
      libc.closelog();
      return Promise.resolve();
    },
  };
}
