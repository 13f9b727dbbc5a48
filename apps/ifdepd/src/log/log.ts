/** How much a message matters: the names of syslog(3). */
export type LogLevel = 'err' | 'warning' | 'notice' | 'info';

/** The kind of a log line: these names are part of the interface. */
export type LogEvent =
  | 'start'
  | 'ready'
  | 'transition'
  | 'source'
  | 'action'
  | 'action-failed'
  | 'foreign-change'
  | 'resync'
  | 'reload'
  | 'stop'
  | 'lost'
  | 'status'
  | 'hook-failed'
  | 'notice'
  | 'pause'
  | 'checkpoint';

/** One line of the log. */
export interface LogEntry {
  readonly event: LogEvent;
  readonly level: LogLevel;
  /** The line for a person: no time, no program name, no newline. */
  readonly message: string;
  /** The same for a program: what `--log-format json` puts beside the message. Plain data. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Only for the journal. */
  readonly quiet?: boolean;
}

/** The log of the daemon. Never throws, never waits: a stuck log must not delay a failover. */
export interface Log {
  write(entry: LogEntry): void;
  /** Tries to deliver pending lines, for as long as a stop may take. */
  close(): Promise<void>;
}

/** Writes a line about something that has no event of its own. @param fields as in an entry */
export function notice(log: Log, level: LogLevel, message: string, fields: LogEntry['fields'] = {}): void {
  log.write({ event: 'notice', level, message, fields });
}

/** How much is logged: nothing; actions and failures; every change of every source. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

/** A log that passes on the lines of a verbosity. */
export function filtered(log: Log, verbosity: Verbosity): Log {
  return {
    write(entry) {
      const wanted = verbosity === 'verbose' || (verbosity === 'normal' && entry.level !== 'info');
      if (wanted && entry.quiet !== true) {
        log.write(entry);
      }
    },
    close: () => log.close(),
  };
}

/** A log that writes to two. */
export function both(one: Log, other: Log): Log {
  return {
    write(entry) {
      one.write(entry);
      other.write(entry);
    },
    async close() {
      await Promise.all([one.close(), other.close()]);
    },
  };
}

/** The line in place of dropped ones. @param whose `the reader` */
export function lostMessage(lines: number, whose: string): string {
  const [what, were] = lines === 1 ? ['log line', 'was'] : ['log lines', 'were'];
  return `${lines} ${what} ${were} lost: ${whose} did not keep up`;
}
