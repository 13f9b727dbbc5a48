import { readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { directoriesOf, errorCode } from '../system/directories.ts';
import { realLoop } from '../system/loop.ts';
import { namesIn } from '../system/trusted-path.ts';

/** Milliseconds for which the journal of a namespace is kept after the namespace has gone. */
const KEPT_MS = 24 * 3_600_000;

/** The same where this process cannot see which namespaces exist: a quiet one may be alive. */
const UNSEEN_KEPT_MS = 90 * 24 * 3_600_000;

/** How many of the latest files stay in that case, whatever their age. Two files take at most a megabyte. */
const MOST_UNSEEN = 200;

/** Where to look for living namespaces. */
export interface PruneOptions {
  /** Default: /proc. */
  readonly proc?: string;
  /** Default: that of the runtime directory. */
  readonly locks?: string;
}

/**
 * Removes the journals of network namespaces that are gone: no process is in them, no mount holds them, and their files
 * are a day old. A host that makes a namespace for every job would collect journals for ever.
 *
 * A service without CAP_SYS_PTRACE cannot see which namespaces exist. Then files of 90 days go, and files of a day that are
 * not among the latest 200.
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
  // A daemon in a namespace of processes that cannot be seen from here holds its destinations all the same.
  const held = new Set(namesIn(locks).map((name) => Number(/^(\d+)-/.exec(name)?.[1])));
  const now = realLoop.wallNow();
  return namesIn(folder)
    .filter((name) => {
      const namespace = Number(
        /^(?:cli|file)-(\d+)-[0-9a-f]{8}\.(?:journal(?:\.old)?|ledger(?:\.old)?|state)$/.exec(name)?.[1],
      );
      return !(Number.isNaN(namespace) || namespace === own || alive?.has(namespace) || held.has(namespace));
    })
    .map((name) => ({ name, age: ageOf(join(folder, name), now) }))
    .sort((one, other) => one.age - other.age)
    .filter(({ age }, at) => age >= (alive !== null || at >= MOST_UNSEEN ? KEPT_MS : UNSEEN_KEPT_MS))
    .filter(({ name }) => removed(join(folder, name)))
    .map(({ name }) => name);
}

/** Milliseconds since the last write; 0 where the file cannot be examined. */
function ageOf(path: string, now: number): number {
  try {
    return now - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function removed(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The numbers of the namespaces that a process is in, or that are mounted; null where this process may not see them. */
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
