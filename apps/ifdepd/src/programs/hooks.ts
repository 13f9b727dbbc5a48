import type { Transition } from '@ifdepd/policy';
import type { HookSettings } from '../config/settings.ts';
import type { Log, LogEntry } from '../log/index.ts';
import { realLoop } from '../system/loop.ts';
import { prepareToRun } from './orphans.ts';
import { runCommand } from './run-command.ts';

/** The most transitions that wait for their hooks. The queue drops new ones beyond that, and the log reports it. */
const MOST_WAITING = 1000;

/** The number of hooks that the log names of those that are left out at the end. */
const MOST_NAMED = 5;

interface Waiting {
  readonly hook: HookSettings;
  readonly transition: Transition;
  readonly time: Date;
}

/** Calls programs when groups change. */
export type Hooks = ReturnType<typeof hooks>;

/** @param settings looked at for each transition: a reload replaces them */
export function hooks(
  settings: () => readonly HookSettings[],
  destinationsOf: (group: string) => readonly string[],
  log: Log,
) {
  prepareToRun();
  const waiting: Waiting[] = [];
  let running: ReturnType<typeof runCommand> | undefined;
  let busy = false;
  const whenIdle: (() => void)[] = [];

  function failed(message: string, fields: LogEntry['fields'] & object): void {
    log.write({ event: 'hook-failed', level: 'warning', message, fields });
  }

  function next(): void {
    const entry = waiting.shift();
    if (entry === undefined) {
      running = undefined;
      busy = false;
      for (const resolve of whenIdle.splice(0)) {
        resolve();
      }
      return;
    }
    const { hook, transition, time } = entry;
    const { group, from, to, blame } = transition;
    const env = {
      IFDEPD_GROUP: group,
      IFDEPD_FROM: from,
      IFDEPD_TO: to,
      IFDEPD_BLAME: blame.map(({ id }) => id).join(' '),
      IFDEPD_DESTINATIONS: destinationsOf(group).join(' '),
      IFDEPD_TIME: time.toISOString(),
    };
    const what = { words: hook.command, env, timeoutMs: hook.timeoutMs, leavesNothing: false };
    running = runCommand(what, ({ ok, reason }) => {
      if (!ok) {
        const message = `hook ${words(entry)}: ${reason}`;
        failed(message, { group, to, reason });
      }
      next();
    });
  }

  return {
    /** Takes note of transitions; the programs run later, one after the other. */
    note(transitions: readonly Transition[]): void {
      for (const transition of transitions) {
        for (const hook of settings()) {
          if (!hook.on.some((on) => on === 'any' || on === transition.to)) {
            continue;
          }
          if (waiting.length >= MOST_WAITING) {
            const message = `hook ${hook.command[0]} is not run for ${transition.group}: ${MOST_WAITING} are waiting`;
            failed(message, { group: transition.group });
            continue;
          }
          waiting.push({ hook, transition, time: new Date(realLoop.wallNow()) });
          if (!busy) {
            busy = true;
            realLoop.defer(next);
          }
        }
      }
    },
    /** Resolves when none runs or waits. */
    idle: () => (busy ? new Promise<void>((resolve) => whenIdle.push(resolve)) : Promise.resolve()),
    /** Starts no more of them, and tells which are left out. One that runs goes on by itself. */
    [Symbol.dispose](): void {
      const left = waiting.splice(0);
      if (left.length > 0) {
        failed(leftOut(left), { waiting: left.length });
      }
      // Half a notification is worse than a late one.
      running?.unref();
    },
  };
}

/** `/usr/local/sbin/notify (gateway: up -> down)` */
function words({ hook, transition: { group, from, to } }: Waiting): string {
  return `${hook.command[0]} (${group}: ${from} -> ${to})`;
}

/** A stop does not wait for programs; the log names the transitions whose hooks were not run. */
function leftOut(waiting: readonly Waiting[]): string {
  const named = waiting.slice(0, MOST_NAMED).map(words).join(', ');
  const rest = waiting.length > MOST_NAMED ? ` and ${waiting.length - MOST_NAMED} more` : '';
  const count = waiting.length === 1 ? 'a hook that waited is' : `${waiting.length} hooks that waited are`;
  return `${count} not run: ${named}${rest}`;
}
