import { until } from '@ifdepd/netlab';
import type { Guest } from '../machine/guest.ts';
import { PREFIX } from '../root/installed.ts';

/** What the daemon in the guest logs, of which only these fields are read. */
export interface LogLine {
  /** By the clock of the guest, as ISO 8601 has it. */
  readonly time?: string;
  readonly event?: string;
  readonly msg?: string;
  readonly source?: string;
  readonly group?: string;
  readonly from?: string | null;
  readonly to?: string;
  readonly reason?: string;
  readonly destinations?: readonly string[];
}

/** The installed daemon, running in the guest. */
export interface Daemon {
  /** Its process id in the guest. */
  readonly pid: number;
  /** Its log so far. */
  log(): readonly LogLine[];
  /** How often it has reported that a source has failed; not where another reason is all that is new. */
  losses(source: string): number;
  /** What its last report of a source says; null where there is none. */
  health(source: string): string | null;
  /** One of its metrics, the sum over all labels. */
  metric(name: string): Promise<number>;
  /** Ends it. @throws {Error} where it does not end as it should */
  stop(): Promise<void>;
}

/** The command of the installed package. */
const IFDEPD = `${PREFIX}/bin/ifdepd`;

/** The port of its metrics on the guest's own loopback. */
const METRICS_PORT = 9911;

/** Long enough for Node to start in an emulated machine. */
const START_QUIET_MS = 60_000;

/** Starts the daemon in the guest and waits for its first decision. */
export async function startDaemon(guest: Guest, words: readonly string[]): Promise<Daemon> {
  const how = ['-v', '--log-format', 'json', '--metrics', String(METRICS_PORT)];
  const { status: pid } = await guest.ask({ do: 'start', argv: [IFDEPD, ...how, ...words] });

  function log(): readonly LogLine[] {
    return guest.observations.flatMap((one) =>
      one.see === 'line' && one.pid === pid ? [parsed(one.text)] : [],
    );
  }
  function ending(): string | undefined {
    return guest.observations.flatMap((one) => (one.see === 'ended' && one.pid === pid ? [one.how] : []))[0];
  }
  const said = (): string =>
    log()
      .map(({ msg }) => msg)
      .join('\n');

  await until(
    () => `ifdepd ${words.join(' ')} to be ready; it said:\n${said()}`,
    () => {
      const how = ending();
      if (how !== undefined) {
        throw new Error(`ifdepd ${words.join(' ')} ended with ${how}; it said:\n${said()}`);
      }
      return log().some(({ event }) => event === 'ready');
    },
    START_QUIET_MS,
  );
  return {
    pid,
    log,
    losses: (source) =>
      log().filter(
        (line) =>
          line.event === 'source' && line.source === source && line.from !== 'failed' && line.to === 'failed',
      ).length,
    health: (source) =>
      log().findLast((line) => line.event === 'source' && line.source === source)?.to ?? null,
    async metric(name) {
      const argv = ['wget', '-q', '-O', '-', `http://127.0.0.1:${METRICS_PORT}/metrics`];
      const { output } = await guest.ask({ do: 'run', argv });
      const values = [...output.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
      return values.reduce((sum, [, value]) => sum + Number(value), 0);
    },
    async stop() {
      await guest.ask({ do: 'signal', pid, signal: 'SIGTERM' });
      const how = await until(() => `ifdepd to stop; it said:\n${said()}`, ending, START_QUIET_MS);
      if (how !== 'exit 0') {
        throw new Error(`ifdepd ended with ${how} upon SIGTERM; it said:\n${said()}`);
      }
    },
  };
}

/** A line of the log; what is no JSON is a message of Node. */
export function parsed(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: text };
  }
}
