/** How much a message matters: the names of syslog(3). */
export type LogLevel = 'err' | 'warning' | 'notice' | 'info';

/** What happened, as the fields of the log tell it: the names are part of the interface. */
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
  /** Of no interest to a log: only the journal keeps it. */
  readonly quiet?: boolean;
}

/** Where the daemon tells what it does. Never throws, never waits: a log that is stuck must not delay a failover. */
export interface Log {
  write(entry: LogEntry): void;
  /** Tries to deliver what is waiting, for as long as a stop may take. */
  close(): Promise<void>;
}

/** How much is told: nothing; what is done and what goes wrong; every change of every source. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

/** A log that passes on what the verbosity asks for. */
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

/**
 * What may wait for the reader of a log, in bytes or characters: more than is told of 10,000 groups at once, so that a reader
 * that keeps up gets all of it. What comes when that is full is counted instead of kept.
 */
export const MOST_WAITING = 4 * 1024 * 1024;

/** The line in place of those that were not kept. @param whose `the reader` */
export function lostWords(lines: number, whose: string): string {
  const [what, were] = lines === 1 ? ['log line', 'was'] : ['log lines', 'were'];
  return `${lines} ${what} ${were} lost: ${whose} did not keep up`;
}
