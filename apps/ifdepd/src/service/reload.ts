import type { DestinationSettings, Settings } from '../config/settings.ts';
import { changeWords, settingsChanges } from '../config/settings-changes.ts';
import { type Log, notice } from '../log/index.ts';
import { describeDown, type Released, release } from '../state/release.ts';
import { refusalOf } from '../system/directories.ts';
import type { ExitError } from '../system/errors.ts';
import { nextTurn } from '../system/loop.ts';
import { undoFormer } from './former-actions.ts';
import { dropLocks, giveBack, type NextSettings, nextSettings } from './next-settings.ts';
import { releaseLater } from './release-later.ts';
import { followChecks, followProbes, needsRestart, type Running, restartNotice } from './running.ts';

/** Turns of the event loop that a list of links may take before everything is read for new rules. In a storm it never ends. */
const MOST_TURNS = 100;

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
  const before = running.written;
  let down: readonly string[];
  try {
    const next = await nextSettings(running, settings.file);
    await nextTurn(running.loop);
    if (running.ended.aborted) {
      return null;
    }
    down = await goOnWith(running, next);
  } catch (thrown) {
    return refused(running, thrown);
  }
  const changes = changeWords(settingsChanges(before, running.written));
  await nextTurn(running.loop);
  if (running.ended.aborted) {
    return null;
  }
  daemon.resync();
  await nextTurn(running.loop);
  reportReload(log, running.settings, changes, down);
  const later = restartNotice(needsRestart(running));
  if (later !== '') {
    notice(log, 'warning', later);
  }
  return null;
}

/**
 * Puts other settings in force. Where something throws, those before are in force again: they set again what was released,
 * and what they do not name is released.
 *
 * @returns the released destinations that remain down
 * @throws what was thrown
 */
async function goOnWith(running: Running, next: NextSettings): Promise<readonly string[]> {
  const { written, locks, identity } = running;
  try {
    return await putInForce(running, next);
  } catch (error) {
    await putInForce(running, { written, identities: identity.look(written, locks) });
    await giveBack(running, next.identities.settings);
    throw error;
  }
}

async function putInForce(
  running: Running,
  { written, identities }: NextSettings,
): Promise<readonly string[]> {
  const { daemon, settings } = running;
  const next = identities.settings;
  const gone = [...settings.destinations.values()].filter(({ id }) => !next.destinations.has(id));
  const drivers = new Map(gone.map(({ id }) => [id, daemon.driverOf(id)]));
  const driverOf = (id: string) => drivers.get(id);
  const failed: DestinationSettings[] = [];
  let released: Released | null = null as Released | null;
  running.written = written;
  running.identity.adopt(identities);
  daemon.replace(next, () => {
    if (gone.length > 0) {
      released = release(gone, {
        ...running,
        driverOf,
        status: daemon.status,
        failed: (one) => failed.push(one),
      });
    }
    running.settings = next;
  });
  // With many groups, each step takes long. The list of the new interfaces, where it has begun, is fed in a turn of its own.
  for (let turns = 0; turns === 0 || (daemon.links.behind && turns < MOST_TURNS); turns += 1) {
    await nextTurn(running.loop);
  }
  await nextTurn(running.loop);
  if (running.ended.aborted) {
    return released?.down ?? [];
  }
  daemon.readAll();
  undoFormer(running);
  running.state?.changed();
  await nextTurn(running.loop);
  if (running.ended.aborted) {
    return released?.down ?? [];
  }
  const later = released === null || released.later === null ? [] : await released.later;
  await followChecks(running);
  await followProbes(running);
  await dropLocks(
    running,
    gone.filter((one) => !failed.includes(one)).map(({ id }) => id),
  );
  releaseLater(running, failed, driverOf);
  return [...(released?.down ?? []), ...later];
}

/** Reports that a reload has changed nothing. */
function refused({ log, ended }: Running, thrown: unknown): ExitError {
  const error = refusalOf(thrown, () => String(thrown));
  if (!ended.aborted) {
    for (const line of error.message.split('\n')) {
      const message = `not reloaded, going on as before: ${line}`;
      log.write({ event: 'reload', level: 'err', message, fields: { ok: false } });
    }
  }
  return error;
}

function reportReload(log: Log, { policy, file }: Settings, changes: string, down: readonly string[]): void {
  const groups = Object.keys(policy.groups).length;
  const rest =
    down.length > 0
      ? `; ${describeDown(down)}, and no group names ${down.length > 1 ? 'them' : 'it'} any more`
      : '';
  const what = `${groups} ${groups === 1 ? 'group' : 'groups'} of ${file}`;
  const message = `reloaded: ${what}${changes === '' ? '' : `: ${changes}`}${rest}`;
  const level = down.length > 0 ? 'warning' : 'notice';
  log.write({ event: 'reload', level, message, fields: { ok: true, config: file } });
}
