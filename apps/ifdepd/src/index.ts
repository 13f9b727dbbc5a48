export { ConfigError } from './config/config-error.ts';
export { parseSettings } from './config/parse-settings.ts';
export type { DaemonRules } from './daemon/daemon-rules.ts';
export { type OpenDaemon, openDaemon } from './daemon/open-daemon.ts';
export type { PrepareOptions } from './daemon/prepare-daemon.ts';
export { type Daemon, type DaemonOptions, startDaemon } from './daemon/start-daemon.ts';
export type { Directories } from './directories.ts';
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
export type { DestinationSettings, Settings } from './settings.ts';
export type { SystemTables } from './system-tables.ts';
