export { ConfigError, type ConfigIssue } from './config/config-error.ts';
export { parseSettings } from './config/parse-settings.ts';
export type { Intend, Outcome } from './daemon/actuator.ts';
export type { Daemon, DaemonOptions } from './daemon/daemon.ts';
export type { DaemonRules } from './daemon/daemon-rules.ts';
export type { Moment } from './daemon/decider.ts';
export type { Explainer } from './daemon/explain-parts.ts';
export type { GoOn } from './daemon/go-on.ts';
export { type OpenDaemon, openDaemon } from './daemon/open-daemon.ts';
export type { PrepareOptions } from './daemon/prepare-daemon.ts';
export type { Probe, ProbeMode } from './daemon/probe.ts';
export type { LoadSettings } from './daemon/running.ts';
export { startDaemon } from './daemon/start-daemon.ts';
export type { BeforeWrite, DestinationDriver, Setting, Undo } from './destinations/driver.ts';
export type { Directories } from './directories.ts';
export { ExitCode } from './exit-code.ts';
export {
  filtered,
  type LineFormat,
  type Log,
  type LogEntry,
  type LogEvent,
  type LogLevel,
  streamLog,
  syslogLog,
  type Verbosity,
} from './log/index.ts';
export type { Reflex } from './reflex/reflex.ts';
export type {
  Action,
  CheckSettings,
  DestinationSettings,
  HookSettings,
  ListenAddress,
  LogSettings,
  OnExit,
  Settings,
} from './settings.ts';
export type { SystemTables } from './system-tables.ts';
