import { readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { directoriesOf, errorCode } from '../directories.ts';

/** For so long, what happened in a namespace can be looked up after it has gone. */
const KEPT_MS = 24 * 3_600_000;

/** Where it is looked up what is alive. */
export interface PruneOptions {
  /** Default: /proc. */
  readonly proc?: string;
  /** Default: that of the runtime directory. */
  readonly locks?: string;
}

/**
 * Removes the journals of network namespaces that are gone: no process is in them, nothing is mounted on them, and
 * nobody has written for a day. A host that makes a namespace for every job would collect them for ever.
 *
 * Does nothing where this process may not see which namespaces there are.
 *
 * @param folder the state directory
 * @param own the namespace of this daemon, whose journals are kept
 * @returns what was removed
 */
export function pruneJournals(
  folder: string,
  own: number,
  { proc = '/proc', locks = join(directoriesOf().runtime, 'locks') }: PruneOptions = {},
): readonly string[] {
  const alive = livingNamespaces(proc);
  if (alive === null) {
    return [];
  }
  // A daemon in a namespace of processes that cannot be seen from here holds its destinations all the same.
  const held = new Set(namesIn(locks).map((name) => Number(/^(\d+)-/.exec(name)?.[1])));
  const now = Date.now();
  return namesIn(folder).filter((name) => {
    const namespace = Number(/^(?:cli|file)-(\d+)-[0-9a-f]{8}\.journal(?:\.old)?$/.exec(name)?.[1]);
    if (Number.isNaN(namespace) || namespace === own || alive.has(namespace) || held.has(namespace)) {
      return false;
    }
    return removeOld(join(folder, name), now);
  });
}

function removeOld(path: string, now: number): boolean {
  try {
    if (now - statSync(path).mtimeMs < KEPT_MS) {
      return false;
    }
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The numbers of those that a process is in, or that are mounted somewhere; null where that cannot be seen. */
function livingNamespaces(proc: string): ReadonlySet<number> | null {
  const alive = new Set<number>();
  for (const pid of namesIn(proc).filter((name) => /^\d+$/.test(name))) {
    try {
      alive.add(numberIn(readlinkSync(join(proc, pid, 'ns/net'))));
    } catch (error) {
      // A process that has ended meanwhile is in none.
      if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ESRCH') {
        return null;
      }
    }
  }
  try {
    for (const line of readFileSync(join(proc, 'self/mountinfo'), 'latin1').split('\n')) {
      // The fourth field is the root of the mount within its file system: ip-netns(8) has net:[4026532177].
      alive.add(numberIn(line.split(' ')[3] ?? ''));
    }
  } catch {
    return null;
  }
  return alive;
}

/** `net:[4026531840]` */
function numberIn(text: string): number {
  return Number(/^net:\[(\d+)\]$/.exec(text)?.[1] ?? 0);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
