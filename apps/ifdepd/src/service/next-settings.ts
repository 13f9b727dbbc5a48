import type { Settings } from '../config/settings.ts';
import { checkHost, interfacesOf } from '../diagnose/check-host.ts';
import { refuseUnsupported } from '../diagnose/unsupported.ts';
import { refuseUnwritable } from '../diagnose/unwritable.ts';
import type { Identities } from '../identity/identities.ts';
import { LOCKS_IN_A_TURN, takeInTurns } from '../state/destination-locks.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import { loadLater } from '../system/load-later.ts';
import { nextTurn } from '../system/loop.ts';
import { loadChecks, loadHooks, loadProbes, loadPrograms, type Running } from './running.ts';

/** The settings that a daemon goes on with. */
export interface NextSettings {
  /** As they were written. */
  readonly written: Settings;
  /** Which interfaces their names mean, with one name for each destination. */
  readonly identities: Identities;
}

/**
 * Reads the configuration again, and takes the locks of its destinations. Everything that can fail comes here, before
 * anything changes: after an error no lock is held that was not held before.
 *
 * @throws {ConfigError} where the file has mistakes
 * @throws {ExitError} where this host cannot do what it says, or another daemon holds one of its destinations
 */
export async function nextSettings(running: Running, file: string): Promise<NextSettings> {
  const { settings, identity, locks, log } = running;
  const written = await running.load(file, running.ended);
  // Each step takes longer with more groups: pending events are handled between them.
  await goOn(running);
  const interfaceOf = await identity.resolveAll(written);
  refuseUnsupported(written, running.libc, running.tables, interfaceOf);
  await goOn(running);
  const next = identity.look(written, null, interfaceOf).settings;
  await goOn(running);
  if (!running.wait) {
    refuseNewMissing(running, { ...next, policy: written.policy });
    await goOn(running);
    refuseUnwritable([...next.destinations.values()].filter(({ id }) => !settings.destinations.has(id)));
    await refuseNewPrograms(settings, next);
  }
  await goOn(running);
  running.hooks ??= await loadLater(() => loadHooks(next, () => running.settings, log));
  running.programs ??= await loadLater(() => loadPrograms(next, running.program));
  await loadLater(() => loadChecks(next));
  await loadLater(async () => (await loadProbes(next))?.loadKinds(next.probes));
  try {
    await goOn(running);
    // A destination that another daemon holds is a mistake of the file, too.
    if (locks !== null) {
      await takeInTurns(locks, [...next.destinations.keys()], () => goOn(running));
    }
    const lockedOf = await identity.resolveAll(written);
    await goOn(running);
    const identities = identity.look(written, locks, lockedOf);
    await goOn(running);
    running.daemon.foresee(identities.settings);
    return { written, identities };
  } catch (error) {
    await giveBack(running, next);
    throw error;
  }
}

/** The turn of pending events. @throws the reason of the stop, where one of them stops the daemon */
async function goOn({ ended, loop }: Running): Promise<void> {
  await nextTurn(loop);
  ended.throwIfAborted();
}

/** Gives up the locks of destinations that the present settings do not name. */
export function giveBack(running: Running, next: Settings): Promise<void> {
  const { destinations } = running.settings;
  return dropLocks(
    running,
    [...next.destinations.keys()].filter((id) => !destinations.has(id)),
  );
}

/** Gives up the locks of destinations, some in each turn of the event loop. */
export async function dropLocks({ locks, loop }: Running, ids: readonly string[]): Promise<void> {
  for (let dropped = 0; dropped < ids.length; dropped += LOCKS_IN_A_TURN) {
    await nextTurn(loop);
    locks?.drop(ids.slice(dropped, dropped + LOCKS_IN_A_TURN));
  }
}

/**
 * A check whose program cannot be run fails at once and sets destinations down; the failure of a hook stops nothing.
 *
 * @throws {ExitError} 65 where a program is new and cannot be run
 */
async function refuseNewPrograms(before: Settings, next: Settings): Promise<void> {
  const { programFindings } = await loadLater(() => import('../diagnose/program-findings.ts'));
  const known = new Set(programFindings(before).map(({ subject }) => subject));
  const faults = programFindings(next)
    .filter(({ code, subject }) => code === 'no-program' && !known.has(subject))
    .map(({ subject, message }) => `${next.file}: ${subject}: ${message}`);
  if (faults.length > 0) {
    throw new ExitError(ExitCode.config, faults.join('\n'));
  }
}

/**
 * A new name that means no interface is taken for a typing mistake: as a failed source it would set destinations down. An
 * action that the driver does not support is a mistake as well.
 *
 * @throws {ExitError} 1 or 65 where there is one
 */
function refuseNewMissing({ settings, written, libc, tables }: Running, next: Settings): void {
  const [before, after] = [interfacesOf({ ...settings, policy: written.policy }), interfacesOf(next)];
  const fresh = {
    sources: without(after.sources, before.sources),
    destinations: without(after.destinations, before.destinations),
    protodown: without(after.protodown, before.protodown),
  };
  checkHost({ ...fresh, file: next.file, written: null, wait: false, dryRun: true }, libc, tables);
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return names.filter((name) => !known.has(name));
}
