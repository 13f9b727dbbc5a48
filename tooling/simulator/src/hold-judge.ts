/** Milliseconds within which a daemon saves its state. */
export const SAVED_MS = 1000;

/** Whether a group that an operator holds stays held, also in the next daemon of the same boot. */
export class HoldJudge {
  readonly #holds = new Map<string, { readonly phase: 'paused' | 'drained'; readonly since: number }>();
  #failed = 0;

  /** An operator holds a group without an end, or does something else to it. */
  operated(
    group: string,
    command: 'pause' | 'down' | 'resume' | 'up',
    forMs: number | null,
    now: number,
  ): void {
    if (forMs === null && (command === 'pause' || command === 'down')) {
      this.#holds.set(group, { phase: command === 'pause' ? 'paused' : 'drained', since: now });
    } else {
      this.#holds.delete(group);
    }
  }

  /** The rules have changed, or nothing is left of the boot before. */
  forget(): void {
    this.#holds.clear();
  }

  /** A daemon starts. @param ended when the one before it ended */
  began(ended: number): void {
    for (const [group, { since }] of this.#holds) {
      if (ended - since < SAVED_MS) {
        this.#holds.delete(group);
      }
    }
  }

  /** @param failed how many calls of the disk have failed so far: one of them may have been the saving */
  wrong(
    groups: readonly { readonly name: string; readonly phase: string }[],
    failed: number,
  ): readonly string[] {
    if (failed !== this.#failed) {
      this.#failed = failed;
      this.forget();
    }
    return groups.flatMap(({ name, phase }) => {
      const held = this.#holds.get(name)?.phase ?? phase;
      return held === phase ? [] : [`group ${name} is ${phase}, and an operator has ${held} it`];
    });
  }
}
