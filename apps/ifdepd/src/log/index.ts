export type { LineFormat } from './line-format.ts';
export {
  both,
  filtered,
  type Log,
  type LogEntry,
  type LogEvent,
  type LogLevel,
  notice,
  type Verbosity,
} from './log.ts';
export { type LogOptions, openLog } from './open-log.ts';
export { listed, plainJson, printable, printableLines } from './printable.ts';
export { streamLog } from './stream-log.ts';
export { type Style, style } from './style.ts';
export { syslogLog } from './syslog.ts';
