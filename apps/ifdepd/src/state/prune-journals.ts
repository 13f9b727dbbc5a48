import { readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { directoriesOf, errorCode } from '../system/directories.ts';
import { namesIn } from '../system/trusted-path.ts';

/** For so long, what happened in a namespace can be looked up after it has gone. */
const KEPT_MS = 24 * 3_600_000;

/** For so long, where it cannot be seen which namespaces there are: one that is quiet may be alive. */
const UNSEEN_KEPT_MS = 90 * 24 * 3_600_000;

/** So many files of them, of a megabyte at most for two, are kept in that case: the latest ones. */
const MOST_UNSEEN = 200;

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
 * Where this process may not see which namespaces there are, as in a service without CAP_SYS_PTRACE, whatever nobody has
 * written to for 90 days goes, and of the rest what is a day old and not among the latest 200.
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
  const now = Date.now();
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

/** Milliseconds since it was written to; 0 where that cannot be told. */
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
