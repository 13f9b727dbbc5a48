import type { DestinationSettings, Settings } from '../config/settings.ts';
import { checkHost, interfacesOf } from '../diagnose/check-host.ts';
import { refuseUnsupported } from '../diagnose/unsupported.ts';
import { refuseUnwritable } from '../diagnose/unwritable.ts';
import { notice } from '../log/index.ts';
import { describeDown, release } from '../state/release.ts';
import { nextTurn } from '../system/clock.ts';
import { refusalOf } from '../system/directories.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import { loadLater } from '../system/load-later.ts';
import { undoFormer } from './former-actions.ts';
import { releaseLater } from './release-later.ts';
import {
  followChecks,
  followProbes,
  loadChecks,
  loadHooks,
  loadProbes,
  needsRestart,
  type Running,
  restartNotice,
} from './running.ts';

/** For each daemon, the reload under way and the one that waits for it. */
const reloads = new WeakMap<Running, { now: Promise<unknown>; next: Promise<ExitError | null> | null }>();

/**
 * Reloads, one after the other, as {@link reloadNow}. A request while another one waits gets the result of that one, which
 * reads the file later than now.
 *
 * @returns the error, where the running configuration stays in force; else null
 */
export function reload(running: Running): Promise<ExitError | null> {
  const state = reloads.get(running) ?? { now: Promise.resolve(), next: null };
  reloads.set(running, state);
  state.next ??= state.now.then(() => {
    const now = reloadNow(running);
    state.now = now.catch(() => {});
    state.next = null;
    return now;
  });
  return state.next;
}

/**
 * Reads the whole configuration again before anything changes. Unchanged groups keep their phase, timers and penalties;
 * destinations that are no longer named are released as their `on-exit` said. A daemon without a file reads the state of
 * every interface again.
 */
async function reloadNow(running: Running): Promise<ExitError | null> {
  const { daemon, log, settings } = running;
  if (settings.file === null) {
    log.write({ event: 'reload', level: 'info', message: 'reading every interface again' });
    daemon.resync();
    return null;
  }
  let written: Settings;
  let next: Settings;
  try {
    written = await running.load(settings.file, running.ended);
    // Each step takes longer with more groups: pending events are handled between them.
    await nextTurn();
    const interfaceOf = await running.identity.resolveAll(written);
    refuseUnsupported(written, running.libc, running.tables, interfaceOf);
    await nextTurn();
    next = running.identity.look(written, null, interfaceOf).settings;
    await nextTurn();
    if (!running.wait) {
      refuseNewMissing(running, next);
      await nextTurn();
      refuseUnwritable([...next.destinations.values()].filter(({ id }) => !settings.destinations.has(id)));
      await refuseNewPrograms(settings, next);
    }
    // Everything that can fail comes before anything changes.
    running.hooks ??= await loadLater(() => loadHooks(next, () => running.settings, log));
    await loadLater(() => loadChecks(next));
    await loadLater(async () => (await loadProbes(next))?.loadKinds(next.probes));
    // A destination that another daemon holds is a mistake of the file, too.
    running.locks?.take(next.destinations.keys());
    await nextTurn();
  } catch (thrown) {
    const error = refusalOf(thrown, () => String(thrown));
    if (running.ended.aborted) {
      return error;
    }
    for (const line of error.message.split('\n')) {
      const message = `not reloaded, going on as before: ${line}`;
      log.write({ event: 'reload', level: 'err', message, fields: { ok: false } });
    }
    return error;
  }
  const identities = running.identity.look(written, running.locks);
  await nextTurn();
  if (running.ended.aborted) {
    return null;
  }
  const gone = [...settings.destinations.values()].filter(({ id }) => !next.destinations.has(id));
  const drivers = new Map(gone.map(({ id }) => [id, daemon.driverOf(id)]));
  const driverOf = (id: string) => drivers.get(id);
  const failed: DestinationSettings[] = [];
  let down: readonly string[] = [];
  running.written = written;
  running.identity.adopt(identities);
  daemon.reload(next, () => {
    down = release(gone, {
      ...running,
      driverOf,
      status: daemon.status,
      failed: (one) => failed.push(one),
    });
    running.settings = next;
  });
  undoFormer(running);
  running.locks?.drop(gone.filter((one) => !failed.includes(one)).map(({ id }) => id));
  releaseLater(running, failed, driverOf);
  running.state?.changed();
  await followChecks(running);
  await followProbes(running);
  await nextTurn();
  if (running.ended.aborted) {
    return null;
  }
  daemon.resync();
  const groups = Object.keys(next.policy.groups).length;
  const rest =
    down.length > 0
      ? `; ${describeDown(down)}, and no group names ${down.length > 1 ? 'them' : 'it'} any more`
      : '';
  const message = `reloaded: ${groups} ${groups === 1 ? 'group' : 'groups'} of ${next.file}${rest}`;
  const level = down.length > 0 ? 'warning' : 'notice';
  log.write({ event: 'reload', level, message, fields: { ok: true, config: next.file } });
  const later = restartNotice(needsRestart(running));
  if (later !== '') {
    notice(log, 'warning', later);
  }
  return null;
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
function refuseNewMissing({ settings, libc, tables }: Running, next: Settings): void {
  const [before, after] = [interfacesOf(settings), interfacesOf(next)];
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
