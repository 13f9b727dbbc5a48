export { type Daemon, type DaemonOptions, startDaemon } from './daemon/start-daemon.ts';
export { ExitCode } from './exit-code.ts';
export {
  filtered,
  type Log,
  type LogEntry,
  type LogEvent,
  type LogLevel,
  streamLog,
  syslogLog,
} from './log/index.ts';
