import type { GuardSocket } from '@ifdepd/linkwatch/linux';
import type { Plan } from './plan.ts';

/** Hears of everything after which a repair must not be acted on: each loss of a source behind a destination, each event of that. */
export class RepairGuard implements Disposable {
  readonly #socket: GuardSocket;
  /** The links that it hears of, as text. */
  #guarded = '';

  constructor(socket: GuardSocket) {
    this.#socket = socket;
  }

  /** Can be read once something was heard. */
  get fd(): number {
    return this.#socket.fd;
  }

  /**
   * Hears of what matters to these plans from now on; what was heard before is past.
   *
   * @returns `quiet` where it has heard of that all the time, and nothing; `heard` where it may have missed or heard something;
   *   `deaf` where the kernel refuses
   */
  attend(plans: readonly Plan[]): 'quiet' | 'heard' | 'deaf' {
    const repaired = new Set(plans.flatMap(({ sources }) => sources.map(({ index }) => index)));
    const watched = new Set(
      plans.flatMap(({ destinations }) =>
        destinations.flatMap(({ index, behind = [] }) => (index === undefined ? behind : [index, ...behind])),
      ),
    );
    const guarded = {
      repaired: [...repaired],
      watched: [...watched].filter((index) => !repaired.has(index)),
    };
    const text = JSON.stringify(guarded);
    if (text === this.#guarded) {
      return this.#socket.drain() ? 'heard' : 'quiet';
    }
    const narrowed = this.#socket.narrow(guarded) >= 0;
    this.#guarded = narrowed ? text : '';
    return narrowed ? 'heard' : 'deaf';
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }
}
