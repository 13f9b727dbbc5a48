import type { ServerResponse } from 'node:http';

/** What is made of lines and written at once, in characters: some eighty entries of the journal. */
const PIECE = 16 * 1024;

/**
 * Lines for one client, written as it takes them: one piece is under way at a time, and each is a turn of the event
 * loop.
 *
 * What waits, waits here. A response keeps every write that waits apart, and makes an error with a stack trace of each
 * when it is destroyed: for a client that has not read for a while, tens of milliseconds.
 */
export class LineStream {
  readonly #response: ServerResponse;
  readonly #turn: () => Promise<void>;
  readonly #beginning: Iterator<string, unknown>;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** Whether a piece is due or under way. */
  #busy = false;
  #ended = false;

  /**
   * @param response its head is written by whoever makes this
   * @param beginning lines that there are already: made no earlier than they are written
   * @param turn resolves when something may be done
   */
  constructor(response: ServerResponse, beginning: Iterable<string>, turn: () => Promise<void>) {
    this.#response = response;
    this.#beginning = beginning[Symbol.iterator]();
    this.#turn = turn;
    this.#next();
  }

  /** Of the lines that were pushed and not yet written; those that it began with do not count. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  push(line: string): void {
    this.#waiting.push(line);
    this.#waitingBytes += Buffer.byteLength(line);
    this.#next();
  }

  /** Ends the response behind the last line. */
  end(): void {
    this.#ended = true;
    this.#next();
  }

  #next(): void {
    if (!this.#busy) {
      this.#busy = true;
      void this.#turn().then(() => this.#write());
    }
  }

  #write(): void {
    if (this.#response.destroyed) {
      return;
    }
    const piece = this.#piece();
    if (piece !== '') {
      this.#response.write(piece, () => {
        this.#busy = false;
        this.#next();
      });
      return;
    }
    this.#busy = false;
    if (this.#ended) {
      this.#response.end();
    }
  }

  #piece(): string {
    let piece = '';
    for (let line = this.#beginning.next(); line.done !== true; line = this.#beginning.next()) {
      piece += line.value;
      if (piece.length >= PIECE) {
        return piece;
      }
    }
    let taken = 0;
    for (const line of this.#waiting) {
      if (piece.length >= PIECE) {
        break;
      }
      piece += line;
      this.#waitingBytes -= Buffer.byteLength(line);
      taken += 1;
    }
    this.#waiting = this.#waiting.slice(taken);
    return piece;
  }
}
