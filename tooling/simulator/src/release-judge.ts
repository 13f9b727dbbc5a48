import type { Settings } from '../../../apps/ifdepd/src/config/settings.ts';

/** Whether destinations that a reload has released with `on-exit: up` come up, though a call may fail at first. */
export class ReleaseJudge {
  /** The destinations of the last look, and when each of those was released that have to come up. */
  #before: Settings['destinations'] = new Map();
  readonly #released = new Map<string, number>();

  /** No daemon runs, or another program has changed a destination. */
  forget(id?: string): void {
    if (id === undefined) {
      this.#released.clear();
      this.#before = new Map();
    } else {
      this.#released.delete(id);
    }
  }

  /**
   * @param isUp what a destination is; null where there is none
   * @param withinMs the longest time until it is up; null while the kernel may refuse that: the time begins afterwards
   */
  wrong(
    { destinations }: Settings,
    isUp: (id: string) => boolean | null,
    now: number,
    withinMs: number | null,
  ): readonly string[] {
    for (const [id, { onExit }] of this.#before) {
      if (onExit === 'up' && !destinations.has(id)) {
        this.#released.set(id, now);
      }
    }
    this.#before = destinations;
    const found: string[] = [];
    for (const [id, since] of this.#released) {
      if (destinations.has(id) || isUp(id) !== false) {
        this.#released.delete(id);
      } else if (withinMs === null) {
        this.#released.set(id, now);
      } else if (now - since > withinMs) {
        found.push(`${id} was released ${now - since} ms ago, and is down`);
      }
    }
    return found;
  }
}
