import type { CheckSettings, Settings } from '../config/settings.ts';
import type { Daemon } from '../daemon/daemon.ts';
import { ExitCode } from '../system/errors.ts';
import type { Running } from './running.ts';
import { untilApplied } from './until-applied.ts';

/**
 * --once, after the first decision: asks the checks, acts on their results, and waits for the hooks.
 *
 * @param stopped ends the wait
 * @returns 1 where a destination could not be set or is missing
 */
export async function endOnce(
  { settings, daemon, hooks }: Running,
  stopped: Promise<unknown>,
): Promise<number> {
  using checks = await askChecks(settings, daemon);
  const applied = async (): Promise<void> => {
    await checks.answered;
    await untilApplied(daemon);
    await hooks?.idle();
  };
  await Promise.race([applied(), stopped]);
  hooks?.[Symbol.dispose]();
  const { destinations } = daemon.status;
  const missing = destinations.some(({ is, want }) => is === 'missing' && want !== 'none');
  return daemon.failures.size === 0 && !missing ? ExitCode.ok : ExitCode.failed;
}

/** The first result of each check counts, whatever its rise and fall: there is no second one. */
async function askChecks(
  settings: Settings,
  daemon: Daemon,
): Promise<Disposable & { readonly answered: Promise<void> }> {
  if (settings.checks.size === 0) {
    return { answered: Promise.resolve(), [Symbol.dispose]() {} };
  }
  const { startChecks } = await import('../programs/checks.ts');
  const once = [...settings.checks].map(([id, check]): [string, CheckSettings] => [
    id,
    check.kind === 'exec' ? { ...check, rise: 1, fall: 1 } : check,
  ]);
  const asked = new Set(settings.checks.keys());
  let done = () => {};
  const answered = new Promise<void>((resolve) => {
    done = resolve;
  });
  const checks = startChecks(
    new Map(once),
    (source) => {
      daemon.feed({ type: 'source', source });
      asked.delete(source.id);
      if (asked.size === 0) {
        done();
      }
    },
    null,
  );
  return Object.assign(checks, { answered });
}
