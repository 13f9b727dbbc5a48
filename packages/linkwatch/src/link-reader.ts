import { SystemError } from '@ifdepd/libc';
import type { LinkBackend } from './backends/backend.ts';
import type { LinkSession } from './session.ts';

/** Milliseconds of reading after which other work of the event loop gets its turn. */
const READ_BUDGET_MS = 5;

/** Receives between two looks at the clock: some 0.2 ms. */
const RECEIVES_PER_LOOK = 32;

/**
 * Milliseconds after which {@link LinkWatch.subscribe}'s `settled` no longer waits for the end of a queue. The 6,000
 * messages that the kernel keeps are read in 30 ms: only messages that keep coming faster than that last longer.
 */
const LONGEST_BEHIND_MS = 250;

/**
 * Milliseconds in which the first list is read before anything else happens, however long it is: whoever makes a watch
 * reads its links at once. The list of 3,000 links takes some 50 ms.
 */
const FIRST_LIST_MS = 2000;

/** Lists in a row that may fail before the next one is asked for only after a while. */
const FAILURES_AT_ONCE = 3;
const RETRY_FIRST_MS = 10;
const RETRY_LAST_MS = 1000;

/** A list is answered at once; one that has not ended after so long has got stuck. */
const LIST_STUCK_MS = 1000;

/** Milliseconds without a look at a socket that cannot be read. */
const PAUSE_MS = 100;

/** Reads in a row that bring nothing but a failure: an overrun is reported once, and its messages can be read then. */
const MOST_FAILURES = 100;

/** Wake-ups in a row without anything to read: the socket is not looked at for a while then. */
const MOST_EMPTY_WAKES = 100;

/**
 * Feeds a session with what a backend receives, and says when: until there is nothing more, a budget of time at once, after a
 * pause where the socket cannot be read; and sees to it that a list that is wanted is asked for.
 */
export class LinkReader {
  readonly #backend: LinkBackend;
  readonly #session: LinkSession;
  readonly #settle: () => void;
  #readable: Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What the timer is set for; null where it is not. */
  #purpose: 'stuck' | 'retry' | null = null;
  #draining = false;
  /** Wake-ups since something was read. */
  #emptyWakes = 0;
  /** Since when there is more to be read than there was time for; null while there is not. */
  #behindSince: number | null = null;
  #rest: NodeJS.Immediate | undefined;
  /** Runs while nothing is read, after a failure to read. */
  #pause: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param settle is called when all has been read, or there has been no end of it for too long */
  constructor(backend: LinkBackend, session: LinkSession, settle: () => void) {
    this.#backend = backend;
    this.#session = session;
    this.#settle = settle;
  }

  /** Reads the first list: it is there when the system answers at once. From then on it reads whenever there is something. */
  start(): void {
    const until = uptimeMs() + FIRST_LIST_MS;
    do {
      this.drain();
    } while (!this.#session.started && this.#behindSince !== null && uptimeMs() < until);
    this.#readable = this.#backend.onReadable(() => this.#wake());
  }

  /** Reads no more, and disposes of the backend. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#rest);
    clearTimeout(this.#pause);
    this.#readable?.[Symbol.dispose]();
    this.#backend[Symbol.dispose]();
  }

  /**
   * Reads all there is, then tells the system what may be left out, then asks for a list if one is wanted, and reads
   * that. In this order: as long as a netlink socket that has overrun holds a single message, the kernel drops new ones
   * without saying so again.
   *
   * @param force ask even if the last lists failed
   * @returns whether all has been read, or there has been no end of it for too long
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

  /** A socket that is readable and has nothing to read would wake the loop again at once, for ever. */
  #wake(): void {
    this.#emptyWakes += 1;
    this.drain();
    if (this.#emptyWakes > MOST_EMPTY_WAKES && !this.#closed) {
      this.#emptyWakes = 0;
      this.#stopReading();
    }
  }

  /** What cannot be read may have been anything: after a pause, everything is listed again. */
  #stopReading(): void {
    this.#session.feed({ type: 'unreadable' });
    this.#readable?.[Symbol.dispose]();
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#readable = this.#backend.onReadable(() => this.#wake());
      this.drain(true);
    }, PAUSE_MS);
  }

  /** Reads until nothing is left; false where the time for that was over before. */
  #read(force: boolean): boolean {
    let mayAsk = force;
    let until: number | null = null;
    let failed = 0;
    for (let received = 1; !this.#closed; received++) {
      const next = this.#backend.receive();
      if (next.type !== 'nothing') {
        this.#emptyWakes = 0;
        this.#session.feed(next);
        failed = next.type === 'overrun' || next.type === 'unreadable' ? failed + 1 : 0;
        if (failed > MOST_FAILURES && this.#readable !== undefined) {
          this.#stopReading();
          return true;
        }
      } else if (this.#session.wantsScope) {
        // Before a list is asked for: news of what it brings must not be left out any more.
        this.#session.rescope(this.#backend);
      } else if (this.#session.wantsSnapshot && (mayAsk || this.#session.failures < FAILURES_AT_ONCE)) {
        mayAsk = false;
        this.#session.request(this.#backend);
      } else {
        return true;
      }
      if (received % RECEIVES_PER_LOOK === 0) {
        const now = uptimeMs();
        until ??= now + READ_BUDGET_MS;
        if (now >= until) {
          return false;
        }
      }
    }
    return true;
  }

  /** Sees to it that the rest is read. @returns whether there has been one for too long */
  #note(all: boolean): boolean {
    if (all || this.#closed) {
      this.#behindSince = null;
      return false;
    }
    const now = uptimeMs();
    this.#behindSince ??= now;
    // What the last messages ask for (a list, a second look) makes no descriptor readable: nobody else would come.
    this.#rest ??= setImmediate(() => {
      this.#rest = undefined;
      this.drain();
    });
    return now - this.#behindSince >= LONGEST_BEHIND_MS;
  }

  /** Sees to it that a list that is wanted or on its way does come. */
  #schedule(): void {
    const { listing, wantsSnapshot, failures } = this.#session;
    const purpose = this.#closed ? null : listing ? 'stuck' : wantsSnapshot ? 'retry' : null;
    if (purpose === this.#purpose) {
      return;
    }
    clearTimeout(this.#timer);
    this.#purpose = purpose;
    if (purpose !== null) {
      this.#timer = setTimeout(
        () => {
          this.#purpose = null;
          this.#session.giveUpList();
          this.drain(true);
        },
        purpose === 'stuck' ? LIST_STUCK_MS : retryMs(failures),
      );
    }
  }
}

/** Doubles with each failure: links that come and go all the time must not make us list them all the time. */
function retryMs(failures: number): number {
  return Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.max(0, failures - FAILURES_AT_ONCE));
}

/** Monotonic milliseconds. `performance.now()` has Node 20 load all of its perf_hooks. */
function uptimeMs(): number {
  return process.uptime() * 1000;
}
