import { realLoop } from '../system/loop.ts';
import type { LogEntry, LogLevel } from './log.ts';
import { plainJson, printable } from './printable.ts';
import { type Style, style } from './style.ts';

/** The priorities of syslog(3), which journald knows too: the same numbers on every system. */
export const PRIORITIES: Readonly<Record<LogLevel, number>> = { err: 3, warning: 4, notice: 5, info: 6 };

/** How one entry becomes one line, without its end. */
export type LineFormat = (entry: LogEntry) => string;

/** The form of BSD daemons: `ifdepd[123]: carp0: set down`. */
export function textLine(): LineFormat {
  const prefix = `ifdepd[${process.pid}]: `;
  return (entry) => prefix + printable(entry.message);
}

/** The same for a terminal: with the time of day, and the lines that matter most in colour. */
export function terminalLine(paint: Style = style(true)): LineFormat {
  const prefix = `ifdepd[${process.pid}]:`;
  const colors: Readonly<Record<LogLevel, (text: string) => string>> = {
    err: paint.bad,
    warning: paint.warn,
    notice: paint.head,
    info: (text) => text,
  };
  return ({ level, message }) =>
    `${paint.faint(`${timeOfDay(new Date(realLoop.wallNow()))} ${prefix}`)} ${colors[level](printable(message))}`;
}

/** `12:00:01.250`, local time. */
function timeOfDay(date: Date): string {
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Only the message, for a log that adds the program and the process. */
export const bareLine: LineFormat = (entry) => printable(entry.message);

/** One JSON object on each line: `{"time":…,"level":…,"event":…,…fields,"msg":…}`. */
export const jsonLine: LineFormat = ({ event, level, message, fields }) =>
  plainJson({ time: new Date(realLoop.wallNow()).toISOString(), level, event, ...fields, msg: message });

/** The priority in front, as sd-daemon(3) has it: `<5>carp0: set down`. */
export function withPriority(format: LineFormat): LineFormat {
  return (entry) => `<${PRIORITIES[entry.level]}>${format(entry)}`;
}
