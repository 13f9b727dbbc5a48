import { SystemError } from '@ifdepd/libc';
import type { DownRequest } from '@ifdepd/netif/linux';
import type { GroupStatus, Presence } from '@ifdepd/policy';

/** The result of {@link DestinationDriver.set}. */
export interface Setting {
  /** False where it was that way already: nothing was written. */
  readonly changed: boolean;
  /** What it is afterwards. */
  readonly is: 'up' | 'down';
  /** What it takes to undo it, for the journal: a later process hands it to the driver. Left out: nothing. */
  readonly undoValue?: number;
}

/** The value that undoes a write that is about to happen. */
export interface Undo {
  /** As {@link Setting.undoValue}. */
  readonly undoValue?: number;
  /** A counter that others change, too, as it is before the write, and by how much the write changes it. */
  readonly counter?: number;
  readonly by?: number;
}

/** Called right before a write, and not where nothing has to be written. */
export type BeforeWrite = (undo?: Undo) => void;

/** The parts of the number of a destination. */
export type Weighed = Pick<GroupStatus, 'phase' | 'requirement' | 'weight'>;

/**
 * One way to set one destination. Synchronous, but for what programs do.
 *
 * @typeParam Result what {@link set} returns: a promise where a program does it
 */
export interface DestinationDriver<Result extends Setting | Promise<Setting> = Setting> {
  /** What it is now; `unknown` where it is in no state that {@link set} makes. @throws {SystemError} where the system does not say */
  read(): Presence | 'unknown';
  /**
   * Whether the last {@link read} found it up although what it was set down by still holds: the system raised it by
   * itself. Left out: never.
   */
  hasSlipped?(): boolean;
  /**
   * @param before called where something has to be written, right before
   * @throws an error with a `code`; a `SystemError` of kind `not-found` where it is missing. A promise rejects
   */
  set(to: 'up' | 'down', before?: BeforeWrite): Result;
  /** True where a write can be undone only with a number that it replaces or adds. */
  readonly needsUndo?: true;
  /**
   * The request with which the kernel does by itself what `set('down')` does; undefined where it takes more than that at
   * present. Left out: always.
   */
  downRequest?(): DownRequest | undefined;
  /** The interface whose flag the kernel has to set for what `set('up')` does; undefined and left out as for {@link downRequest}. */
  upRequest?(): { readonly name: string } | undefined;
  /**
   * Takes what its number is made of: the group whose weight it holds. True where {@link set} has to be called, with what the group
   * wants, although that has not changed. Left out: it holds no number.
   */
  weigh?(group: Weighed): boolean;
  /** The number that it holds; null where it holds none. Left out: it never holds one. */
  number?(): number | null;
  /** Brings it into a state that {@link read} knows, before the first decision. */
  prepare?(): void;
  /**
   * Where a program reads it: asks again, after everything before it. Left out: {@link read} asks.
   *
   * @returns whether {@link read} returns something else by now
   */
  ask?(): Promise<boolean>;
  /** Whether a program of ours may have left it half set down: neither up nor down. Left out: never. */
  isTorn?(): boolean;
  /** What else there is to know of it, in a few words; null for nothing. Asks the system. */
  note?(): string | null;
}

/** A way to set a destination, by the system or by programs. */
export type AnyDriver = DestinationDriver<Setting | Promise<Setting>>;

/** What the system says; `missing` where it says that there is no such interface. @throws any other error */
export function orMissing<Found>(ask: () => Found): Found | 'missing' {
  try {
    return ask();
  } catch (error) {
    if (error instanceof SystemError && error.kind === 'not-found') {
      return 'missing';
    }
    throw error;
  }
}
