import { fstatSync } from 'node:fs';
import type { Libc } from '@ifdepd/libc';
import type { LogSettings } from '../config/settings.ts';
import { bareLine, jsonLine, type LineFormat, terminalLine, textLine, withPriority } from './line-format.ts';
import { filtered, type Log, type Verbosity } from './log.ts';
import { streamLog } from './stream-log.ts';
import { syslogLog } from './syslog.ts';
import { syslogFault } from './syslog-fault.ts';

const STDERR = 2;

/** What decides how a log is written. */
export interface LogOptions extends LogSettings {
  readonly verbosity: Verbosity;
  /** With -d: nobody sees standard error. */
  readonly background: boolean;
}

/**
 * The log that was asked for.
 *
 * A log of text holds what a person wants to know, and everything with -v. One in JSON is for programs, which choose
 * for themselves: it always holds everything, but for -q.
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
      : streamLog(STDERR, wanted === 'journal' ? withPriority(bare) : json ? jsonLine : lineOnStderr());
  return filtered(log, json && verbosity === 'normal' ? 'verbose' : verbosity);
}

/** Whoever starts it is told where nothing is written for now. */
function toSyslog(libc: Libc, format: LineFormat, verbosity: Verbosity): Log {
  const fault = verbosity === 'quiet' ? null : syslogFault(libc);
  if (fault !== null) {
    process.stderr.write(`ifdepd: warning: ${fault}; log lines wait until one does\n`);
  }
  return syslogLog(libc, format);
}

/** What is started within a service of systemd inherits JOURNAL_STREAM, also where its output goes elsewhere. */
function automatic(background: boolean): 'syslog' | 'journal' | 'stderr' {
  if (background) {
    return 'syslog';
  }
  return process.env['JOURNAL_STREAM'] === placeOf(STDERR) ? 'journal' : 'stderr';
}

/** node:tty brings sockets along: it is asked only about what may be a terminal. */
function lineOnStderr(): LineFormat {
  const isTerminal = isCharacterDevice(STDERR) && process.getBuiltinModule('node:tty').isatty(STDERR);
  return isTerminal ? terminalLine() : textLine();
}

function isCharacterDevice(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}

/** `DEVICE:INODE`, as systemd.exec(5) has it. */
function placeOf(fd: number): string | null {
  try {
    const { dev, ino } = fstatSync(fd);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
