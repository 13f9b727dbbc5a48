import type { ReadableWatch } from '@ifdepd/libc';

/** What one step of a backend found. */
export type Step =
  /** Something was read or requested: there may be more. */
  | 'more'
  /** The kernel has dropped messages: there may be more. */
  | 'lost'
  /** There is nothing more to do now. */
  | 'done';

/** The part of the operating system: it keeps the tables of a watch as the kernel's are. */
export interface RouteBackend extends Disposable {
  readonly name: 'rtnetlink' | 'route-socket';
  /**
   * Reads one datagram, or requests one list where nothing is left to read. Never waits.
   *
   * @param force request a list even where the last ones failed
   * @throws {SystemError} where the socket cannot be read
   */
  step(force: boolean): Step;
  /** Whether every list was read once. */
  readonly started: boolean;
  /** Whether a list is wanted that did not come: it is to be requested again after a pause. */
  readonly waits: boolean;
  /** The errno of the last refusal of a list, until a list was read; null for none. */
  readonly refusal: number | null;
  /** Every list is to be read again: anything may have been missed. */
  missed(): void;
  /** Calls back from the event loop where there is something to read. */
  onReadable(callback: () => void): ReadableWatch;
}
