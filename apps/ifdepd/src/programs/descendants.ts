import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hostTarget } from '@ifdepd/libc';
import { statOf } from '../system/process-identity.ts';

/** The variable in the environment of a program that tells one run from another. */
export const RUN_VARIABLE = 'IFDEPD_RUN';

/** How often processes are looked for again: one may start another while it is being killed. */
const PASSES = 10;

/** Milliseconds to wait for a process that is about to become another program: its environment is empty meanwhile. */
const BETWEEN_PROGRAMS_MS = 1;

const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Kills a program with all that it has started, whatever session or process group those have moved to: its descendants,
 * and orphans of its run, which are children of ours ({@link adoptOrphans}) and known by their environment.
 *
 * @param root the process id of the program; null where it has ended and left its number
 * @param run the value of {@link RUN_VARIABLE}, or which values are meant
 * @param processes where processes have directories; null where the process group is all that is known. Default: that of
 *   this system
 */
export function killRun(
  root: number | null,
  run: string | ((value: string) => boolean),
  processes: string | null = hostTarget().processDirectory,
): void {
  const isMeant = typeof run === 'string' ? (value: string) => value === run : run;
  const killed = new Set<number>();
  for (let pass = 0; pass < PASSES; pass += 1) {
    const { found, undecided } =
      processes === null ? { found: [], undecided: false } : startedBy(root, isMeant, processes);
    const left = found.filter((pid) => !killed.has(pid));
    if (left.length === 0 && !undecided && (pass > 0 || root === null)) {
      return;
    }
    if (undecided) {
      Atomics.wait(clock, 0, 0, BETWEEN_PROGRAMS_MS);
    }
    if (root !== null && pass === 0) {
      kill(-root);
      kill(root);
      killed.add(root);
    }
    for (const pid of left) {
      killed.add(pid);
      kill(pid);
    }
  }
}

/** The processes of a run, but for those that have lost each trace of it; and whether one does not say yet. */
function startedBy(
  root: number | null,
  isMeant: (value: string) => boolean,
  processes: string,
): { readonly found: readonly number[]; readonly undecided: boolean } {
  const orphans = childrenOf(process.pid, processes).filter((pid) => pid !== root);
  const runs = orphans.map((pid) => runOf(pid, processes));
  const ours = orphans.filter((_, at) => isMeant(runs[at] ?? ''));
  const found = new Set(root === null ? ours : [root, ...ours]);
  for (const pid of found) {
    for (const child of childrenOf(pid, processes)) {
      found.add(child);
    }
  }
  const undecided = orphans.some((pid, at) => runs[at] === '' && statOf(pid, processes)?.[0] !== 'Z');
  return { found: [...found], undecided };
}

/** The children of a process, as proc(5) knows them; none where it is gone. */
export function childrenOf(pid: number, processes: string): readonly number[] {
  try {
    // Orphans come to the first thread, and we start programs on it.
    const threads = pid === process.pid ? [String(pid)] : readdirSync(`${processes}/${pid}/task`);
    return threads.flatMap((thread) => numbersIn(`${processes}/${pid}/task/${thread}/children`));
  } catch {
    // Gone, or a kernel without CONFIG_PROC_CHILDREN.
    return existsSync(`${processes}/${pid}/task/${pid}/children`) ? [] : byParent(pid, processes);
  }
}

function numbersIn(path: string): readonly number[] {
  const text = readFileSync(path, 'latin1').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function byParent(parent: number, processes: string): readonly number[] {
  if (statOf(parent, processes) === null) {
    return [];
  }
  const all = readdirSync(processes).filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((pid) => Number(statOf(pid, processes)?.[1]) === parent);
}

/** The run that a process belongs to; '' where its environment is empty, null where it does not say. */
function runOf(pid: number, processes: string): string | null {
  try {
    const environment = readFileSync(`${processes}/${pid}/environ`, 'latin1');
    const variable = environment.split('\0').find((entry) => entry.startsWith(`${RUN_VARIABLE}=`));
    return environment === '' ? '' : (variable?.slice(RUN_VARIABLE.length + 1) ?? null);
  } catch {
    return null;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, or another user's: nothing that we could end.
  }
}
