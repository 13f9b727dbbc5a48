import type { Daemon } from '../daemon/daemon.ts';

/** What its driver has to say of a destination; null where it has nothing to say, or cannot find out. */
export function noteOf(daemon: Pick<Daemon, 'driverOf'>, id: string): string | null {
  try {
    return daemon.driverOf(id)?.note?.() ?? null;
  } catch {
    return null;
  }
}
