import type { SourceReading } from '@ifdepd/policy';
import { isHost } from '../config/advert-target.ts';
import type { CheckSettings, ProbeSettings } from '../config/settings.ts';
import { ExitCode } from '../system/errors.ts';
import { loadChecks, loadProbes, type Running, runnerOf } from './running.ts';
import { untilApplied } from './until-applied.ts';

/**
 * --once, after the first decision: asks the checks and probes, acts on their results, and waits for the hooks.
 *
 * @param stopped ends the wait
 * @returns 1 where a destination could not be set or is missing
 */
export async function endOnce(running: Running, stopped: Promise<unknown>): Promise<number> {
  const { daemon, hooks } = running;
  using asked = await ask(running);
  const applied = async (): Promise<void> => {
    await asked.answered;
    await untilApplied(running);
    await hooks?.idle();
  };
  await Promise.race([applied(), stopped]);
  hooks?.[Symbol.dispose]();
  const { destinations } = daemon.status;
  const missing = destinations.some(({ is, want }) => is === 'missing' && want !== 'none');
  return daemon.failures.size === 0 && !missing ? ExitCode.ok : ExitCode.failed;
}

/** The first result of each check and probe counts, whatever its rise and fall: there is no second one. */
async function ask(running: Running): Promise<Disposable & { readonly answered: Promise<void> }> {
  const { settings, daemon, libc } = running;
  const { checks, probes } = settings;
  const asked = new Set([...checks.keys(), ...probes.keys()]);
  if (asked.size === 0) {
    return { answered: Promise.resolve(), [Symbol.dispose]() {} };
  }
  let done = () => {};
  const answered = new Promise<void>((resolve) => {
    done = resolve;
  });
  const answer = (source: SourceReading) => {
    daemon.feed({ type: 'source', source });
    asked.delete(source.id);
    if (asked.size === 0) {
      done();
    }
  };
  const started = [
    (await loadChecks(settings))?.startChecks(onceEach(checks, onceChecked), answer, runnerOf(running)),
    await (await loadProbes(settings))?.startProbes(onceEach(probes, onceProbed), answer, libc),
  ];
  return {
    answered,
    [Symbol.dispose]() {
      for (const one of started) {
        one?.[Symbol.dispose]();
      }
    },
  };
}

function onceEach<One>(all: ReadonlyMap<string, One>, once: (one: One) => One): ReadonlyMap<string, One> {
  return new Map([...all].map(([id, one]) => [id, once(one)]));
}

function onceChecked(check: CheckSettings): CheckSettings {
  return check.kind === 'exec' ? { ...check, rise: 1, fall: 1 } : check;
}

function onceProbed({ name, target }: ProbeSettings): ProbeSettings {
  return { name, target: isHost(target) ? { ...target, rise: 1, fall: 1 } : target };
}
