import { basename } from 'node:path';
import type { ConfigPath } from './document.ts';
import { durationOf } from './duration.ts';
import { isMapping, OddNumber } from './odd-number.ts';
import { type DestinationSettings, demotionId, type OnExit, vfId } from './settings.ts';
import type { FileDestination } from './shape.ts';

/** Milliseconds that a program of a destination may take. */
const EXEC_TIMEOUT_MS = 5000;

/**
 * How a destination of a file is set. A value of the wrong shape is passed on as it is.
 *
 * @param group that names it
 * @param path of the destination in the file
 */
export function destinationOf(
  written: FileDestination,
  group: string,
  onExit: OnExit | null,
  path: ConfigPath,
): DestinationSettings {
  // One that could not be read has a name of its own, so that nothing else is wrong with it.
  const id = (name: unknown): string => (typeof name === 'string' ? name : `unread:${path.join('.')}`);
  const one = isMapping(written) ? written : { interface: written };
  if ('file' in one) {
    const { file } = one;
    const path = typeof file === 'string' ? withoutEmptySteps(file) : file;
    if ('value' in one) {
      return { id: id(path), action: 'weight', path, group, onExit: onExit ?? 'leave' };
    }
    const { up, down } = one;
    return { id: id(path), action: 'file', path, up, down, onExit: onExit ?? 'leave' };
  }
  if ('vf' in one) {
    const [parent = '', number] = String(one.vf).split('/');
    const vf = Number(number);
    return { id: vfId(parent, vf), action: 'vf', parent, vf, onExit: onExit ?? 'leave' };
  }
  if ('demote' in one) {
    const { demote: group, by = null } = one;
    // No other program would take it out of the counter.
    return { id: demotionId(group), action: 'demote', group, by, onExit: onExit ?? 'restore' };
  }
  if ('exec' in one) {
    const { exec, name, timeout } = one;
    const [up, down, read] = [Object(exec).up, Object(exec).down, Object(exec).read].map(commandOf);
    const timeoutMs = durationOf(timeout) ?? EXEC_TIMEOUT_MS;
    const program = up?.[0] === undefined ? undefined : basename(up[0]);
    return {
      id: name === undefined && program === undefined ? id(null) : `exec:${name ?? program}`,
      action: 'exec',
      up: up ?? [],
      down: down ?? [],
      read: read ?? null,
      timeoutMs,
      onExit: onExit ?? 'leave',
    };
  }
  const name = id(one.interface);
  return { id: name, action: one.action ?? 'admin', interface: name, onExit: onExit ?? 'leave' };
}

/** The words of a program. A number is passed on as it is written; undefined where it is no list. */
export function commandOf(words: unknown): readonly string[] | undefined {
  return Array.isArray(words)
    ? words.map((word) => (word instanceof OddNumber ? word.written : String(word)))
    : undefined;
}

/** `/run/x` for `/run//./x`. `..` stays: where it leads, symbolic links decide. */
function withoutEmptySteps(path: string): string {
  return path.startsWith('/')
    ? `/${path
        .split('/')
        .filter((step) => step !== '' && step !== '.')
        .join('/')}`
    : path;
}
