import type { ScriptedLinux } from '@ifdepd/scripted-kernels';
import type { Time } from './virtual-loop.ts';

/** The time of a kernel, in which hardware changes by itself: also while a call takes time, or while a daemon is asleep. */
export class KernelTime implements Time {
  readonly #kernel: Pick<ScriptedLinux, 'now' | 'pass' | 'due'>;
  /** In the order of their times. */
  #later: { readonly at: number; readonly happen: () => void }[] = [];
  #happened = 0;

  constructor(kernel: Pick<ScriptedLinux, 'now' | 'pass' | 'due'>) {
    this.#kernel = kernel;
  }

  /** How often something has happened that was announced. */
  get happened(): number {
    return this.#happened;
  }

  now = (): number => this.#kernel.now();

  /** When the kernel or something that was announced is due; null where neither is. */
  get due(): number | null {
    const { due } = this.#kernel;
    const next = this.#later[0]?.at ?? null;
    return due === null || next === null ? (due ?? next) : Math.min(due, next);
  }

  /** Announces what happens later. */
  after(ms: number, happen: () => void): void {
    const at = this.now() + ms;
    this.#later.push({ at, happen });
    this.#later.sort((one, other) => one.at - other.at);
  }

  pass = (ms: number): void => {
    const end = this.now() + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#kernel.pass(Math.max(0, next.at - this.now()));
      this.#happened += 1;
      next.happen();
    }
    this.#kernel.pass(end - this.now());
  };

  #next(end: number) {
    const [first] = this.#later;
    return first !== undefined && first.at <= end ? this.#later.shift() : undefined;
  }
}
