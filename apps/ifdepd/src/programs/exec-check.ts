import { basename } from 'node:path';
import type { SourceReading } from '@ifdepd/policy';
import type { CheckSettings } from '../config/settings.ts';
import { realLoop, type Timer } from '../system/loop.ts';
import type { RunCommand } from './run-command.ts';

/** Milliseconds until a program that is being written (ETXTBSY) is tried again, once: `cp` over a check takes less. */
const BUSY_MS = 200;

type ExecSettings = Extract<CheckSettings, { kind: 'exec' }>;

/**
 * Runs a program every so often; active while it exits with 0. `rise` answers of one kind in a row make it active,
 * `fall` of the other make it fail. A run that takes longer than the period delays the next one: there is never more
 * than one.
 *
 * @param answer called whenever the health or its reason is another than before, numbers in the reason aside
 */
export function execCheck(
  id: string,
  settings: ExecSettings,
  answer: (reading: SourceReading) => void,
  runCommand: RunCommand,
): Disposable {
  const { name, command, everyMs, timeoutMs, rise, fall } = settings;
  const program = basename(command[0] ?? '');
  let health: SourceReading['health'] = 'unknown';
  let told = '';
  let row = 0;
  let was: boolean | null = null;
  let running: Disposable | undefined;
  let timer: Timer | undefined;

  function run(again = false): void {
    const began = realLoop.now();
    const what = { words: command, env: { IFDEPD_CHECK: name }, timeoutMs, leavesNothing: true };
    running = runCommand(what, ({ ok, reason, busy }) => {
      running = undefined;
      if (busy === true && !again) {
        timer = realLoop.setTimer(() => run(true), BUSY_MS);
        return;
      }
      row = ok === was ? row + 1 : 1;
      was = ok;
      if (row >= (ok ? rise : fall)) {
        health = ok ? 'active' : 'failed';
        tell(ok ? 'ok' : `${program} ${reason}`);
      }
      timer = realLoop.setTimer(run, Math.max(0, began + everyMs - realLoop.now()));
    });
  }

  function tell(reason: string): void {
    // A count or a time in an error is another one each time, and nothing new.
    const news = `${health} ${reason.replace(/\d+/g, '0')}`;
    if (told !== news) {
      told = news;
      answer({ id, health, reason });
    }
  }

  run();
  return {
    [Symbol.dispose]() {
      realLoop.clearTimer(timer);
      running?.[Symbol.dispose]();
    },
  };
}
