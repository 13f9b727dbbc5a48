/** When a call fails. */
export type Period = 'first' | 'later' | 'for a while';

/** This many calls one after the other are a loop that only the end of the fault ends. */
const ENDLESS = 20_000;

/** Which calls fail, counted. */
export class Faults {
  /** How many are to fail from now on. */
  left = 0;
  /** How many have failed. */
  failed = 0;
  #passed: number;

  /** @param passed how many are still made before that. Default: none */
  constructor(passed = 0) {
    this.#passed = passed;
  }

  /** Whether this one fails. */
  strikes(): boolean {
    if (this.left <= 0) {
      return false;
    }
    if (this.#passed > 0) {
      this.#passed -= 1;
      return false;
    }
    this.failed += 1;
    // One that is tried again and again in one go would never let the fault end.
    this.left = this.failed > ENDLESS ? 0 : this.left - 1;
    return true;
  }
}
