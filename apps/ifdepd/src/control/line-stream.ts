import type { ServerResponse } from 'node:http';

/** How many characters of lines are written at once: some eighty entries of the journal. */
const PIECE = 16 * 1024;

/**
 * Lines for one client, written as it reads them: one piece is under way at a time, and each takes a turn of the fair
 * queue.
 *
 * Pending lines wait here. A response would hold every pending write separately and make an error with a stack trace for each
 * when it is destroyed: tens of milliseconds for a client that has not read for a while.
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
   * @param response the caller has written its head
   * @param beginning the lines so far, made when they are written
   * @param turn waits for the next turn of the fair queue
   */
  constructor(response: ServerResponse, beginning: Iterable<string>, turn: () => Promise<void>) {
    this.#response = response;
    this.#beginning = beginning[Symbol.iterator]();
    this.#turn = turn;
    this.#next();
  }

  /** Bytes of pushed lines that are not written yet. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  push(line: string): void {
    this.#waiting.push(line);
    this.#waitingBytes += Buffer.byteLength(line);
    this.#next();
  }

  /** Ends the response after the last line. */
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
