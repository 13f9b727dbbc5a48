import { type ReadableWatch, SystemError } from '@ifdepd/libc';
import type { LinkBackend } from './backends/backend.ts';
import { processLoop, type ReadingLoop, type Waiting } from './reading-loop.ts';
import type { LinkSession } from './session.ts';

/** Milliseconds of reading after which the event loop continues with other work. */
const READ_BUDGET_MS = 5;

/**
 * Bytes that are received between two looks at the clock: 32 notifications of usual size, some 0.2 ms, or two parts of a list. By
 * their number alone, a look would come after 11 ms of a list.
 */
const BYTES_PER_LOOK = 64 * 1024;

/** What a receive counts as at least, in bytes. */
const LEAST_BYTES = 2 * 1024;

/**
 * Receives after which the `settled` of {@link LinkWatch.subscribe} no longer waits for the end of a queue. That is more than any
 * receive buffer holds (6,000 messages on Linux): the rest came later, faster than it can be read. It is no time: a busy machine
 * may take long to read one buffer, and what its first messages say is long past.
 */
const MOST_QUEUED = 30_000;

/**
 * Milliseconds for reading the first list before anything else happens, because a program reads the links of a new watch at once.
 * The list of 3,000 links takes some 50 ms.
 */
const FIRST_LIST_MS = 2000;

/** The number of lists in a row that may fail before there is a delay before the next request. */
const FAILURES_AT_ONCE = 3;
const RETRY_FIRST_MS = 10;
const RETRY_LAST_MS = 1000;

/** Milliseconds after which a list is given up. The kernel answers at once. */
const LIST_STUCK_MS = 1000;

/** Milliseconds of pause after a socket could not be read. */
const PAUSE_MS = 100;

/** The most failures in a row within one drain. An overrun is reported once, and then the queued messages can be read. */
const MOST_FAILURES = 100;

/** The most lists while the queue is never empty: each is followed by another loss. */
const MOST_LISTS = 100;

/** The most wake-ups in a row without a message, before the first pause. */
const MOST_EMPTY_WAKES = 100;

/**
 * Reads a backend into a session. It reads until the queue is empty, within a budget of time, and pauses when the socket cannot be
 * read. It also requests the lists that the session wants.
 */
export class LinkReader {
  readonly #backend: LinkBackend;
  readonly #session: LinkSession;
  readonly #settle: () => void;
  readonly #loop: ReadingLoop;
  #readable: ReadableWatch | undefined;
  #timer: Waiting | undefined;
  /** The purpose of the timer; null while it is not set. */
  #purpose: 'stuck' | 'retry' | null = null;
  #draining = false;
  /** The number of wake-ups since the last message. */
  #emptyWakes = 0;
  /** Whether the last drain left messages for lack of time. */
  #behind = false;
  /** The number of receives since the queue was last empty. */
  #received = 0;
  /** The number of lists since the queue was last empty. */
  #lists = 0;
  #rest: Waiting | undefined;
  /** The timer of a pause after a failure to read. */
  #pause: Waiting | undefined;
  #holds = true;
  #closed = false;

  /** @param settle is called when the queue is empty, and when more was read than it can hold */
  constructor(
    backend: LinkBackend,
    session: LinkSession,
    settle: () => void,
    loop: ReadingLoop = processLoop,
  ) {
    this.#backend = backend;
    this.#session = session;
    this.#settle = settle;
    this.#loop = loop;
  }

  /**
   * Reads the first list, and from then on every message as it comes.
   *
   * @param whole the list is complete when this returns, if the system answers at once. Otherwise the event loop continues between
   *   its parts
   */
  start(whole: boolean): void {
    const until = this.#loop.now() + FIRST_LIST_MS;
    do {
      this.drain();
    } while (whole && !this.#session.started && this.#behind && this.#loop.now() < until);
    // A socket that reports one loss after another is read again after a pause.
    if (this.#pause === undefined) {
      this.#listen();
    }
  }

  /** Whether the open watch keeps the process alive. */
  hold(holds: boolean): void {
    this.#holds = holds;
    for (const one of [this.#readable, this.#timer, this.#rest, this.#pause]) {
      if (holds) {
        one?.ref?.();
      } else {
        one?.unref?.();
      }
    }
  }

  /** Stops reading and disposes the backend. */
  close(): void {
    this.#closed = true;
    this.#loop.clearTimer(this.#timer);
    this.#loop.cancel(this.#rest);
    this.#loop.clearTimer(this.#pause);
    this.#readable?.[Symbol.dispose]();
    this.#backend[Symbol.dispose]();
  }

  /**
   * Empties the queue, then passes the scope to the system, then requests a list if one is wanted, and reads it. The order matters:
   * while an overrun netlink socket still holds a message, the kernel drops new ones without another report.
   *
   * @param force request a list even if the last ones failed
   * @returns whether the queue is empty, or more was read than it can hold
   */
  drain(force = false): boolean {
    if (this.#draining || this.#closed) {
      return this.#closed;
    }
    if (this.#pause !== undefined) {
      return true;
    }
    this.#draining = true;
    let all = false;
    try {
      all = this.#read(force);
    } catch (error) {
      if (!(error instanceof SystemError) || this.#readable === undefined) {
        throw error;
      }
      this.#stopReading();
      all = true;
    } finally {
      this.#draining = false;
    }
    this.#schedule();
    const overdue = this.#note(all);
    if (all || overdue) {
      this.#settle();
    }
    return all || overdue;
  }

  /** A readable socket without a message would wake the event loop again and again. */
  #wake(): void {
    this.#emptyWakes += 1;
    this.drain();
    // A pause may have begun already: a second timer would listen twice.
    if (this.#emptyWakes > MOST_EMPTY_WAKES && this.#pause === undefined && !this.#closed) {
      this.#stopReading();
    }
  }

  /** Any message may have been lost. So after a pause everything is listed again. */
  #stopReading(): void {
    this.#session.feed({ type: 'unreadable' });
    this.#readable?.[Symbol.dispose]();
    this.#pause = this.#held(
      this.#loop.setTimer(() => {
        this.#pause = undefined;
        this.#listen();
        this.drain(true);
        // Another wake-up without a message: the socket is still broken, and the next pause begins.
        this.#emptyWakes = MOST_EMPTY_WAKES;
      }, PAUSE_MS),
    );
  }

  /** Reads until the queue is empty. False when the budget of time ends before. */
  #read(force: boolean): boolean {
    let mayAsk = force;
    let until: number | null = null;
    let failed = 0;
    let unlooked = 0;
    while (!this.#closed) {
      const next = this.#backend.receive();
      if (next.type !== 'nothing') {
        this.#emptyWakes = 0;
        this.#received++;
        this.#session.feed(next);
        failed = next.type === 'overrun' || next.type === 'unreadable' ? failed + 1 : 0;
        if (failed > MOST_FAILURES) {
          this.#stopReading();
          return true;
        }
      } else if (this.#session.wantsScope) {
        // Before the request of a list: the filter must let events of its links through.
        this.#session.rescope(this.#backend);
      } else if (this.#session.wantsSnapshot && (mayAsk || this.#session.failures < FAILURES_AT_ONCE)) {
        mayAsk = false;
        this.#lists += 1;
        if (this.#lists > MOST_LISTS) {
          this.#stopReading();
          return true;
        }
        this.#session.request(this.#backend);
      } else {
        return true;
      }
      unlooked += next.type === 'bytes' ? Math.max(next.length, LEAST_BYTES) : LEAST_BYTES;
      if (unlooked >= BYTES_PER_LOOK) {
        unlooked = 0;
        const now = this.#loop.now();
        until ??= now + READ_BUDGET_MS;
        if (now >= until) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether the last drain left messages. */
  get behind(): boolean {
    return this.#behind;
  }

  /** Schedules the reading of the rest. @returns whether more was read than a queue can hold */
  #note(all: boolean): boolean {
    this.#behind = !all && !this.#closed;
    if (!this.#behind) {
      this.#received = 0;
      this.#lists = 0;
      return false;
    }
    // The last messages may ask for a list or another read, which makes no descriptor readable. So this schedules it.
    this.#rest ??= this.#held(
      this.#loop.defer(() => {
        this.#rest = undefined;
        this.drain();
      }),
    );
    return this.#received >= MOST_QUEUED;
  }

  /** Sets a timer for a list that is wanted or has not ended. */
  #schedule(): void {
    const { listing, wantsSnapshot, failures } = this.#session;
    const purpose = this.#closed ? null : listing ? 'stuck' : wantsSnapshot ? 'retry' : null;
    if (purpose === this.#purpose) {
      return;
    }
    this.#loop.clearTimer(this.#timer);
    this.#purpose = purpose;
    if (purpose !== null) {
      this.#timer = this.#held(
        this.#loop.setTimer(
          () => {
            this.#purpose = null;
            this.#session.giveUpList();
            this.drain(true);
          },
          purpose === 'stuck' ? LIST_STUCK_MS : retryMs(failures),
        ),
      );
    }
  }

  #listen(): void {
    this.#readable = this.#held(this.#backend.onReadable(() => this.#wake()));
  }

  #held<Handle extends { unref?(): unknown }>(handle: Handle): Handle {
    if (!this.#holds) {
      handle.unref?.();
    }
    return handle;
  }
}

/** Doubles with each failure, so that links that change all the time do not cause a list all the time. */
function retryMs(failures: number): number {
  return Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.max(0, failures - FAILURES_AT_ONCE));
}
