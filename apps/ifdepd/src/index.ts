export { ConfigError, type ConfigIssue } from './config/config-error.ts';
export type { IncludedFile, ReadIncluded } from './config/included.ts';
export type { IpFamily, ListTarget, LocalTarget } from './config/local-target.ts';
export { parseSettings } from './config/parse-settings.ts';
export type { Pattern, Patterns } from './config/patterns.ts';
export type { SensorTarget } from './config/sensor-target.ts';
export type {
  Action,
  CheckSettings,
  DestinationSettings,
  EarlyLossMode,
  HookSettings,
  ListenAddress,
  LogSettings,
  OnExit,
  ProbeSettings,
  Settings,
} from './config/settings.ts';
export type { Daemon, DaemonOptions } from './daemon/daemon.ts';
export { startDaemon } from './daemon/start-daemon.ts';
export type { Intend, Outcome } from './engine/actuator.ts';
export type { DaemonRules } from './engine/daemon-rules.ts';
export type {
  AnyDriver,
  BeforeWrite,
  DestinationDriver,
  Setting,
  Undo,
  Weighed,
} from './engine/destinations/driver.ts';
export type { ProgramCommand, ProgramEnd, Programs } from './engine/destinations/exec.ts';
export type { PresenceOf } from './engine/destinations/index.ts';
export type { Explainer } from './engine/explain-parts.ts';
export type { FailoverCover } from './engine/failover-cover.ts';
export type { Decision } from './engine/policy-loop.ts';
export type { PreparedIntents, PrepareIntents } from './engine/prepared-intents.ts';
export type { GoOn } from './engine/resume.ts';
export type { InterfaceOf } from './identity/interfaces-now.ts';
export type { EarlyLossCounts } from './linux/early-loss/carrier-probe.ts';
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
export type { KernelFailoverCounts } from './report/metrics.ts';
export { type OpenDaemon, openDaemon } from './service/open-daemon.ts';
export type { PrepareOptions } from './service/prepare-daemon.ts';
export type { LoadSettings } from './service/running.ts';
export type { Directories } from './system/directories.ts';
export { ExitCode } from './system/errors.ts';
export type { SystemTables } from './system/kernel.ts';
export { type Deferral, type Loop, realLoop, type Timer } from './system/loop.ts';
