export { both } from './both.ts';
export type { LineFormat } from './line-format.ts';
export {
  filtered,
  type Log,
  type LogEntry,
  type LogEvent,
  type LogLevel,
  type Verbosity,
} from './log.ts';
export { type LogOptions, openLog } from './open-log.ts';
export { plainJson, printable, printableLines } from './printable.ts';
export { streamLog } from './stream-log.ts';
export { syslogLog } from './syslog.ts';
