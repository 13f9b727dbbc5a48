/** Turns of the event loop that come when the test says so. */
export interface HeldTurns {
  readonly turn: () => Promise<void>;
  /** How many wait for theirs. */
  readonly waiting: number;
  /** Gives the one that has waited longest its turn. */
  give(): void;
}

export function heldTurns(): HeldTurns {
  const waiting: (() => void)[] = [];
  return {
    turn: () => new Promise((resolve) => waiting.push(resolve)),
    get waiting() {
      return waiting.length;
    },
    give() {
      const next = waiting.shift();
      if (next === undefined) {
        throw new Error('nobody waits for a turn');
      }
      next();
    },
  };
}
