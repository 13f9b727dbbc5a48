import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** How many bytes the parser gets in one turn of the fair queue: so few hold no request that takes long. */
const PIECE = 1024;

const NOTHING = Buffer.alloc(0);

/**
 * A connection that gives the HTTP server small pieces, each in a turn of the fair queue, up to the end of its first request.
 * Node's own limits are no substitute: its parser takes 64 KiB at once, and 60 pipelining clients block the event loop for 0.1
 * to 0.9 s.
 */
export class SingleRequestSocket extends Duplex {
  readonly #socket: Socket;
  readonly #complete: () => boolean;
  readonly #turn: () => Promise<void>;
  #unread: Buffer = NOTHING;
  #wanted = false;
  /** Whether a turn is pending. */
  #due = false;
  /** Whether the client has ended its side, and whether the server has seen that. */
  #over = false;
  #ended = false;
  #whenEnded: (() => void) | undefined;

  /**
   * @param socket a connection that is paused
   * @param complete whether the first request has been read: the rest stays in the connection
   * @param turn waits for the next turn of the fair queue
   */
  constructor(socket: Socket, complete: () => boolean, turn: () => Promise<void>) {
    // Nothing is read ahead: a piece may complete the request.
    super({ readableHighWaterMark: 0, allowHalfOpen: true });
    this.#socket = socket;
    this.#complete = complete;
    this.#turn = turn;
    socket.on('data', (chunk: Buffer) => {
      socket.pause();
      this.#unread = chunk;
      this.#next();
    });
    // It may come with the data, and is emitted although the connection is paused.
    socket.once('end', () => {
      this.#over = true;
      this.#next();
    });
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  /** Calls back once the client has ended its side: it may wait for the rest of the answer, or be gone. */
  whenEnded(listener: () => void): void {
    if (this.#ended) {
      listener();
    } else {
      this.#whenEnded = listener;
    }
  }

  /** Closes the connection after the pending writes. */
  destroySoon(): void {
    this.end(() => this.destroy());
  }

  override _read(): void {
    this.#wanted = true;
    this.#next();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  /** Writes head, body and chunk framing with one system call. */
  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  /** Asks for a turn for the next piece, or for the end after the last one. */
  #next(): void {
    if (this.#due) {
      return;
    }
    const piece = this.#hasPiece();
    if (piece ? this.#wanted : this.#over && !this.#ended) {
      this.#due = true;
      void this.#turn().then(() => {
        this.#due = false;
        this.#show();
      });
    } else if (this.#wanted && this.#unread.byteLength === 0) {
      this.#socket.resume();
    }
  }

  #hasPiece(): boolean {
    return this.#unread.byteLength > 0 && !this.#complete();
  }

  #show(): void {
    if (this.destroyed) {
      return;
    }
    if (this.#hasPiece()) {
      const piece = this.#unread.subarray(0, PIECE);
      this.#unread = this.#unread.subarray(PIECE);
      this.#wanted = false;
      this.push(piece);
      this.#next();
    } else if (this.#over) {
      this.#end();
    }
  }

  /** Passes the end on only within a request: the HTTP server would drop a client that waits for its answer. */
  #end(): void {
    this.#ended = true;
    if (this.#complete()) {
      this.#whenEnded?.();
    } else {
      this.push(null);
    }
  }
}
