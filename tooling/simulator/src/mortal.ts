import type { Libc } from '@ifdepd/libc';

/** The same number on every system. */
const EIO = 5;

/**
 * The life of a process, which ends between any two of its calls. A process that has ended still runs here until it is put away:
 * each of its calls fails, and has no effect.
 */
export class Mortal {
  #left: number | null = null;
  #isDead = false;

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Ends it now. */
  end(): void {
    this.#isDead = true;
  }

  /** Ends it before a call. @param calls how many it makes before that */
  endAfter(calls: number): void {
    this.#left = calls;
  }

  /** To be asked before each call. @returns whether the process has ended */
  call(): boolean {
    if (this.#left === 0) {
      this.#isDead = true;
    } else if (this.#left !== null) {
      this.#left -= 1;
    }
    return this.#isDead;
  }

  /** Works in this process, which throws no more errors once it has ended. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!this.#isDead) {
        throw error;
      }
    }
  }

  /** The calls of a kernel, for this process. @param names the calls between which it may end */
  libc(libc: Libc, names: readonly string[]): Libc {
    const mortal = (name: string) => {
      const original = Reflect.get(libc, name);
      return (...words: unknown[]): unknown =>
        this.call() && name !== 'close' ? -EIO : Reflect.apply(original, libc, words);
    };
    return {
      ...libc,
      ...Object.fromEntries(names.map((name) => [name, mortal(name)])),
      readable: (fd, callback) =>
        libc.readable(fd, () => {
          if (!this.#isDead) {
            callback();
          }
        }),
    };
  }
}
