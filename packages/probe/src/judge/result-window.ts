/** Counts over the last results of a target. */
export interface ProbeStatistics {
  readonly sent: number;
  readonly received: number;
  /** The mean round trip of the answers, in milliseconds; null without one. */
  readonly rttMs: number | null;
  /** The share of probes without an answer, from 0 to 1; null where none was sent. */
  readonly loss: number | null;
}

/** The last results, at most so many: a ring of round trips. */
export class ResultWindow {
  /** Milliseconds; NaN is a lost one. */
  readonly #rtts: Float64Array;
  #at = 0;
  #sent = 0;

  constructor(size: number) {
    this.#rtts = new Float64Array(size);
  }

  get full(): boolean {
    return this.#sent === this.#rtts.length;
  }

  /** @param rttMs null for a lost one */
  push(rttMs: number | null): void {
    this.#rtts[this.#at] = rttMs ?? Number.NaN;
    this.#at = (this.#at + 1) % this.#rtts.length;
    this.#sent = Math.min(this.#sent + 1, this.#rtts.length);
  }

  clear(): void {
    this.#at = 0;
    this.#sent = 0;
  }

  /** How many of them were lost, and the sum of the other round trips in milliseconds. */
  sums(): { readonly lost: number; readonly totalMs: number } {
    let lost = 0;
    let totalMs = 0;
    for (let at = 0; at < this.#sent; at += 1) {
      const rtt = this.#rtts[at] as number;
      if (Number.isNaN(rtt)) {
        lost += 1;
      } else {
        totalMs += rtt;
      }
    }
    return { lost, totalMs };
  }

  statistics(): ProbeStatistics {
    const { lost, totalMs } = this.sums();
    const sent = this.#sent;
    const received = sent - lost;
    return {
      sent,
      received,
      rttMs: received === 0 ? null : totalMs / received,
      loss: sent === 0 ? null : lost / sent,
    };
  }
}
