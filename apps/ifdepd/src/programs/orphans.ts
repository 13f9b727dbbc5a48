import { type Libc, loadLibc } from '@ifdepd/libc';
import { realLoop } from '../system/loop.ts';
import { statOf } from '../system/process-identity.ts';
import { childrenOf } from './descendants.ts';
import { keepDescriptors } from './descriptors.ts';

/**
 * Milliseconds from a child's end until it is collected here, where nobody else has. Node collects those that it has
 * started as soon as it hears of their end, and would wait for ever for one that was taken from it.
 */
const GRACE_MS = 1000;

let adopting = false;

/** Prepares this process for programs: they inherit nothing, and what they leave behind is found. */
export function prepareToRun(): void {
  const libc = loadLibc();
  keepDescriptors(libc);
  adoptOrphans(libc);
}

/**
 * Makes this process the parent of what programs leave behind, in place of process 1, and collects it when it ends:
 * processes that change their session are found in this way when their time is up. As process 1, of a container, it is
 * that already. Does nothing where the system has no such thing.
 */
export function adoptOrphans(libc: Libc): void {
  const { subreaper, processDirectory: processes } = libc.target;
  if (adopting || subreaper === null || processes === null) {
    return;
  }
  const { PR_SET_CHILD_SUBREAPER, WNOHANG } = subreaper;
  adopting = true;
  libc.prctl(PR_SET_CHILD_SUBREAPER, 1);
  let waiting = false;
  /** Those that had ended when they were looked at last. */
  let ended: ReadonlySet<number> = new Set();

  const isZombie = (pid: number) => statOf(pid, processes)?.[0] === 'Z';
  const collectLater = () => {
    if (!waiting) {
      waiting = true;
      realLoop.setTimer(() => collect(processes), GRACE_MS).unref();
    }
  };

  function collect(directory: string): void {
    waiting = false;
    const zombies = childrenOf(process.pid, directory).filter(isZombie);
    for (const pid of zombies) {
      if (ended.has(pid)) {
        libc.waitpid(pid, WNOHANG);
      }
    }
    ended = new Set(zombies.filter((pid) => !ended.has(pid)));
    if (ended.size > 0) {
      collectLater();
    }
  }

  process.on('SIGCHLD', collectLater);
}
