import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { home, type ProcessFacts, processFacts } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';

/** A change that the daemon has logged. */
export interface LoggedChange {
  /** By the clock of the wall, as the daemon wrote it. */
  readonly atMs: number;
  /** `source` or `transition`. */
  readonly event: string;
  /** The source, or the group. */
  readonly subject: string;
  readonly to: string;
  readonly message: string;
}

/** The built daemon with one configuration, and what it logs. */
export interface LabDaemon extends AsyncDisposable {
  readonly changes: readonly LoggedChange[];
  /** What a group is by the last change; null before the first. */
  phase(group: string): string | null;
  facts(): ProcessFacts;
}

interface Line {
  readonly time: string;
  readonly event: string;
  readonly source?: string;
  readonly group?: string;
  readonly to?: string;
  readonly msg: string;
}

/**
 * Starts the daemon and waits for its first decision.
 *
 * @param under a program and its words to run it under. Default: none
 * @throws {Error} with what it said if it ends instead
 */
export async function startLabDaemon(
  program: string,
  configuration: object,
  under: readonly string[] = [],
): Promise<LabDaemon> {
  const place = home();
  const file = join(place.folder, 'ifdepd.json');
  writeFileSync(file, JSON.stringify(configuration), { mode: 0o600 });
  const words = [process.execPath, program, '-v', '--wait', '--log-format', 'json', '-f', file];
  const [command = '', ...rest] = [...under, ...words];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, RUNTIME_DIRECTORY: place.folder, STATE_DIRECTORY: place.folder },
  });
  const changes: LoggedChange[] = [];
  const odd: string[] = [];
  let ready = false;
  let over = false;
  child.once('close', () => {
    over = true;
  });
  createInterface(child.stderr).on('line', (text) => {
    if (!text.startsWith('{')) {
      odd.push(text);
      return;
    }
    const { time, event, source, group, to, msg } = JSON.parse(text) as Line;
    ready ||= event === 'ready';
    if (to !== undefined && (event === 'source' || event === 'transition')) {
      changes.push({ atMs: Date.parse(time), event, subject: source ?? group ?? '', to, message: msg });
    }
  });
  await until(
    () => `the daemon to be ready; it said:\n${odd.join('\n')}`,
    () => {
      if (over) {
        throw new Error(`the daemon has ended; it said:\n${odd.join('\n')}`);
      }
      return ready;
    },
  );
  return {
    changes,
    phase: (group) =>
      changes.findLast(({ event, subject }) => event === 'transition' && subject === group)?.to ?? null,
    facts: () => processFacts(child.pid as number),
    async [Symbol.asyncDispose]() {
      if (!over) {
        child.kill();
        await once(child, 'close');
      }
      place[Symbol.dispose]();
    },
  };
}
