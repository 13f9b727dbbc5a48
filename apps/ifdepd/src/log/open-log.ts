import { fstatSync, type Stats } from 'node:fs';
import type { Libc } from '@ifdepd/libc';
import type { LogSettings } from '../config/settings.ts';
import { hasJournal, journalLog } from './journal-log.ts';
import { bareLine, jsonLine, type LineFormat, terminalLine, textLine, withPriority } from './line-format.ts';
import { filtered, type Log, type Verbosity } from './log.ts';
import { streamLog } from './stream-log.ts';
import { syslogFault, syslogLog } from './syslog.ts';

const STDERR = 2;

/** The options of a log. */
export interface LogOptions extends LogSettings {
  readonly verbosity: Verbosity;
  /** With -d: nobody sees standard error. */
  readonly background: boolean;
}

/**
 * Opens the requested log. A text log has every line only with -v. A JSON log is for programs that filter by themselves: it has
 * every line, except with -q.
 */
export function openLog(
  { format = 'text', target = 'auto', verbosity, background }: LogOptions,
  libc: Libc,
): Log {
  const json = format === 'json';
  const wanted = target === 'auto' ? automatic(background) : target;
  const bare = json ? jsonLine : bareLine;
  const log =
    wanted === 'syslog'
      ? toSyslog(libc, bare, verbosity)
      : wanted === 'journal'
        ? toJournal(libc, bare)
        : streamLog(STDERR, json ? jsonLine : lineOnStderr());
  return filtered(log, json && verbosity === 'normal' ? 'verbose' : verbosity);
}

/** Where no journald takes fields, one may read standard error. */
function toJournal(libc: Libc, format: LineFormat): Log {
  return hasJournal(libc) ? journalLog(libc, format) : streamLog(STDERR, withPriority(format));
}

/** Warns on standard error where no system logger listens. */
function toSyslog(libc: Libc, format: LineFormat, verbosity: Verbosity): Log {
  const fault = verbosity === 'quiet' ? null : syslogFault(libc);
  if (fault !== null) {
    process.stderr.write(`ifdepd: warning: ${fault}; log lines wait until one does\n`);
  }
  return syslogLog(libc, format);
}

/** A process within a systemd service inherits JOURNAL_STREAM, also where its output goes elsewhere: `DEVICE:INODE`. */
function automatic(background: boolean): 'syslog' | 'journal' | 'stderr' {
  if (background) {
    return 'syslog';
  }
  const found = statOfStderr();
  const place = found === null ? null : `${found.dev}:${found.ino}`;
  return process.env['JOURNAL_STREAM'] === place ? 'journal' : 'stderr';
}

/**
 * node:tty loads sockets: it is used only with a first line, which follows the first decision, and for a descriptor that may be
 * a terminal.
 */
function lineOnStderr(): LineFormat {
  let format: LineFormat | undefined;
  return (entry) => {
    format ??= isTerminal() ? terminalLine() : textLine();
    return format(entry);
  };
}

function isTerminal(): boolean {
  const mayBe = statOfStderr()?.isCharacterDevice() === true;
  return mayBe && process.getBuiltinModule('node:tty').isatty(STDERR);
}

/** Null where it is closed. */
function statOfStderr(): Stats | null {
  try {
    return fstatSync(STDERR);
  } catch {
    return null;
  }
}
